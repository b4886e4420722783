// A pattern of an ignore file as git matches it: '*' and '?' stop at a '/',
// "**" between slashes does not, '[...]' is a set, '\' takes the next byte
// literally. A pattern that git can never match compiles to none.
//
// Not the globs of finder/view/glob.h, which are finder's own language: other
// braces, other sets, errors instead of patterns that never match.
//
// Immutable; any thread.
#ifndef FINDER_FINDER_IGNORE_WILD_PATTERN_H_
#define FINDER_FINDER_IGNORE_WILD_PATTERN_H_

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "finder/view/ascii_case.h"

namespace finder {

class WildPattern {
 public:
  static std::optional<WildPattern> Compile(std::string_view pattern,
                                            CaseRule case_rule);

  // Linear in the text, times the length of the pattern at worst.
  bool Matches(std::string_view text) const;

  // The byte that every match ends with, folded; none if there are several.
  std::optional<char> last_byte() const;

 private:
  enum class Part : uint8_t {
    kByte,
    kAny,          // '?'
    kSet,          // '[...]'
    kStar,         // any bytes but '/'
    kEverything,   // "**" at the end: any bytes
    kDirectories,  // "**/": nothing, or anything that ends with a '/'
  };
  struct Token {
    Part part;
    unsigned char byte = 0;
    uint16_t set = 0;
  };
  using ByteSet = std::bitset<256>;

  explicit WildPattern(CaseRule case_rule) : case_rule_(case_rule) {}
  // Each reads from `at` on; false if nothing can match.
  bool AddSet(std::string_view pattern, size_t& at);
  void AddStars(std::string_view pattern, size_t& at);
  bool MatchesByte(const Token& token, unsigned char byte) const;

  CaseRule case_rule_;
  std::vector<Token> tokens_;
  std::vector<ByteSet> sets_;
};

}  // namespace finder

#endif  // FINDER_FINDER_IGNORE_WILD_PATTERN_H_
