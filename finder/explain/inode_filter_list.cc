#include "finder/explain/inode_filter_list.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "finder/fields/field.h"

namespace finder {

absl::StatusOr<InodeFilterList> InodeFilterList::Compile(const Query& query,
                                                         LinkPolicy links,
                                                         FileSystem& files,
                                                         Clock& clock) {
  InodeFilterList list;
  list.links_ = links;
  for (const Field& field : AllFields()) {
    if (!IsAskedOfInodes(field.rule)) continue;
    for (const std::string& text : query.*field.texts.of_query) {
      Query one;
      (one.*field.texts.of_query).push_back(text);
      absl::StatusOr<InodeRules> rules = InodeRules::Of(one, files, clock);
      if (!rules.ok()) return rules.status();
      list.filters_.push_back({field.Label() + ' ' + text, *std::move(rules)});
    }
  }
  return list;
}

std::optional<std::string> InodeFilterList::Refusal(
    const Candidate& entry, FileSystem& files,
    absl::FunctionRef<void(std::string_view)> passed) const {
  for (const Filter& filter : filters_) {
    const Result<bool> holds =
        filter.rules.Hold(files, {}, entry.path, entry.kind, links_);
    if (!holds.ok()) {
      return absl::StrCat(filter.text, ": ", holds.error().Message());
    }
    if (!holds.value()) return filter.text + " does not match";
    passed(filter.text);
  }
  return std::nullopt;
}

}  // namespace finder
