// Applies the filters of a query, and the keep rules of its view, one by one,
// to find the one that turns an entry down. For explanations only: answers come
// from CompiledQuery, which applies all of them at once.
//
// Immutable after Compile; const use from any thread.
#ifndef FINDER_FINDER_EXPLAIN_FILTER_LIST_H_
#define FINDER_FINDER_EXPLAIN_FILTER_LIST_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "finder/fields/field.h"
#include "finder/query/matcher.h"
#include "finder/query/query.h"
#include "finder/view/view.h"

namespace finder {

// An entry that the view's directories show.
struct Candidate {
  std::string_view directory;  // printed, without a '/' at its end
  std::string_view path;       // printed
  size_t prefix_size = 0;      // of the path: what is before the root's inside
  std::string_view name;
  uint64_t depth = 1;
  // kDirectory also of a symlink to one that is entered.
  EntryKind kind = EntryKind::kFile;
};

class FilterList {
 public:
  // Fails with InvalidArgument, as CompiledQuery::Compile does.
  static absl::StatusOr<FilterList> Compile(const Query& query,
                                            const View& view);

  // The reason of the first filter that turns the entry down; none if all let
  // it pass. Calls `passed` for each filter that does.
  std::optional<std::string> Refusal(
      const Candidate& entry,
      absl::FunctionRef<void(std::string_view filter)> passed) const;

 private:
  struct Filter {
    std::string text;
    Matcher matcher;
    bool excludes;  // for the words only: the matcher knows
  };

  FilterList() = default;
  absl::Status Add(const Field& field);
  bool HasKind(EntryKind kind) const;
  bool IsInPlace(std::string_view directory) const;

  Query query_;
  KeepRules keep_rules_;
  KeepFilter keep_;
  LinkPolicy links_ = LinkPolicy::kNoFollow;
  std::vector<Filter> filters_;
};

}  // namespace finder

#endif  // FINDER_FINDER_EXPLAIN_FILTER_LIST_H_
