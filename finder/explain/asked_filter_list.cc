#include "finder/explain/asked_filter_list.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "finder/diagnostics.h"
#include "finder/fields/field.h"
#include "finder/git/tracked_filter.h"

namespace finder {

absl::StatusOr<AskedFilterList> AskedFilterList::Compile(const Query& query,
                                                         const View& view,
                                                         FileSystem& files,
                                                         Clock& clock) {
  AskedFilterList list;
  list.view_ = view;
  list.tracked_ = query.tracked;
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

std::optional<std::string> AskedFilterList::Refusal(
    const Candidate& entry, FileSystem& files,
    const std::string& working_directory,
    absl::FunctionRef<void(std::string_view)> passed) const {
  for (const Filter& filter : filters_) {
    const Result<bool> holds =
        filter.rules.Hold(files, {}, entry.path, entry.kind, view_.links);
    if (!holds.ok()) {
      return absl::StrCat(filter.text, ": ", holds.error().Message());
    }
    if (!holds.value()) return filter.text + " does not match";
    passed(filter.text);
  }
  if (!tracked_) return std::nullopt;
  const std::string label = GetField(FieldId::kTracked).Label();
  Diagnostics unreadable;
  const TrackedFilter filter(files, view_, working_directory, unreadable);
  const std::string_view directory =
      std::string_view(entry.path)
          .substr(0, entry.path.size() - entry.name.size());
  if (!filter.Accepts(directory, entry.name, entry.kind)) {
    return label + ": it is not in the index of a git repository";
  }
  passed(label);
  return std::nullopt;
}

}  // namespace finder
