#include "finder/inode/time_text.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <limits>
#include <optional>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "finder/text/abseil_view.h"

namespace finder {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kDay = 86'400 * kSecond;
constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string_view TakeWhile(std::string_view& text, bool (*belongs)(char)) {
  size_t size = 0;
  while (size < text.size() && belongs(text[size])) ++size;
  const std::string_view taken = text.substr(0, size);
  text.remove_prefix(size);
  return taken;
}

void SkipSpaces(std::string_view& text) {
  TakeWhile(text, [](char c) { return c == ' ' || c == '\t'; });
}

struct Unit {
  std::string_view names;  // between commas
  int64_t ns;
};

constexpr Unit kUnits[] = {
    {",nanos,nsec,ns,", 1},
    {",usec,us,", 1'000},
    {",millis,msec,ms,", 1'000'000},
    {",seconds,second,secs,sec,s,", kSecond},
    {",minutes,minute,mins,min,m,", 60 * kSecond},
    {",hours,hour,hrs,hr,h,", 3'600 * kSecond},
    {",days,day,d,", kDay},
    {",weeks,week,w,", 7 * kDay},
    {",months,month,M,", 2'630'016 * kSecond},
    {",years,year,y,", 31'557'600 * kSecond},
};

std::optional<int64_t> NsOfUnit(std::string_view name) {
  if (name.empty()) return std::nullopt;
  const std::string in_list = absl::StrCat(",", Abseil(name), ",");
  for (const Unit& unit : kUnits) {
    if (unit.names.find(in_list) != std::string_view::npos) return unit.ns;
  }
  return std::nullopt;
}

// One that is too long for the clock is as long as that.
std::optional<int64_t> ParseDuration(std::string_view text) {
  int64_t total = 0;
  SkipSpaces(text);
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    const std::string_view digits = TakeWhile(text, IsDigit);
    SkipSpaces(text);
    const std::optional<int64_t> unit = NsOfUnit(TakeWhile(text, IsLetter));
    SkipSpaces(text);
    if (digits.empty() || !unit.has_value()) return std::nullopt;
    int64_t count = 0;
    const auto error =
        std::from_chars(digits.data(), digits.data() + digits.size(), count).ec;
    if (error != std::errc() || __builtin_mul_overflow(count, *unit, &count) ||
        __builtin_add_overflow(total, count, &total)) {
      total = kMost;
    }
  }
  return total;
}

// Reads a part of a date: `digits` of them, and what must stand before.
class DateReader {
 public:
  explicit DateReader(std::string_view text) : rest_(text) {}

  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }

  bool Skip(std::string_view any_of) {
    if (!ok_ || rest_.empty() ||
        any_of.find(rest_.front()) == std::string_view::npos) {
      return false;
    }
    rest_.remove_prefix(1);
    return true;
  }
  void Expect(std::string_view any_of) { ok_ = Skip(any_of); }
  int Number(size_t digits) {
    int number = 0;
    const std::string_view text = rest_.substr(0, digits);
    ok_ = ok_ && text.size() == digits &&
          std::all_of(text.begin(), text.end(), IsDigit);
    if (!ok_) return 0;
    std::from_chars(text.data(), text.data() + digits, number);
    rest_.remove_prefix(digits);
    return number;
  }
  // What follows a decimal point, in ns.
  int64_t Fraction() {
    int64_t ns = 0;
    int64_t place = kSecond;
    const std::string_view digits = TakeWhile(rest_, IsDigit);
    ok_ = ok_ && !digits.empty();
    for (const char digit : digits) ns += (digit - '0') * (place /= 10);
    return ns;
  }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

// Days since the epoch; none if there is no such day, or the clock cannot have
// it.
std::optional<int64_t> ReadDay(DateReader& reader) {
  const int year = reader.Number(4);
  reader.Expect("-");
  const int month = reader.Number(2);
  reader.Expect("-");
  const int day = reader.Number(2);
  const std::chrono::year_month_day date{
      std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
      std::chrono::day(static_cast<unsigned>(day))};
  // What 64 bits of nanoseconds can hold.
  if (!reader.ok() || !date.ok() || year < 1678 || year > 2261) {
    return std::nullopt;
  }
  return std::chrono::sys_days(date).time_since_epoch().count();
}

std::optional<int64_t> ReadTimeOfDay(DateReader& reader) {
  const int hour = reader.Number(2);
  reader.Expect(":");
  const int minute = reader.Number(2);
  reader.Expect(":");
  const int second = reader.Number(2);
  // A leap second is the first of the next minute.
  if (!reader.ok() || hour > 23 || minute > 59 || second > 60) {
    return std::nullopt;
  }
  return ((hour * 60 + minute) * 60 + second) * kSecond;
}

// "Z" or "+02:00", as what is to be added to get UTC.
std::optional<int64_t> ReadZone(DateReader& reader) {
  if (reader.Skip("Zz")) return 0;
  const bool is_behind = reader.rest().starts_with('-');
  reader.Expect("+-");
  const int hours = reader.Number(2);
  reader.Expect(":");
  const int minutes = reader.Number(2);
  if (!reader.ok() || hours > 23 || minutes > 59) return std::nullopt;
  const int64_t ns = (hours * 60 + minutes) * 60 * kSecond;
  return is_behind ? ns : -ns;
}

std::optional<TimeText> ParseDate(std::string_view text) {
  DateReader reader(text);
  const std::optional<int64_t> day = ReadDay(reader);
  if (!day.has_value()) return std::nullopt;
  TimeText time = {TimeBase::kLocal, *day * kDay};
  if (reader.at_end()) return time;
  const bool has_zone = reader.Skip("Tt");
  if (!has_zone) reader.Expect(" ");
  const std::optional<int64_t> since_midnight = ReadTimeOfDay(reader);
  if (!since_midnight.has_value()) return std::nullopt;
  time.ns += *since_midnight;
  if (has_zone) {
    if (reader.Skip(".")) time.ns += reader.Fraction();
    const std::optional<int64_t> zone = ReadZone(reader);
    if (!zone.has_value()) return std::nullopt;
    time = {TimeBase::kEpoch, time.ns + *zone};
  }
  if (!reader.ok() || !reader.at_end()) return std::nullopt;
  return time;
}

// "@SECONDS".
std::optional<TimeText> ParseSeconds(std::string_view text) {
  if (!text.starts_with('@')) return std::nullopt;
  text.remove_prefix(1);
  int64_t seconds = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, seconds);
  if (text.empty() || stop != end || error != std::errc()) return std::nullopt;
  int64_t ns = 0;
  if (__builtin_mul_overflow(seconds, kSecond, &ns)) {
    ns = seconds < 0 ? kLeast : kMost;
  }
  return TimeText{TimeBase::kEpoch, ns};
}

}  // namespace

absl::StatusOr<TimeText> ParseTime(std::string_view text) {
  if (const auto age = ParseDuration(text)) {
    return TimeText{TimeBase::kNow, *age};
  }
  if (const auto date = ParseDate(text)) return *date;
  if (const auto seconds = ParseSeconds(text)) return *seconds;
  return absl::InvalidArgumentError(
      absl::StrCat("'", Abseil(text),
                   "' is neither a duration, such as 10h or 2weeks, nor a "
                   "time: 2018-10-27, '2018-10-27 10:00:00' or @1540634400"));
}

int64_t InEpochNs(const TimeText& time, int64_t now_ns, UtcOffset offset) {
  if (time.base == TimeBase::kEpoch) return time.ns;
  int64_t ns = 0;
  if (time.base == TimeBase::kNow) {
    return __builtin_sub_overflow(now_ns, time.ns, &ns) ? kLeast : ns;
  }
  // Clocks are moved by less than a day, and not twice within two.
  constexpr int64_t kDaySeconds = 86'400;
  const int64_t seconds = time.ns / kSecond - (time.ns % kSecond < 0);
  const int64_t before = offset(seconds - kDaySeconds);
  const int64_t after = offset(seconds + kDaySeconds);
  for (const int64_t ahead :
       {std::min(before, after), std::max(before, after)}) {
    if (offset(seconds - ahead) == ahead) return time.ns - ahead * kSecond;
  }
  return time.ns - before * kSecond;
}

}  // namespace finder
