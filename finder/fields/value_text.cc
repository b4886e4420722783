#include "finder/fields/value_text.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "finder/text/abseil_view.h"

namespace finder {
namespace {

std::string Quoted(std::string_view text) {
  return absl::StrCat("'", Abseil(text), "'");
}

// Where the first element of a list of globs ends.
size_t EndOfGlob(std::string_view list) {
  int braces = 0;
  bool in_set = false;
  for (size_t i = 0; i < list.size(); ++i) {
    const char c = list[i];
    if (c == '\\') {
      ++i;
    } else if (in_set) {
      in_set = c != ']';
    } else if (c == '[') {
      // Without an end it is malformed, which is for the glob's parser to say.
      in_set = list.find(']', i) != std::string_view::npos;
    } else if (c == '{') {
      ++braces;
    } else if (c == '}') {
      --braces;
    } else if (c == ',' && braces <= 0) {
      return i;
    }
  }
  return list.size();
}

size_t EndOfWord(std::string_view list) {
  return std::min(list.find(','), list.size());
}

absl::Status AppendElements(std::string_view list,
                            size_t (*end_of)(std::string_view),
                            std::vector<std::string>& to) {
  while (true) {
    const size_t end = end_of(list);
    if (absl::Status status = AppendText(list.substr(0, end), to);
        !status.ok()) {
      return status;
    }
    if (end >= list.size()) return absl::OkStatus();
    list.remove_prefix(end + 1);
  }
}

}  // namespace

absl::StatusOr<uint64_t> ParseNumber(std::string_view value, uint64_t min,
                                     uint64_t max) {
  uint64_t number = 0;
  const char* end = value.data() + value.size();
  const auto [stop, error] = std::from_chars(value.data(), end, number);
  const bool too_large = error == std::errc::result_out_of_range;
  if (value.empty() || stop != end || (error != std::errc() && !too_large)) {
    return absl::InvalidArgumentError(
        absl::StrCat(Quoted(value), " is not a number"));
  }
  if (too_large || number < min || number > max) {
    return absl::InvalidArgumentError(absl::StrCat(
        Abseil(value), " is out of range (", min, " to ", max, ")"));
  }
  return number;
}

absl::Status AppendList(std::string_view value, std::vector<std::string>& to) {
  return AppendElements(value, EndOfWord, to);
}

absl::Status AppendGlobList(std::string_view value,
                            std::vector<std::string>& to) {
  return AppendElements(value, EndOfGlob, to);
}

absl::Status AppendText(std::string_view value, std::vector<std::string>& to) {
  if (value.empty()) return EmptyValue();
  to.emplace_back(value);
  return absl::OkStatus();
}

absl::Status CheckNames(std::span<const std::string> texts) {
  for (const std::string& text : texts) {
    if (text.find('/') == std::string::npos) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(Quoted(text), ": a name cannot hold a '/'"));
  }
  return absl::OkStatus();
}

absl::Status CheckExtensions(std::span<const std::string> texts) {
  if (absl::Status status = CheckNames(texts); !status.ok()) return status;
  for (const std::string& text : texts) {
    if (text.find('*') == std::string::npos) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(Quoted(text), " is a glob, for -g"));
  }
  return absl::OkStatus();
}

absl::Status CheckGlob(std::string_view glob) {
  if (glob.size() <= 1 || !glob.ends_with('/')) return absl::OkStatus();
  const std::string_view before =
      glob.substr(0, glob.find_last_not_of('/') + 1);
  return absl::InvalidArgumentError(absl::StrCat(
      Quoted(glob),
      " matches nothing, as no path ends in '/'; what is below is '",
      Abseil(before), "/**'"));
}

absl::Status EmptyValue() {
  return absl::InvalidArgumentError("the value is empty");
}

absl::Status NotOneOf(std::string_view value, std::string_view choices) {
  return absl::InvalidArgumentError(
      absl::StrCat(Quoted(value), " is none of: ", Abseil(choices)));
}

}  // namespace finder
