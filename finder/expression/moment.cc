#include "finder/expression/moment.h"

#include <time.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>

#include "finder/expression/number_test.h"

namespace finder {
namespace {

constexpr int kMonthsPerYear = 12;
constexpr int kEpochYear = 1900;  // of a tm
constexpr size_t kFractionDigits = 9;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Reads a text from its start.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  char Peek() const { return rest_.empty() ? '\0' : rest_[0]; }
  bool Take(char c) {
    if (Peek() != c || at_end()) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // Just so many digits.
  std::optional<int> Digits(size_t count) {
    if (rest_.size() < count ||
        !std::all_of(rest_.begin(), rest_.begin() + static_cast<long>(count),
                     IsDigit)) {
      return std::nullopt;
    }
    int number = 0;
    std::from_chars(rest_.data(), rest_.data() + count, number);
    rest_.remove_prefix(count);
    return number;
  }
  std::optional<int64_t> Number() {
    int64_t number = 0;
    const auto [at, error] =
        std::from_chars(rest_.data(), rest_.data() + rest_.size(), number);
    if (error != std::errc()) return std::nullopt;
    rest_.remove_prefix(static_cast<size_t>(at - rest_.data()));
    return number;
  }
  // Digits behind a point, as nanoseconds; 0 if there is no point.
  std::optional<int32_t> Fraction() {
    if (!Take('.') && !Take(',')) return 0;
    if (!IsDigit(Peek())) return std::nullopt;
    int32_t ns = 0;
    for (size_t i = 0; i < kFractionDigits; ++i) {
      ns *= 10;
      if (IsDigit(Peek())) {
        ns += Peek() - '0';
        rest_.remove_prefix(1);
      }
    }
    while (IsDigit(Peek())) rest_.remove_prefix(1);
    return ns;
  }
  void SkipSpaces() {
    while (Take(' ')) {
    }
  }
  std::string Word() {
    size_t size = 0;
    while (size < rest_.size() && rest_[size] != ' ') ++size;
    std::string word(rest_.substr(0, size));
    std::transform(word.begin(), word.end(), word.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    rest_.remove_prefix(size);
    return word;
  }

 private:
  std::string_view rest_;
};

tm LocalTime(const FileTime& time) {
  const time_t seconds = time.seconds;
  tm local = {};
  localtime_r(&seconds, &local);
  local.tm_isdst = -1;
  return local;
}

// What tm_isdst, unless it says, finds out.
FileTime FromLocal(tm local, int32_t nanoseconds) {
  local.tm_isdst = -1;
  return {static_cast<int64_t>(mktime(&local)), nanoseconds};
}

std::optional<FileTime> ParseEpoch(Reader& reader) {
  const bool negative = reader.Peek() == '-';
  const auto seconds = reader.Number();
  if (!seconds) return std::nullopt;
  const auto fraction = reader.Fraction();
  if (!fraction || !reader.at_end()) return std::nullopt;
  if (negative && *fraction != 0) {
    return FileTime{*seconds - 1, 1'000'000'000 - *fraction};
  }
  return FileTime{*seconds, *fraction};
}

bool InRange(std::optional<int> number, int low, int high) {
  return number && *number >= low && *number <= high;
}

// "2020", "2020-03", "2020-03-04" or "20200304".
bool ParseDate(Reader& reader, tm& date) {
  const auto year = reader.Digits(4);
  if (!year) return false;
  date.tm_year = *year - kEpochYear;
  date.tm_mday = 1;
  const bool dashed = reader.Take('-');
  if (!dashed && !IsDigit(reader.Peek())) return true;
  const auto month = reader.Digits(2);
  if (!InRange(month, 1, kMonthsPerYear)) return false;
  date.tm_mon = *month - 1;
  if (dashed && !reader.Take('-')) return true;
  const auto day = reader.Digits(2);
  if (!InRange(day, 1, 31)) return false;
  date.tm_mday = *day;
  return true;
}

// "12", "12:30", "12:30:05.25" or without the colons.
bool ParseClock(Reader& reader, tm& date, int32_t& nanoseconds) {
  const auto hour = reader.Digits(2);
  if (!InRange(hour, 0, 24)) return false;
  date.tm_hour = *hour;
  if (!reader.Take(':') && !IsDigit(reader.Peek())) return true;
  const auto minute = reader.Digits(2);
  if (!InRange(minute, 0, 59)) return false;
  date.tm_min = *minute;
  if (!reader.Take(':') && !IsDigit(reader.Peek())) return true;
  const auto second = reader.Digits(2);
  if (!InRange(second, 0, 60)) return false;
  date.tm_sec = *second;
  const auto fraction = reader.Fraction();
  if (!fraction) return false;
  nanoseconds = *fraction;
  return true;
}

// Seconds east of Greenwich; none if it is malformed.
std::optional<int64_t> ParseZone(Reader& reader) {
  if (reader.Take('Z') || reader.Take('z')) return 0;
  const int64_t sign = reader.Peek() == '-' ? -1 : 1;
  if (!reader.Take('+') && !reader.Take('-')) return std::nullopt;
  const auto hours = reader.Digits(2);
  if (!InRange(hours, 0, 24)) return std::nullopt;
  reader.Take(':');
  const auto minutes = reader.at_end() ? 0 : reader.Digits(2);
  if (!InRange(minutes, 0, 59)) return std::nullopt;
  return sign * (int64_t{*hours} * 60 + *minutes) * 60;
}

std::optional<FileTime> ParseCalendar(Reader reader) {
  tm date = {};
  int32_t nanoseconds = 0;
  if (!ParseDate(reader, date)) return std::nullopt;
  const bool has_clock = reader.Take('T') || reader.Take(' ');
  if (has_clock) {
    reader.SkipSpaces();
    if (!ParseClock(reader, date, nanoseconds)) return std::nullopt;
    reader.SkipSpaces();
  }
  if (reader.at_end()) return FromLocal(date, nanoseconds);
  const auto east = ParseZone(reader);
  if (!east || !reader.at_end()) return std::nullopt;
  return FileTime{static_cast<int64_t>(timegm(&date)) - *east, nanoseconds};
}

// Moves a local time by so many units; false if there is no such unit.
bool MoveBy(int64_t count, std::string unit, tm& local, FileTime& time) {
  if (unit.size() > 1 && unit.back() == 's') unit.pop_back();
  if (unit == "sec" || unit == "second") {
    time = Moved(time, count);
  } else if (unit == "min" || unit == "minute") {
    time = Moved(time, count * 60);
  } else if (unit == "hour") {
    time = Moved(time, count * 60 * 60);
  } else if (unit == "day" || unit == "week" || unit == "fortnight") {
    const int64_t days = unit == "day" ? 1 : unit == "week" ? 7 : 14;
    local.tm_mday += static_cast<int>(count * days);
    time = FromLocal(local, time.nanoseconds);
  } else if (unit == "month" || unit == "year") {
    local.tm_mon +=
        static_cast<int>(count * (unit == "year" ? kMonthsPerYear : 1));
    time = FromLocal(local, time.nanoseconds);
  } else {
    return false;
  }
  return true;
}

std::optional<FileTime> ParseRelative(Reader reader, const FileTime& now) {
  // No program lives to see what lies further off, and no tm holds it.
  constexpr int64_t kMostUnits = 1'000'000'000;
  const bool plus = reader.Take('+');
  auto count = reader.Number();
  if (!count && !plus) {
    const std::string word = reader.Word();
    if (!reader.at_end()) return std::nullopt;
    if (word == "now" || word == "today") return now;
    if (word == "yesterday") count = -1;
    if (word == "tomorrow") count = 1;
    if (!count) return std::nullopt;
    FileTime time = now;
    tm local = LocalTime(now);
    MoveBy(*count, "day", local, time);
    return time;
  }
  if (!count || *count > kMostUnits || *count < -kMostUnits) {
    return std::nullopt;
  }
  reader.SkipSpaces();
  const std::string unit = reader.Word();
  reader.SkipSpaces();
  const std::string ago = reader.Word();
  if (!reader.at_end() || (!ago.empty() && ago != "ago")) return std::nullopt;
  FileTime time = now;
  tm local = LocalTime(now);
  if (!MoveBy(ago.empty() ? *count : -*count, unit, local, time)) {
    return std::nullopt;
  }
  return time;
}

}  // namespace

FileTime StartOfDay(const FileTime& now) {
  // As in find, which counts hours of 3600 seconds also where the clock is set.
  const tm local = LocalTime(now);
  return {now.seconds - (int64_t{local.tm_hour} * 60 + local.tm_min) * 60 -
              local.tm_sec,
          0};
}

std::optional<FileTime> ParseMoment(std::string_view text,
                                    const FileTime& now) {
  Reader reader(text);
  if (reader.Take('@')) return ParseEpoch(reader);
  if (const auto calendar = ParseCalendar(reader)) return calendar;
  return ParseRelative(reader, now);
}

}  // namespace finder
