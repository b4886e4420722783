// Reads JSON exactly as BlockEncoder writes it: compact, whole numbers, no
// keys. What is laid out otherwise is malformed to it, valid JSON or not, which
// is what makes it several times faster than a parser of any JSON: most of a
// warm run's own time was spent there. Whatever is rare, names with escapes or
// beyond ASCII, is left to simdjson.
//
// Every method that says bool is false at the first byte out of place; what the
// cursor gives then has no meaning. Nothing is read behind the text's end.
//
// Thread-compatible: one thread at a time.
#ifndef FINDER_FINDER_TEXT_JSON_CURSOR_H_
#define FINDER_FINDER_TEXT_JSON_CURSOR_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>

#include "finder/text/json_string.h"

namespace finder {

class JsonCursor {
 public:
  // `text` outlives the cursor and the views it gives.
  explicit JsonCursor(std::string_view text)
      : next_(text.data()), end_(text.data() + text.size()) {}

  bool at_end() const { return next_ == end_; }

  // Steps over `c`, if that is next.
  bool Take(char c) {
    if (next_ == end_ || *next_ != c) return false;
    ++next_;
    return true;
  }

  // A whole number without a sign or a leading zero.
  template <typename Integer>
  bool TakeNumber(Integer& out) {
    uint64_t number = 0;
    if (!TakeDigits(number)) return false;
    if (number > uint64_t{std::numeric_limits<Integer>::max()}) return false;
    out = static_cast<Integer>(number);
    return true;
  }

  // The same with a minus in front, perhaps.
  bool TakeSigned(int64_t& out) {
    const bool minus = Take('-');
    uint64_t number = 0;
    if (!TakeDigits(number)) return false;
    // There is one more below zero than above.
    const uint64_t most = std::numeric_limits<int64_t>::max();
    if (number > most + (minus ? 1 : 0)) return false;
    out = static_cast<int64_t>(minus ? 0 - number : number);
    return true;
  }

  // A quoted string. `plain`: it needed no decoding and `out` is a view of the
  // text; else `out` is a view of `scratch`.
  bool TakeString(std::string_view& out, bool& plain, std::string& scratch) {
    if (!Take('"')) return false;
    const void* quote = std::memchr(next_, '"', end_ - next_);
    if (quote == nullptr) return false;
    const char* close = static_cast<const char*>(quote);
    out = std::string_view(next_, close - next_);
    plain = IsPlainAscii(out);
    if (!plain) return TakeOddString(out, plain, scratch);
    next_ = close + 1;
    return true;
  }

 private:
  // Change times have 19 digits, so eight are taken at a time.
  bool TakeDigits(uint64_t& out) {
    const char* start = next_;
    for (uint64_t eight; TakeEight(eight);) {
      if (__builtin_mul_overflow(out, 100'000'000, &out) ||
          __builtin_add_overflow(out, eight, &out)) {
        return false;
      }
    }
    for (; next_ != end_ && *next_ >= '0' && *next_ <= '9'; ++next_) {
      if (__builtin_mul_overflow(out, 10, &out) ||
          __builtin_add_overflow(out, *next_ - '0', &out)) {
        return false;
      }
    }
    return next_ - start == 1 || (next_ != start && *start != '0');
  }

  // Takes eight digits, if there are so many, as a number.
  bool TakeEight(uint64_t& out) {
    if (end_ - next_ < 8) return false;
    uint64_t word;
    std::memcpy(&word, next_, 8);
    if constexpr (std::endian::native == std::endian::big) {
      word = __builtin_bswap64(word);
    }
    // Each byte is 0x30 to 0x39.
    constexpr uint64_t kHighHalves = 0xf0f0f0f0f0f0f0f0;
    constexpr uint64_t kZeros = 0x3030303030303030;
    const uint64_t past_nine = word + 0x0606060606060606;
    if ((word & kHighHalves) != kZeros || (past_nine & kHighHalves) != kZeros) {
      return false;
    }
    // Neighbours are joined to pairs, pairs to fours, fours to the number.
    word -= kZeros;
    word = word * 10 + (word >> 8);
    word =
        (word & 0x00ff00ff00ff00ff) * 100 + (word >> 16 & 0x00ff00ff00ff00ff);
    out = (word & 0x0000ffff0000ffff) * 10'000 +
          (word >> 32 & 0x0000ffff0000ffff);
    out &= 0xffffffff;
    next_ += 8;
    return true;
  }

  bool TakeOddString(std::string_view& out, bool& plain, std::string& scratch);

  const char* next_;
  const char* end_;
};

}  // namespace finder

#endif  // FINDER_FINDER_TEXT_JSON_CURSOR_H_
