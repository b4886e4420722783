// What a scan is for: which part of the view the answers can come from, and
// when enough of it is known. doc/design.md, "What is not needed".
//
// Immutable; the functions of the tree are called by one thread while no other
// writes to it.
#ifndef FINDER_FINDER_QUERY_SCAN_SCOPE_H_
#define FINDER_FINDER_QUERY_SCAN_SCOPE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "finder/query/query.h"
#include "finder/query/reach.h"
#include "finder/tree/directory_tree.h"
#include "finder/view/view.h"

namespace finder {

// An entry, and the directory it is in.
struct AnswerPlace {
  const Directory* directory = nullptr;
  std::string name;
};

struct ScanScope {
  Reach reach;
  // Whether the answer is certain although what is in the directory `first`,
  // and all that the output comes to behind it, is not known yet. Empty: never.
  std::function<bool(const DirectoryTree&, const Directory& first)> has_enough;
  // With has_enough: where the answer ends if the tree is as it says, verified
  // or not. None: nowhere in it.
  std::function<std::optional<AnswerPlace>(const DirectoryTree&)> guess;

  // Whether it matters if a symlink of that name leads to a directory. Called
  // by any thread. Empty: always. Symlinks that are followed always are.
  std::function<bool(std::string_view name)> asks_target;

  // Whether every directory of the view is needed.
  bool is_whole() const { return reach.is_whole() && !has_enough; }
};

// What the answer to `query` needs. `compiled` is the same query, and must
// outlive the scope.
ScanScope ScopeOf(const Query& query, const CompiledQuery& compiled,
                  const View& view);

// Whether the output has `count` answers before it comes to what is inside
// `first`, which need not be known.
bool AnswersComeBefore(const Directory& first, const DirectoryTree& tree,
                       const CompiledQuery& query, uint64_t count);

// The `count`th answer as far as the tree is verified; none if there are fewer.
std::optional<AnswerPlace> FindAnswer(const DirectoryTree& tree,
                                      const CompiledQuery& query,
                                      uint64_t count);

}  // namespace finder

#endif  // FINDER_FINDER_QUERY_SCAN_SCOPE_H_
