#include "cmd/format/printed_time.h"

#include <stdio.h>
#include <time.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace finder {
namespace {

// The fraction of a second. The last digit is find's own.
std::string Fraction(const FileTime& time) {
  char text[16];
  snprintf(text, sizeof(text), ".%09ld0", long{time.nanoseconds});
  return text;
}

std::string EpochTime(const FileTime& time) {
  return std::to_string(time.seconds) + Fraction(time);
}

// None if the year is beyond what the C library can count.
std::optional<tm> LocalTime(const FileTime& time) {
  const time_t seconds = time.seconds;
  tm local = {};
  if (localtime_r(&seconds, &local) == nullptr) return std::nullopt;
  return local;
}

std::string Formatted(const tm& local, const char* format) {
  // Room for whatever one directive gives in a locale. Some give nothing.
  char text[256];
  return {text, strftime(text, sizeof(text), format, &local)};
}

// Puts the fraction behind the seconds. Where they are, a locale says: at the
// two digits that change with them.
std::string WithFraction(const tm& local, const char* format,
                         const FileTime& time) {
  std::string text = Formatted(local, format);
  tm first = local;
  tm second = local;
  first.tm_sec = 11;
  second.tm_sec = 22;
  const std::string with_first = Formatted(first, format);
  const std::string with_second = Formatted(second, format);
  const size_t at = with_first.find("11");
  if (with_first.size() != text.size() || with_second.size() != text.size()) {
    return text;
  }
  for (size_t i = at; i + 1 < text.size(); ++i) {
    if (with_first.compare(i, 2, "11") == 0 &&
        with_second.compare(i, 2, "22") == 0) {
      return text.insert(i + 2, Fraction(time));
    }
  }
  return text;
}

}  // namespace

std::string CalendarTime(const FileTime& time) {
  // Never in the language of the locale.
  constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed",
                                   "Thu", "Fri", "Sat"};
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::optional<tm> local = LocalTime(time);
  if (!local.has_value()) return EpochTime(time);
  char text[128];
  snprintf(text, sizeof(text), "%3s %3s %2d %02d:%02d:%02d%s %04d",
           kDays[local->tm_wday], kMonths[local->tm_mon], local->tm_mday,
           local->tm_hour, local->tm_min, local->tm_sec, Fraction(time).c_str(),
           1900 + local->tm_year);
  return text;
}

std::string FormattedTime(const FileTime& time, char letter) {
  if (letter == '@') return EpochTime(time);
  const std::optional<tm> local = LocalTime(time);
  const bool has_fraction =
      letter == 'S' || letter == 'T' || letter == 'X' || letter == '+';
  if (!local.has_value()) {
    return has_fraction ? EpochTime(time) : std::to_string(time.seconds);
  }
  if (letter == '+') return WithFraction(*local, "%Y-%m-%d+%H:%M:%S", time);
  const char format[] = {'%', letter, '\0'};
  return has_fraction ? WithFraction(*local, format, time)
                      : Formatted(*local, format);
}

std::string ListedTime(const FileTime& time, const FileTime& now) {
  constexpr int64_t kSixMonths = 6 * 30 * 24 * 60 * 60;
  // Clocks of servers may be ahead of ours.
  constexpr int64_t kHour = 60 * 60;
  const std::optional<tm> local = LocalTime(time);
  if (!local.has_value()) {
    char text[32];
    snprintf(text, sizeof(text), "%12lld",
             static_cast<long long>(time.seconds));
    return text;
  }
  const bool is_recent = now.seconds - kSixMonths <= time.seconds &&
                         time.seconds <= now.seconds + kHour;
  return Formatted(*local, is_recent ? "%b %e %H:%M" : "%b %e  %Y");
}

}  // namespace finder
