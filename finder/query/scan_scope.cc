#include "finder/query/scan_scope.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace finder {
namespace {

size_t RootIndexOf(const DirectoryTree& tree, const Directory& d) {
  const Directory* at = &d;
  while (!at->view_root) at = at->parent;
  size_t index = 0;
  while (tree.roots[index].directory != at) ++index;
  return index;
}

// Whether one root's output would come in between another's.
bool RootsOverlap(const DirectoryTree& tree) {
  std::vector<std::string> prefixes;
  for (const Root& root : tree.roots) {
    prefixes.push_back(PrintedPrefix(root.path));
  }
  std::sort(prefixes.begin(), prefixes.end());
  for (size_t i = 1; i < prefixes.size(); ++i) {
    if (prefixes[i].starts_with(prefixes[i - 1])) return true;
  }
  return false;
}

}  // namespace

bool AnswersComeBefore(const Directory& first, const DirectoryTree& tree,
                       const CompiledQuery& query, uint64_t count) {
  if (count == 0) return true;
  if (RootsOverlap(tree)) return false;
  const size_t last_root = RootIndexOf(tree, first);
  const std::string last_prefix = PrintedPrefix(tree.roots[last_root].path);
  uint64_t found = 0;
  for (Segment segment : CutIntoSegments(tree, 1)) {
    if (PrintedPrefix(tree.roots[segment.root].path) > last_prefix) break;
    if (segment.root == last_root) segment.end = &first;
    query.Run(tree, segment, [&](const Match&) { return ++found < count; });
    if (found >= count) return true;
  }
  return false;
}

std::optional<AnswerPlace> FindAnswer(const DirectoryTree& tree,
                                      const CompiledQuery& query,
                                      uint64_t count) {
  if (count == 0 || RootsOverlap(tree)) return std::nullopt;
  uint64_t found = 0;
  std::optional<AnswerPlace> place;
  for (const Segment& segment : CutIntoSegments(tree, 1)) {
    query.Run(tree, segment, [&](const Match& match) {
      if (++found < count) return true;
      place = {match.parent, std::string(match.name)};
      return false;
    });
    if (place.has_value()) break;
  }
  return place;
}

ScanScope ScopeOf(const Query& query, const CompiledQuery& compiled,
                  const View& view) {
  ScanScope scope;
  scope.reach = Reach::Of(query);
  scope.asks_target = [&compiled](std::string_view name) {
    return compiled.AsksTarget(name);
  };
  // Whether what a symlink leads to counts as a directory is known only when it
  // has been looked at, and its name may come long before.
  if (query.max_results.has_value() && view.links == LinkPolicy::kNoFollow) {
    scope.has_enough = [&compiled, count = *query.max_results](
                           const DirectoryTree& tree, const Directory& first) {
      return AnswersComeBefore(first, tree, compiled, count);
    };
    // To guess would be to ask each entry that the database has, one by one.
    if (compiled.has_entry_filters()) return scope;
    scope.guess = [&compiled,
                   count = *query.max_results](const DirectoryTree& tree) {
      return FindAnswer(tree, compiled, count);
    };
  }
  return scope;
}

}  // namespace finder
