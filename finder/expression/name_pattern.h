// A pattern of find(1): fnmatch(3) in the user's locale, where '*' matches a
// '/' and a '.' at the start.
//
// Immutable; any thread, as long as nobody changes the locale.
#ifndef FINDER_FINDER_EXPRESSION_NAME_PATTERN_H_
#define FINDER_FINDER_EXPRESSION_NAME_PATTERN_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace finder {

enum class LetterCase : uint8_t { kExact, kFold };

class NamePattern {
 public:
  NamePattern(std::string pattern, LetterCase letter_case);

  bool Matches(std::string_view text) const;

 private:
  // Most patterns are one of these, which cost a tenth of fnmatch.
  enum class Shape : uint8_t { kLiteral, kStart, kEnd, kAll, kAny };

  std::string pattern_;
  LetterCase letter_case_;
  Shape shape_ = Shape::kAny;
  std::string literal_;
};

}  // namespace finder

#endif  // FINDER_FINDER_EXPRESSION_NAME_PATTERN_H_
