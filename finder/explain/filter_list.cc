#include "finder/explain/filter_list.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "fs/path.h"

namespace finder {
namespace {

std::string_view TypeName(EntryKind kind) {
  switch (kind) {
    case EntryKind::kFile:
      return "a regular file";
    case EntryKind::kDirectory:
      return "a directory";
    case EntryKind::kSymlink:
      return "a symlink";
    case EntryKind::kLinkToDirectory:
      return "a symlink to a directory";
    case EntryKind::kOther:
      break;
  }
  return "neither a file, a directory nor a symlink";
}

std::string TypeText(const TypeSet& types) {
  if (!types.any()) return "no --type, so all but directories";
  std::string letters;
  if (types.files) letters += 'f';
  if (types.directories) letters += 'd';
  if (types.symlinks) letters += 'l';
  return "--type " + letters;
}

std::string KeepText(const KeepRules& keep) {
  std::string text;
  if (!keep.names.empty()) text = "--names " + absl::StrJoin(keep.names, ",");
  if (!keep.suffixes.empty()) {
    if (!text.empty()) text += ' ';
    text += "--suffixes " + absl::StrJoin(keep.suffixes, ",");
  }
  return text;
}

}  // namespace

absl::Status FilterList::Add(std::string_view option,
                             const std::vector<std::string>& values,
                             std::vector<std::string> Query::*member) {
  if (values.empty()) return absl::OkStatus();
  Query one;
  one.case_rule = query_.case_rule;
  one.*member = values;
  absl::StatusOr<Matcher> matcher = Matcher::Compile(one, View());
  if (!matcher.ok()) return matcher.status();
  std::string text(option);
  text += ' ';
  text += absl::StrJoin(values, " ");
  const bool excludes = member == &Query::exclude_globs;
  filters_.push_back({std::move(text), *std::move(matcher), excludes});
  return absl::OkStatus();
}

absl::StatusOr<FilterList> FilterList::Compile(const Query& query,
                                               const View& view) {
  FilterList filters;
  filters.query_ = query;
  filters.keep_rules_ = view.keep;
  filters.keep_ = KeepFilter(view.keep);
  filters.links_ = view.links;
  for (const auto& [option, member] :
       {std::pair("name", &Query::names),
        std::pair("excluded name", &Query::exclude_names),
        std::pair("--exclude", &Query::exclude_globs),
        std::pair("suffix", &Query::suffixes),
        std::pair("--extension", &Query::extensions),
        std::pair("--glob", &Query::globs),
        std::pair("--regex", &Query::regexes)}) {
    if (absl::Status status = filters.Add(option, query.*member, member);
        !status.ok()) {
      return status;
    }
  }
  return filters;
}

bool FilterList::HasKind(EntryKind kind) const {
  const TypeSet& types = query_.types;
  switch (kind) {
    case EntryKind::kFile:
      return !types.any() || types.files;
    case EntryKind::kDirectory:
      return types.directories;
    case EntryKind::kSymlink:
      return !types.any() || types.symlinks ||
             (types.files && links_ == LinkPolicy::kFollow);
    case EntryKind::kLinkToDirectory:
      return types.symlinks;
    case EntryKind::kOther:
      break;
  }
  return !types.any();
}

bool FilterList::IsInPlace(std::string_view directory) const {
  return query_.at.empty() ||
         std::any_of(query_.at.begin(), query_.at.end(),
                     [directory](const std::string& at) {
                       return IsAtOrBelow(directory, CleanPath(at));
                     });
}

std::optional<std::string> FilterList::Refusal(
    const Candidate& entry,
    absl::FunctionRef<void(std::string_view)> passed) const {
  if (!keep_rules_.keeps_all() && entry.kind != EntryKind::kDirectory) {
    const std::string text = KeepText(keep_rules_);
    if (!keep_.Keeps(entry.name)) return text + " does not keep this name";
    passed(text);
  }
  const std::string type = TypeText(query_.types);
  if (!HasKind(entry.kind)) {
    return std::string(TypeName(entry.kind)) + " is no answer " +
           (query_.types.any() ? "with " + type : "without --type");
  }
  passed(type);
  for (const Filter& filter : filters_) {
    if (!filter.matcher.MatchesDirectoryName(entry.name) ||
        !filter.matcher.MatchesPath(entry.path, entry.prefix_size,
                                    entry.name)) {
      return filter.text + (filter.excludes ? " matches" : " does not match");
    }
    passed(filter.text);
  }
  if (entry.depth < query_.min_depth.value_or(0)) {
    return absl::StrCat("depth ", entry.depth, " is less than --min-depth ",
                        *query_.min_depth);
  }
  if (entry.depth > query_.max_depth.value_or(UINT32_MAX)) {
    return absl::StrCat("depth ", entry.depth, " is more than --max-depth ",
                        *query_.max_depth);
  }
  if (!IsInPlace(entry.directory)) {
    return "not below --at " + absl::StrJoin(query_.at, " ");
  }
  return std::nullopt;
}

}  // namespace finder
