#include "finder/fields/smart_case.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "finder/fields/field.h"

namespace finder {
namespace {

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }

bool HasUpper(std::string_view text) {
  return std::any_of(text.begin(), text.end(), IsUpper);
}

// Where the escape ends whose backslash is at `at`.
size_t EndOfEscape(std::string_view regex, size_t at) {
  const char c = at + 1 < regex.size() ? regex[at + 1] : ' ';
  const bool takes_more = c == 'p' || c == 'P' || c == 'x';
  size_t end = at + 2;
  if (!takes_more || end >= regex.size()) return end;
  if (regex[end] == '{') {
    const size_t close = regex.find('}', end);
    return close == std::string_view::npos ? regex.size() : close + 1;
  }
  return end + (c == 'x' ? 2 : 1);
}

bool RegexHasUpper(std::string_view regex) {
  for (size_t i = 0; i < regex.size();) {
    if (regex.substr(i).starts_with("\\Q")) {
      const size_t end = std::min(regex.find("\\E", i), regex.size());
      if (HasUpper(regex.substr(i + 2, end - i - 2))) return true;
      i = end;
    }
    const std::string_view rest = regex.substr(i);
    if (rest.starts_with('\\')) {
      i = EndOfEscape(regex, i);
    } else if (rest.starts_with("(?P<") || rest.starts_with("(?<")) {
      i = std::min(regex.find('>', i), regex.size());
    } else if (rest.starts_with("(?")) {
      i = std::min(regex.find_first_of(":)", i), regex.size());
    } else if (!rest.empty()) {
      if (IsUpper(rest.front())) return true;
      ++i;
    }
  }
  return false;
}

}  // namespace

CaseRule SmartCaseRule(const Query& query) {
  for (const Field& field : AllFields()) {
    if (!field.goes_by_case) continue;
    const std::vector<std::string>& texts = query.*field.texts.of_query;
    const auto has_upper =
        field.rule == TextRule::kRegex ? RegexHasUpper : HasUpper;
    if (std::any_of(texts.begin(), texts.end(), has_upper)) {
      return CaseRule::kSensitive;
    }
  }
  return CaseRule::kIgnore;
}

}  // namespace finder
