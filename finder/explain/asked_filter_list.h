// The filters of a query that are asked of entries themselves, one by one, to
// find the one that turns an entry down. For explanations only, as
// filter_list.h.
//
// Immutable after Compile; const use from any thread.
#ifndef FINDER_FINDER_EXPLAIN_ASKED_FILTER_LIST_H_
#define FINDER_FINDER_EXPLAIN_ASKED_FILTER_LIST_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "finder/explain/filter_list.h"
#include "finder/inode/inode_filter.h"
#include "finder/query/query.h"
#include "finder/view/view.h"
#include "fs/clock.h"
#include "fs/file_system.h"

namespace finder {

class AskedFilterList {
 public:
  // Fails as InodeRules::Of does.
  static absl::StatusOr<AskedFilterList> Compile(const Query& query,
                                                 const View& view,
                                                 FileSystem& files,
                                                 Clock& clock);

  // As FilterList::Refusal.
  std::optional<std::string> Refusal(
      const Candidate& entry, FileSystem& files,
      const std::string& working_directory,
      absl::FunctionRef<void(std::string_view filter)> passed) const;

 private:
  struct Filter {
    std::string text;
    InodeRules rules;
  };

  View view_;
  std::vector<Filter> filters_;
  bool tracked_ = false;
};

}  // namespace finder

#endif  // FINDER_FINDER_EXPLAIN_ASKED_FILTER_LIST_H_
