#include "finder/expression/number_test.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <string>

namespace finder {
namespace {

constexpr int64_t kMinute = 60;
constexpr int64_t kDay = 24 * 60 * kMinute;
constexpr double kNsPerSecond = 1e9;
// More than any file's age; keeps the arithmetic from overflowing.
constexpr double kMostSeconds = 9e18;

std::optional<uint64_t> ParseWhole(std::string_view text) {
  uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, number);
  if (text.empty() || error != std::errc() || at != end) return std::nullopt;
  return number;
}

// A decimal number without a sign: "1", "0.5".
std::optional<double> ParseFraction(std::string_view text) {
  if (text.empty() ||
      text.find_first_not_of("0123456789.") != std::string_view::npos) {
    return std::nullopt;
  }
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [at, error] =
      std::from_chars(text.data(), end, number, std::chars_format::fixed);
  if (error != std::errc() || at != end) return std::nullopt;
  return number;
}

std::optional<uint64_t> UnitBytes(char unit) {
  switch (unit) {
    case 'c':
      return 1;
    case 'w':
      return 2;
    case 'b':
      return 512;
    case 'k':
      return uint64_t{1} << 10;
    case 'M':
      return uint64_t{1} << 20;
    case 'G':
      return uint64_t{1} << 30;
    case 'T':
      return uint64_t{1} << 40;
    case 'P':
      return uint64_t{1} << 50;
    default:
      return std::nullopt;
  }
}

std::optional<int64_t> UnitSeconds(char unit) {
  switch (unit) {
    case 's':
      return 1;
    case 'm':
      return kMinute;
    case 'h':
      return 60 * kMinute;
    case 'd':
      return kDay;
    case 'w':
      return 7 * kDay;
    default:
      return std::nullopt;
  }
}

// "1h30m" in seconds.
std::optional<double> ParseUnits(std::string_view text) {
  double seconds = 0;
  while (!text.empty()) {
    const size_t digits = text.find_first_not_of("0123456789");
    if (digits == std::string_view::npos) return std::nullopt;
    const auto count = ParseWhole(text.substr(0, digits));
    const auto unit = UnitSeconds(text[digits]);
    if (!count || !unit) return std::nullopt;
    seconds += static_cast<double>(*count) * static_cast<double>(*unit);
    text.remove_prefix(digits + 1);
  }
  return seconds;
}

// `time` less so many seconds, which may be a fraction.
std::optional<FileTime> Before(const FileTime& time, double seconds) {
  if (!(seconds < kMostSeconds)) return std::nullopt;
  double whole = 0;
  const double fraction = std::modf(seconds, &whole);
  FileTime moved = Moved(time, -static_cast<int64_t>(whole));
  moved.nanoseconds -= static_cast<int32_t>(fraction * kNsPerSecond);
  if (moved.nanoseconds < 0) {
    moved.nanoseconds += static_cast<int32_t>(kNsPerSecond);
    moved = Moved(moved, -1);
  }
  return moved;
}

}  // namespace

Sense TakeSense(std::string_view& text) {
  if (text.empty() || (text[0] != '+' && text[0] != '-')) {
    return Sense::kExactly;
  }
  const Sense sense = text[0] == '+' ? Sense::kMore : Sense::kLess;
  text.remove_prefix(1);
  return sense;
}

FileTime Moved(const FileTime& time, int64_t seconds) {
  FileTime moved = time;
  if (__builtin_add_overflow(time.seconds, seconds, &moved.seconds)) {
    moved.seconds = seconds < 0 ? std::numeric_limits<int64_t>::min()
                                : std::numeric_limits<int64_t>::max();
  }
  return moved;
}

std::optional<NumberTest> NumberTest::Parse(std::string_view text) {
  const Sense sense = TakeSense(text);
  const auto number = ParseWhole(text);
  if (!number) return std::nullopt;
  return NumberTest{sense, *number};
}

bool NumberTest::Matches(uint64_t value) const {
  switch (sense) {
    case Sense::kLess:
      return value < number;
    case Sense::kExactly:
      return value == number;
    case Sense::kMore:
      return value > number;
  }
  return false;
}

std::optional<SizeTest> SizeTest::Parse(std::string_view text) {
  SizeTest test;
  if (text.empty()) return std::nullopt;
  if (const auto unit = UnitBytes(text.back())) {
    test.unit_bytes = *unit;
    text.remove_suffix(1);
  }
  const auto units = NumberTest::Parse(text);
  if (!units) return std::nullopt;
  test.units = *units;
  return test;
}

bool SizeTest::Matches(int64_t size_bytes) const {
  const auto bytes = static_cast<uint64_t>(size_bytes);
  return units.Matches(bytes / unit_bytes + (bytes % unit_bytes != 0 ? 1 : 0));
}

bool TimeTest::Matches(const FileTime& time) const {
  switch (relation) {
    case Relation::kBefore:
      return time < reference;
    case Relation::kAfter:
      return time > reference;
    case Relation::kWithin:
      return time > reference && time <= Moved(reference, window_seconds);
  }
  return false;
}

std::optional<TimeTest> TimeTest::ParseMinutes(std::string_view text,
                                               const FileTime& now) {
  const Sense sense = TakeSense(text);
  const auto minutes = ParseFraction(text);
  if (!minutes) return std::nullopt;
  const auto reference = Before(now, *minutes * kMinute);
  if (!reference) return std::nullopt;
  if (sense == Sense::kLess) return TimeTest{Relation::kAfter, *reference};
  if (sense == Sense::kMore) return TimeTest{Relation::kBefore, *reference};
  return TimeTest{Relation::kWithin, *reference, kMinute};
}

// A file that is N days and a bit old is N days old.
std::optional<TimeTest> TimeTest::ParseDays(std::string_view text,
                                            const FileTime& day_end) {
  const Sense sense = TakeSense(text);
  const bool has_units = !text.empty() && UnitSeconds(text.back());
  std::optional<double> seconds;
  if (has_units) {
    seconds = ParseUnits(text);
  } else if (const auto days = ParseFraction(text)) {
    seconds = *days * kDay;
  }
  if (!seconds) return std::nullopt;
  const int64_t window = has_units ? 1 : kDay;
  const auto reference =
      Before(Moved(day_end, sense == Sense::kLess ? 0 : -window), *seconds);
  if (!reference) return std::nullopt;
  switch (sense) {
    case Sense::kLess:
      // As in find, one second of grace.
      return TimeTest{Relation::kAfter, Moved(*reference, -1)};
    case Sense::kMore:
      return TimeTest{Relation::kBefore, *reference};
    case Sense::kExactly:
      break;
  }
  return TimeTest{Relation::kWithin, *reference, window};
}

std::optional<UsedTest> UsedTest::Parse(std::string_view text) {
  const Sense sense = TakeSense(text);
  const auto days = ParseFraction(text);
  if (!days) return std::nullopt;
  return UsedTest{sense, *days};
}

bool UsedTest::Matches(const FileTime& accessed,
                       const FileTime& changed) const {
  if (accessed < changed) return false;
  const double delta =
      static_cast<double>(accessed.seconds - changed.seconds) +
      (accessed.nanoseconds - changed.nanoseconds) / kNsPerSecond;
  const double bound = days * static_cast<double>(kDay);
  switch (sense) {
    case Sense::kLess:
      return delta < bound;
    case Sense::kMore:
      return delta > bound;
    case Sense::kExactly:
      // As in find, what was read at once was read within the first day.
      if (delta == 0) return days == 1;
      return delta > bound - static_cast<double>(kDay) && delta <= bound;
  }
  return false;
}

}  // namespace finder
