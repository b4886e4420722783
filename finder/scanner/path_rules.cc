#include "finder/scanner/path_rules.h"

#include <cstddef>
#include <string>
#include <vector>

#include "finder/tree/tree_walk.h"

namespace finder {
namespace {

// Knows the path of the directory it is at.
class RuleMarker {
 public:
  RuleMarker(const ViewRules& rules, const Directory& top)
      : rules_(rules), top_(top) {}

  Descent Enter(Directory& d) {
    if (&d == &top_) return Descent::kInside;
    sizes_.push_back(path_.size());
    if (!path_.empty()) path_ += '/';
    path_ += d.name();
    if (rules_.ExcludesPath(path_)) d.excluded = true;
    // What is below an excluded directory is not asked for.
    return !d.excluded && rules_.MayExcludeBelow(path_) ? Descent::kInside
                                                        : Descent::kOver;
  }
  void Leave(const Directory& d) {
    if (&d == &top_) return;
    path_.resize(sizes_.back());
    sizes_.pop_back();
  }

 private:
  const ViewRules& rules_;
  const Directory& top_;
  std::string path_;
  std::vector<size_t> sizes_;  // of the paths above the current directory
};

}  // namespace

void ApplyPathRules(const ViewRules& rules, const DirectoryTree& tree) {
  if (!rules.has_path_rules()) return;
  for (const Root& root : tree.roots) {
    VisitTree(*root.directory, RuleMarker(rules, *root.directory));
  }
}

}  // namespace finder
