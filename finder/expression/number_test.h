// The numbers of find(1): "+N" is more than N, "-N" less, "N" just that.
// Pure values; any thread.
#ifndef FINDER_FINDER_EXPRESSION_NUMBER_TEST_H_
#define FINDER_FINDER_EXPRESSION_NUMBER_TEST_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "fs/file_details.h"

namespace finder {

enum class Sense : uint8_t { kLess, kExactly, kMore };

// Takes a '+' or '-' off the start.
Sense TakeSense(std::string_view& text);

struct NumberTest {
  Sense sense = Sense::kExactly;
  uint64_t number = 0;

  // None if it is not a whole number that fits.
  static std::optional<NumberTest> Parse(std::string_view text);
  bool Matches(uint64_t value) const;
};

// -size: a number of units of so many bytes, and what is begun counts as whole.
struct SizeTest {
  NumberTest units;
  uint64_t unit_bytes = 512;

  // "+3k"; the units are c, w, b, k, M, G, T and P.
  static std::optional<SizeTest> Parse(std::string_view text);
  bool Matches(int64_t size_bytes) const;
};

// How a time must lie to a reference.
struct TimeTest {
  enum class Relation : uint8_t { kBefore, kAfter, kWithin };
  Relation relation = Relation::kAfter;
  FileTime reference;
  // Of kWithin: from just after the reference up to so many seconds later.
  int64_t window_seconds = 0;

  bool Matches(const FileTime& time) const;

  // -mmin and its like: "-N" minutes before `now`.
  static std::optional<TimeTest> ParseMinutes(std::string_view text,
                                              const FileTime& now);
  // -mtime and its like: days before `day_end`, which is now, or the end of
  // this day after -daystart. "-1h30m" counts in the units s, m, h, d, w.
  static std::optional<TimeTest> ParseDays(std::string_view text,
                                           const FileTime& day_end);
};

// -used: how many days after its inode changed a file was read.
struct UsedTest {
  Sense sense = Sense::kExactly;
  double days = 0;

  static std::optional<UsedTest> Parse(std::string_view text);
  bool Matches(const FileTime& accessed, const FileTime& changed) const;
};

// `time` moved by whole seconds, which stops at the ends of what there is.
FileTime Moved(const FileTime& time, int64_t seconds);

}  // namespace finder

#endif  // FINDER_FINDER_EXPRESSION_NUMBER_TEST_H_
