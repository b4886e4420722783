// Stretches of a tree in output order, and where --at puts their limits. Part
// of finder/query/query.h.
//
// Pure functions of a const tree; any thread.
#ifndef FINDER_FINDER_QUERY_TREE_RANGE_H_
#define FINDER_FINDER_QUERY_TREE_RANGE_H_

#include <string>
#include <string_view>
#include <vector>

#include "finder/tree/directory_tree.h"

namespace finder {

// What lies below `top`, from where the walk enters `begin` to where it would
// enter `end`; null: to the end of what is below `top`. Both are `top` or
// below.
struct TreeRange {
  const Directory* top = nullptr;
  const Directory* begin = nullptr;
  const Directory* end = nullptr;
};

// The directories from `top` down to `d`, both included.
std::vector<const Directory*> PathFromTop(const Directory* d,
                                          const Directory* top);

// Whether the walk enters a root: it exists, and its contents are to be seen.
// That its name is excluded elsewhere does not matter for a root.
inline bool EntersRoot(const Root& root) {
  return root.directory != nullptr && root.directory->open();
}

// The largest subtree of `root` that lies wholly at or below the printed path
// `at`: the root itself if `at` is the root or above it. Null if the walk sees
// nothing there.
const Directory* FindSubtree(const Root& root, std::string_view at);

// The part of `range` that lies in the subtrees that FindSubtree gives for
// `at`, in output order. `range.top` is the directory of `root`.
std::vector<TreeRange> RangesAt(const Root& root, const TreeRange& range,
                                const std::vector<std::string>& at);

}  // namespace finder

#endif  // FINDER_FINDER_QUERY_TREE_RANGE_H_
