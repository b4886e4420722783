// Comparison of names with or without regard to case. Case means ASCII letters
// only: names are bytes in no known encoding, and the locale does not count.
// Pure; any thread.
#ifndef FINDER_FINDER_VIEW_ASCII_CASE_H_
#define FINDER_FINDER_VIEW_ASCII_CASE_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace finder {

enum class CaseRule : uint8_t { kSensitive, kIgnore };  // ASCII letters only

inline bool IsAsciiLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

inline char FoldCase(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

// `text` in the form that patterns keep, so that a comparison folds only the
// name.
inline std::string FoldedCopy(std::string_view text, CaseRule case_rule) {
  std::string folded(text);
  if (case_rule == CaseRule::kIgnore) {
    for (char& c : folded) c = FoldCase(c);
  }
  return folded;
}

// Whether `text` equals `folded`, which is a FoldedCopy.
inline bool EqualsFolded(std::string_view text, std::string_view folded,
                         CaseRule case_rule) {
  if (text.size() != folded.size()) return false;
  if (case_rule == CaseRule::kSensitive) {
    return std::memcmp(text.data(), folded.data(), text.size()) == 0;
  }
  for (size_t i = 0; i < text.size(); ++i) {
    if (FoldCase(text[i]) != folded[i]) return false;
  }
  return true;
}

inline bool EndsWithFolded(std::string_view text, std::string_view folded,
                           CaseRule case_rule) {
  return text.size() >= folded.size() &&
         EqualsFolded(text.substr(text.size() - folded.size()), folded,
                      case_rule);
}

inline bool StartsWithFolded(std::string_view text, std::string_view folded,
                             CaseRule case_rule) {
  return text.size() >= folded.size() &&
         EqualsFolded(text.substr(0, folded.size()), folded, case_rule);
}

}  // namespace finder

#endif  // FINDER_FINDER_VIEW_ASCII_CASE_H_
