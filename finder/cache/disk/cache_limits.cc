#include "finder/cache/disk/cache_limits.h"

#include <array>
#include <charconv>
#include <limits>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "finder/text/abseil_view.h"

namespace finder {
namespace {

constexpr std::string_view kUnlimited = "unlimited";
constexpr int64_t kNsPerSecond = 1'000'000'000;

struct Unit {
  std::string_view name;
  uint64_t factor;
};

// From the largest down.
constexpr std::array<Unit, 4> kSizeUnits = {{{"T", uint64_t{1} << 40},
                                             {"G", uint64_t{1} << 30},
                                             {"M", uint64_t{1} << 20},
                                             {"K", uint64_t{1} << 10}}};
constexpr std::array<Unit, 5> kAgeUnits = {
    {{"w", 604'800}, {"d", 86'400}, {"h", 3'600}, {"m", 60}, {"s", 1}}};

struct Number {
  uint64_t value;
  std::string_view unit;  // what follows the digits
};

// "123" as 0.123: more digits than a size can need are refused.
struct Fraction {
  uint64_t digits = 0;
  uint64_t of = 1;  // a power of ten
};

// Takes a fraction off the front of `unit`; none if there is a dot and no such
// digits.
std::optional<Fraction> TakeFraction(std::string_view& unit) {
  constexpr size_t kMostDigits = 6;
  Fraction fraction;
  if (!unit.starts_with('.')) return fraction;
  size_t at = 1;
  for (; at < unit.size() && absl::ascii_isdigit(unit[at]); ++at) {
    if (at > kMostDigits) return std::nullopt;
    fraction.digits = 10 * fraction.digits + (unit[at] - '0');
    fraction.of *= 10;
  }
  if (at == 1) return std::nullopt;
  unit.remove_prefix(at);
  return fraction;
}

std::optional<Number> ReadNumber(std::string_view text) {
  Number number = {0, ""};
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number.value);
  if (error != std::errc() || rest == text.data()) return std::nullopt;
  number.unit = std::string_view(rest, static_cast<size_t>(end - rest));
  return number;
}

// `value` * `factor`, or none if that is more than `most`.
std::optional<uint64_t> Scale(uint64_t value, uint64_t factor, uint64_t most) {
  if (value > most / factor) return std::nullopt;
  return value * factor;
}

absl::Status Malformed(std::string_view text, std::string_view expected) {
  return absl::InvalidArgumentError(
      absl::StrCat("'", Abseil(text), "': ", Abseil(expected)));
}

template <size_t kCount>
std::string FormatUnits(uint64_t value, const std::array<Unit, kCount>& units) {
  for (const Unit& unit : units) {
    if (value >= unit.factor && value % unit.factor == 0) {
      return std::to_string(value / unit.factor) + std::string(unit.name);
    }
  }
  return std::to_string(value);
}

}  // namespace

uint64_t PercentOf(uint64_t limit, uint64_t percent) {
  const uint64_t whole = limit / 100;
  if (whole > std::numeric_limits<uint64_t>::max() / percent) {
    return std::numeric_limits<uint64_t>::max();
  }
  return whole * percent + limit % 100 * percent / 100;
}

absl::StatusOr<std::optional<uint64_t>> ParseSize(std::string_view text) {
  if (text == kUnlimited) return std::nullopt;
  constexpr std::string_view kExpected =
      "expected a size such as 500M or 2G, or 'unlimited'";
  std::optional<Number> number = ReadNumber(text);
  if (!number) return Malformed(text, kExpected);
  const std::optional<Fraction> fraction = TakeFraction(number->unit);
  if (!fraction) return Malformed(text, kExpected);
  std::string unit(number->unit);
  absl::AsciiStrToUpper(&unit);
  if (unit.ends_with("IB") && unit.size() == 3) {
    unit.resize(1);
  } else if (unit.ends_with("B") && unit.size() <= 2) {
    unit.pop_back();
  }
  // Of bytes there are no parts.
  const bool whole = fraction->of == 1;
  uint64_t factor = unit.empty() && whole ? 1 : 0;
  for (const Unit& known : kSizeUnits) {
    if (known.name == unit) factor = known.factor;
  }
  if (factor == 0) return Malformed(text, kExpected);
  constexpr uint64_t kMost = std::numeric_limits<int64_t>::max();
  const uint64_t part = factor / fraction->of * fraction->digits +
                        factor % fraction->of * fraction->digits / fraction->of;
  const auto bytes = Scale(number->value, factor, kMost - part);
  if (!bytes) return Malformed(text, "too large");
  return *bytes + part;
}

absl::StatusOr<std::optional<uint64_t>> ParseCount(std::string_view text) {
  if (text == kUnlimited) return std::nullopt;
  const std::optional<Number> number = ReadNumber(text);
  if (!number || !number->unit.empty()) {
    return Malformed(text, "expected a number, or 'unlimited'");
  }
  return number->value;
}

absl::StatusOr<std::optional<int64_t>> ParseAge(std::string_view text) {
  if (text == kUnlimited) return std::nullopt;
  const std::optional<Number> number = ReadNumber(text);
  for (const Unit& unit : kAgeUnits) {
    if (!number || number->unit != unit.name) continue;
    const auto ns = Scale(number->value, unit.factor * kNsPerSecond,
                          std::numeric_limits<int64_t>::max());
    if (!ns) return Malformed(text, "too long");
    return static_cast<int64_t>(*ns);
  }
  return Malformed(text, "expected an age such as 12h or 30d, or 'unlimited'");
}

std::string FormatSize(std::optional<uint64_t> bytes) {
  return bytes ? FormatUnits(*bytes, kSizeUnits) : std::string(kUnlimited);
}

std::string FormatCount(std::optional<uint64_t> count) {
  return count ? std::to_string(*count) : std::string(kUnlimited);
}

std::string FormatAge(std::optional<int64_t> age_ns) {
  if (!age_ns) return std::string(kUnlimited);
  const auto seconds = static_cast<uint64_t>(*age_ns / kNsPerSecond);
  return seconds == 0 ? "0s" : FormatUnits(seconds, kAgeUnits);
}

}  // namespace finder
