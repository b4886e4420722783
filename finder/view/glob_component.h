// One component of a shell pattern: what may stand between two '/'. Part of
// finder/view/glob.h, which describes the syntax and cuts patterns into
// components.
//
// Immutable after parsing; const use from any thread.
#ifndef FINDER_FINDER_VIEW_GLOB_COMPONENT_H_
#define FINDER_FINDER_VIEW_GLOB_COMPONENT_H_

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "finder/view/ascii_case.h"

namespace finder {

// One character of a name: a whole UTF-8 sequence, or a byte that is part of
// none.
struct GlobCharacter {
  // Stands apart from every code point, so that the byte e9 is not U+00E9.
  static constexpr uint32_t kLoneByte = 0x110000;
  uint32_t code = 0;
  size_t size = 1;
};
// The character that begins at `at`, which is within `text`. Its size is 0 if
// `at` is inside a sequence.
GlobCharacter CharacterAt(std::string_view text, size_t at);

// The bracket expression of a pattern.
class GlobSet {
 public:
  // What is wrong with a set, and where: an offset in the pattern.
  struct Error {
    const char* reason = nullptr;
    size_t at = 0;
  };

  // Parses the set that begins with the '[' at `at`, and moves `at` behind it.
  // Returns an error with a reason if there is no well-formed set.
  Error Parse(std::string_view pattern, size_t& at, CaseRule case_rule);

  bool Contains(uint32_t code) const {
    return (code < ascii_.size() ? ascii_[code] : InRanges(code)) != negated_;
  }

 private:
  bool AddClass(std::string_view name);
  void AddRange(uint32_t first, uint32_t last);
  void AddOtherCase();
  bool InRanges(uint32_t code) const;

  std::bitset<128> ascii_;
  std::vector<std::pair<uint32_t, uint32_t>> ranges_;  // of what is not ASCII
  bool negated_ = false;
};

class GlobComponent {
 public:
  enum class Form : uint8_t {
    kLiteral,   // abc
    kSuffix,    // *abc
    kPrefix,    // abc*
    kPart,      // *abc*
    kAnything,  // *
    kDeep,      // ** : any number of components
    kGeneral,
  };

  // `pattern` is well-formed and has neither braces nor '/'. `in_path` gives
  // "**" its meaning.
  GlobComponent(std::string_view pattern, CaseRule case_rule, bool in_path);

  // Whether the whole of `text`, which holds no '/', matches. Asks no more
  // than text x pattern comparisons.
  bool Matches(std::string_view text) const;

  Form form() const { return form_; }
  // The literal part of a simple component; of a general one the bytes at the
  // end of every match. Folded if case is ignored.
  const std::string& literal() const { return literal_; }

 private:
  struct Token {
    enum class Kind : uint8_t { kByte, kCharacter, kStar, kSet } kind;
    char byte = 0;
    uint32_t set = 0;  // index into sets_
  };

  void Parse(std::string_view pattern);
  void Classify();
  bool MatchesTokens(std::string_view text) const;
  // How many bytes of `text` at `at` the token takes; 0 if it does not match.
  size_t Take(const Token& token, std::string_view text, size_t at) const;

  Form form_ = Form::kGeneral;
  CaseRule case_rule_;
  std::string literal_;
  std::vector<Token> tokens_;  // of a general component only
  std::vector<GlobSet> sets_;
};

}  // namespace finder

#endif  // FINDER_FINDER_VIEW_GLOB_COMPONENT_H_
