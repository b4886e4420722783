#include "finder/expression/name_pattern.h"

#include <fnmatch.h>

#include <algorithm>
#include <utility>

namespace finder {
namespace {

// A name fits into this, and most paths do.
constexpr size_t kShortBytes = 512;

// Whether a byte stands for itself in every locale and every pattern. A byte
// of a longer character is none: what a '*' next to it may match is up to the
// locale.
bool IsPlain(char c) {
  return c > ' ' && c < '\x7f' && c != '*' && c != '?' && c != '[' && c != '\\';
}

bool IsPlainText(std::string_view text) {
  return std::all_of(text.begin(), text.end(), IsPlain);
}

}  // namespace

NamePattern::NamePattern(std::string pattern, LetterCase letter_case)
    : pattern_(std::move(pattern)), letter_case_(letter_case) {
  if (letter_case_ == LetterCase::kFold) return;
  const std::string_view text = pattern_;
  if (text == "*") {
    shape_ = Shape::kAll;
  } else if (!text.empty() && IsPlainText(text)) {
    shape_ = Shape::kLiteral;
    literal_ = text;
  } else if (text.starts_with('*') && IsPlainText(text.substr(1))) {
    shape_ = Shape::kEnd;
    literal_ = text.substr(1);
  } else if (text.ends_with('*') &&
             IsPlainText(text.substr(0, text.size() - 1))) {
    shape_ = Shape::kStart;
    literal_ = text.substr(0, text.size() - 1);
  }
}

bool NamePattern::Matches(std::string_view text) const {
  switch (shape_) {
    case Shape::kAll:
      return true;
    case Shape::kLiteral:
      return text == literal_;
    case Shape::kStart:
      return text.starts_with(literal_);
    case Shape::kEnd:
      return text.ends_with(literal_);
    case Shape::kAny:
      break;
  }
  const int flags = letter_case_ == LetterCase::kFold ? FNM_CASEFOLD : 0;
  if (text.size() < kShortBytes) {
    char terminated[kShortBytes];
    *std::copy(text.begin(), text.end(), terminated) = '\0';
    return fnmatch(pattern_.c_str(), terminated, flags) == 0;
  }
  return fnmatch(pattern_.c_str(), std::string(text).c_str(), flags) == 0;
}

}  // namespace finder
