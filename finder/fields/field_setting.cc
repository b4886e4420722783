#include "finder/fields/field_setting.h"

#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "finder/fields/value_text.h"
#include "finder/inode/size_text.h"
#include "finder/inode/time_text.h"
#include "fs/path.h"

namespace finder {
namespace {

constexpr std::pair<std::string_view, bool TypeSet::*> kTypes[] = {
    {"f", &TypeSet::files},          {"d", &TypeSet::directories},
    {"l", &TypeSet::symlinks},       {"file", &TypeSet::files},
    {"symlink", &TypeSet::symlinks}, {"directory", &TypeSet::directories},
};

absl::Status SplitTexts(const Field& field, std::string_view value,
                        std::vector<std::string>& to) {
  switch (field.separator) {
    case Separator::kNone:
      break;
    case Separator::kComma:
      return AppendList(value, to);
    case Separator::kCommaAfterGlob:
      return AppendGlobList(value, to);
  }
  return AppendText(value, to);
}

template <typename Parse>
absl::Status CheckEach(const std::vector<std::string>& texts, Parse parse) {
  for (const std::string& text : texts) {
    if (const auto parsed = parse(text); !parsed.ok()) return parsed.status();
  }
  return absl::OkStatus();
}

absl::Status CheckTexts(TextRule rule, const std::vector<std::string>& texts) {
  switch (rule) {
    case TextRule::kName:
      return CheckNames(texts);
    case TextRule::kExtension:
      return CheckExtensions(texts);
    case TextRule::kGlob:
      for (const std::string& text : texts) {
        if (absl::Status s = CheckGlob(text); !s.ok()) return s;
      }
      break;
    case TextRule::kSize:
      return CheckEach(texts, ParseSizeBound);
    case TextRule::kTime:
      return CheckEach(texts, ParseTime);
    case TextRule::kAny:
    case TextRule::kRegex:
    case TextRule::kTimeOrFile:
    case TextRule::kPath:
      break;
  }
  return absl::OkStatus();
}

absl::Status SetTexts(const Field& field, std::string_view value,
                      const FieldTarget& to) {
  std::vector<std::string> texts;
  absl::Status status = SplitTexts(field, value, texts);
  if (status.ok()) status = CheckTexts(field.rule, texts);
  if (!status.ok()) return status;
  for (std::string& text : texts) AppendText(field, std::move(text), to);
  return status;
}

absl::Status SetTypes(std::string_view value, TypeSet& to) {
  std::vector<std::string> words;
  if (absl::Status status = AppendList(value, words); !status.ok()) {
    return status;
  }
  TypeSet types = to;
  for (const std::string& word : words) {
    const absl::StatusOr<bool TypeSet::*> type =
        ParseChoice<bool TypeSet::*>(word, kTypes);
    if (!type.ok()) return type.status();
    types.** type = true;
  }
  to = types;
  return absl::OkStatus();
}

}  // namespace

absl::Status SetField(const Field& field, std::string_view value,
                      const FieldTarget& to) {
  switch (field.kind) {
    case FieldKind::kTexts:
      return SetTexts(field, value, to);
    case FieldKind::kTypes:
      return SetTypes(value, to.query.types);
    case FieldKind::kNumber: {
      const absl::StatusOr<uint64_t> number =
          ParseNumber(value, field.number.min, field.number.max);
      if (number.ok()) field.number.set(to.query, *number);
      return number.status();
    }
    case FieldKind::kFlag:
      break;
  }
  if (!value.empty()) return absl::InvalidArgumentError("takes no value");
  field.flag.set(to, true);
  return absl::OkStatus();
}

void AppendText(const Field& field, std::string text, const FieldTarget& to) {
  if (field.rule == TextRule::kPath) text = CleanPath(text);
  const TextLists& lists = field.texts;
  if (lists.of_view) (to.view.*lists.of_view).push_back(text);
  if (lists.of_keep) (to.view.keep.*lists.of_keep).push_back(text);
  if (lists.of_query) (to.query.*lists.of_query).push_back(std::move(text));
}

std::string RefusalAlone(const Field& field, const std::string& text) {
  View view;
  Query query;
  bool smart_case = false;
  AppendText(field, text, {view, query, smart_case});
  absl::Status status;
  if (IsAskedOfInodes(field.rule)) status = CheckTexts(field.rule, {text});
  if (status.ok()) status = ViewRules::Compile(view).status();
  if (status.ok()) status = CompiledQuery::Compile(query, view).status();
  return std::string(status.message().data(), status.message().size());
}

}  // namespace finder
