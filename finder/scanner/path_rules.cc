#include "finder/scanner/path_rules.h"

#include <cstddef>
#include <string>
#include <vector>

namespace finder {
namespace {

void ApplyBelow(const ViewRules& rules, const Directory& top) {
  std::string path;
  std::vector<size_t> sizes;  // of the paths above the current directory
  Directory* d = top.first_child;
  while (d != nullptr) {
    const size_t size = path.size();
    path += d->name();
    if (rules.ExcludesPath(path)) d->excluded = true;
    // What is below an excluded directory is not asked for.
    if (!d->excluded && d->first_child != nullptr &&
        rules.MayExcludeBelow(path)) {
      path += '/';
      sizes.push_back(size);
      d = d->first_child;
      continue;
    }
    path.resize(size);
    while (d->next_sibling == nullptr && !sizes.empty()) {
      path.resize(sizes.back());
      sizes.pop_back();
      d = d->parent;
    }
    d = d->next_sibling;
  }
}

}  // namespace

void ApplyPathRules(const ViewRules& rules, const DirectoryTree& tree) {
  if (!rules.has_path_rules()) return;
  for (const Root& root : tree.roots()) ApplyBelow(rules, *root.directory);
}

}  // namespace finder
