#include "finder/query/tree_range.h"

#include <algorithm>
#include <compare>

#include "finder/tree/tree_walk.h"

namespace finder {
namespace {

using Path = std::vector<const Directory*>;

bool Begins(const Path& prefix, const Path& path) {
  return prefix.size() <= path.size() &&
         std::equal(prefix.begin(), prefix.end(), path.begin());
}

// Whether the walk enters the end of `a` before that of `b`.
bool Before(const Path& a, const Path& b) {
  const size_t common = std::min(a.size(), b.size());
  for (size_t i = 0; i < common; ++i) {
    if (a[i] != b[i]) return ChildBefore(a[i]->name(), b[i]->name());
  }
  return a.size() < b.size();
}

const Directory* FindOpenChild(const Directory& parent, std::string_view name) {
  const Directory* const child = FindChild(parent, name);
  const bool is_open = child != nullptr && child->visible() && child->open();
  return is_open ? child : nullptr;
}

// Whether all that is printed below `root` lies below the directory `at`.
bool IsAtOrAbove(std::string_view at, std::string_view root) {
  if (at == ".") {
    return !root.starts_with('/') && root != ".." && !root.starts_with("../");
  }
  return PrintedPrefix(root).starts_with(PrintedPrefix(at));
}

// `range`, cut to what is in the subtree at the end of `scope`. False if that
// is nothing.
bool Intersect(const TreeRange& range, const Path& scope, TreeRange& out) {
  out = {scope.back(), scope.back(), nullptr};
  const Path begin = PathFromTop(range.begin, range.top);
  if (Begins(scope, begin)) {
    out.begin = range.begin;
  } else if (!Before(begin, scope)) {
    return false;
  }
  if (range.end == nullptr) return true;
  const Path end = PathFromTop(range.end, range.top);
  if (Begins(scope, end) && end.size() > scope.size()) {
    out.end = range.end;
    return true;
  }
  return Before(scope, end);
}

}  // namespace

std::vector<const Directory*> PathFromTop(const Directory* d,
                                          const Directory* top) {
  std::vector<const Directory*> path = {d};
  while (d != top) {
    d = d->parent;
    path.push_back(d);
  }
  std::reverse(path.begin(), path.end());
  return path;
}

const Directory* FindSubtree(const Root& root, std::string_view at) {
  if (!EntersRoot(root)) return nullptr;
  if (IsAtOrAbove(at, root.path)) return root.directory;
  const std::string prefix = PrintedPrefix(root.path);
  if (!at.starts_with(prefix)) return nullptr;
  const Directory* d = root.directory;
  for (size_t start = prefix.size(); start <= at.size() && d != nullptr;) {
    const size_t end = std::min(at.find('/', start), at.size());
    d = FindOpenChild(*d, at.substr(start, end - start));
    start = end + 1;
  }
  return d;
}

std::vector<TreeRange> RangesAt(const Root& root, const TreeRange& range,
                                const std::vector<std::string>& at) {
  std::vector<Path> scopes;
  for (const std::string& path : at) {
    if (const Directory* d = FindSubtree(root, path); d != nullptr) {
      scopes.push_back(PathFromTop(d, range.top));
    }
  }
  std::sort(scopes.begin(), scopes.end(), Before);
  // Of nested subtrees the outermost comes first, and holds the others.
  scopes.erase(std::unique(scopes.begin(), scopes.end(), Begins), scopes.end());
  std::vector<TreeRange> ranges;
  for (const Path& scope : scopes) {
    if (TreeRange part; Intersect(range, scope, part)) ranges.push_back(part);
  }
  return ranges;
}

}  // namespace finder
