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

std::string Label(FieldId id) { return GetField(id).Label(); }

std::string TypeText(const TypeSet& types) {
  const std::string label = Label(FieldId::kType);
  return types.any() ? label + ' ' + TypeLetters(types)
                     : "no " + label + ", so all but directories";
}

std::string KeepText(const KeepRules& keep) {
  std::string text;
  for (const Field& field : AllFields()) {
    if (field.texts.of_keep == nullptr) continue;
    const std::vector<std::string>& texts = keep.*field.texts.of_keep;
    if (texts.empty()) continue;
    if (!text.empty()) text += ' ';
    text += field.Label() + ' ' + absl::StrJoin(texts, ",");
  }
  return text;
}

// The fields that a Matcher asks of an entry, in the order in which they are
// told of: what is plain before patterns.
std::vector<const Field*> MatchedFields() {
  std::vector<const Field*> plain;
  std::vector<const Field*> patterns;
  for (const Field& field : AllFields()) {
    // What lies below --at is asked of directories, and inodes last of all.
    if (field.texts.of_query == nullptr || field.rule == TextRule::kPath ||
        IsAskedOfInodes(field.rule)) {
      continue;
    }
    const bool is_pattern =
        field.rule == TextRule::kGlob || field.rule == TextRule::kRegex;
    (is_pattern ? patterns : plain).push_back(&field);
  }
  plain.insert(plain.end(), patterns.begin(), patterns.end());
  return plain;
}

}  // namespace

absl::Status FilterList::Add(const Field& field) {
  const auto member = field.texts.of_query;
  const std::vector<std::string>& values = query_.*member;
  if (values.empty()) return absl::OkStatus();
  Query one;
  one.case_rule = query_.case_rule;
  one.*member = values;
  absl::StatusOr<Matcher> matcher = Matcher::Compile(one, View());
  if (!matcher.ok()) return matcher.status();
  filters_.push_back({field.Label() + ' ' + absl::StrJoin(values, " "),
                      *std::move(matcher), field.id == FieldId::kExclude});
  return absl::OkStatus();
}

absl::StatusOr<FilterList> FilterList::Compile(const Query& query,
                                               const View& view) {
  FilterList filters;
  filters.query_ = query;
  filters.keep_rules_ = view.keep;
  filters.keep_ = KeepFilter(view.keep);
  filters.links_ = view.links;
  for (const Field* field : MatchedFields()) {
    if (absl::Status status = filters.Add(*field); !status.ok()) return status;
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
           (query_.types.any() ? "with " + type
                               : "without " + Label(FieldId::kType));
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
    return absl::StrCat("depth ", entry.depth, " is less than ",
                        Label(FieldId::kMinDepth), " ", *query_.min_depth);
  }
  if (entry.depth > query_.max_depth.value_or(UINT32_MAX)) {
    return absl::StrCat("depth ", entry.depth, " is more than ",
                        Label(FieldId::kMaxDepth), " ", *query_.max_depth);
  }
  if (!IsInPlace(entry.directory)) {
    return "not below " + Label(FieldId::kAt) + ' ' +
           absl::StrJoin(query_.at, " ");
  }
  return std::nullopt;
}

}  // namespace finder
