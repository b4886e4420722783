// A view decides which entries a run shows: roots, exclude rules, prune rules,
// keep rules, symlink policy and file-system boundary. Pure values: no I/O, no
// threads; const use from any thread.
//
// A view is not a query: the query (finder/query/query.h) selects answers from
// the view's entries.
#ifndef FINDER_FINDER_VIEW_VIEW_H_
#define FINDER_FINDER_VIEW_VIEW_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "finder/view/glob.h"
#include "finder/view/name_set.h"

namespace finder {

// Whether symlinks to directories are entered.
enum class LinkPolicy : uint8_t { kNoFollow, kFollow };
// Whether directories on another file system than their root are entered.
enum class Boundary : uint8_t { kCross, kOneFileSystem };
// Whether .gitignore, .ignore and the like hide entries.
enum class IgnoreFileUse : uint8_t { kNone, kApplied };

// Which file names are stored and shown. Both lists empty: all of them.
struct KeepRules {
  std::vector<std::string> names;     // exact
  std::vector<std::string> suffixes;  // of the name, e.g. ".mk"

  bool keeps_all() const { return names.empty() && suffixes.empty(); }
  // Whether this keeps every name that `other` keeps.
  bool Covers(const KeepRules& other) const;
  // Sorts both lists and drops repetitions.
  void Canonicalize();
  friend bool operator==(const KeepRules&, const KeepRules&) = default;
};

// KeepRules compiled for fast tests.
class KeepFilter {
 public:
  KeepFilter() = default;
  explicit KeepFilter(const KeepRules& rules);
  bool Keeps(std::string_view name) const {
    return keeps_all_ || KeepsSlow(name);
  }

 private:
  bool KeepsSlow(std::string_view name) const;

  bool keeps_all_ = true;
  NameSet names_;
};

struct View {
  std::vector<std::string> roots;  // as given; empty: "."
  // Names or globs of directory names; with a '/' (not at the end), of paths
  // below a root. "./x" is such a path, too.
  std::vector<std::string> exclude_dirs;
  std::vector<std::string> prune_files;  // exact names
  KeepRules keep;
  LinkPolicy links = LinkPolicy::kNoFollow;
  Boundary boundary = Boundary::kCross;
  IgnoreFileUse ignore_files = IgnoreFileUse::kNone;

  // The rules under which listings are stored: `keep`, and the names of the
  // prune and ignore files: without them no later run could decide what to
  // hide.
  KeepRules StoredKeep() const;
};

// The rules of a view that apply to every directory, compiled for fast tests.
class ViewRules {
 public:
  // Fails with InvalidArgument if an exclude glob is malformed (the message
  // names the glob and the position) or can match no path below a root, or if a
  // prune file is no single name. A '/' at the end of an exclude rule is
  // ignored.
  static absl::StatusOr<ViewRules> Compile(const View& view);

  // Whether the view leaves out a directory of that name (not a root), at any
  // depth.
  bool Excludes(std::string_view directory_name) const;
  // Whether there are rules about a directory's path. If there are none, no
  // path need be put together.
  bool has_path_rules() const { return !excluded_paths_.empty(); }
  // Whether one of them leaves out the directory at `path` below its root.
  bool ExcludesPath(std::string_view path) const;
  // Whether one of them may leave out a directory below that at `path`.
  bool MayExcludeBelow(std::string_view path) const;
  // Whether `name` is that of a prune file. Cheap when there are none.
  bool IsPruneFile(std::string_view name) const {
    return !prune_files_.empty() && IsPruneFileSlow(name);
  }
  bool has_prune_files() const { return !prune_files_.empty(); }
  // The prune files' names, sorted.
  const std::vector<std::string>& prune_files() const { return prune_files_; }

 private:
  bool IsPruneFileSlow(std::string_view name) const;

  NameSet excluded_names_;  // and the globs that are no more than suffixes
  std::vector<Glob> excluded_globs_;
  std::vector<Glob> excluded_paths_;
  std::vector<std::string> prune_files_;
};

// An exclude rule as a glob: of names, or of paths below a root. Fails as
// ViewRules::Compile does.
absl::StatusOr<Glob> CompileBelowRoot(std::string_view text);

}  // namespace finder

#endif  // FINDER_FINDER_VIEW_VIEW_H_
