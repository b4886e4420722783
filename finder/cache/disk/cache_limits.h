// How much a cache may hold, and how people write that down.
// Pure; any thread.
#ifndef FINDER_FINDER_CACHE_DISK_CACHE_LIMITS_H_
#define FINDER_FINDER_CACHE_DISK_CACHE_LIMITS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace finder {

// None stands for "unlimited".
struct CacheLimits {
  // What is known of a tree of a million files takes 14 MB: room for seventy of
  // them, and still nothing anybody misses on a disk that holds such trees.
  std::optional<uint64_t> max_bytes = uint64_t{1} << 30;
  // What is cleaned in a second and listed in a tenth of one
  // (tools/bench/cache_benchmark.cc).
  std::optional<uint64_t> max_entries = 10'000;
  // A tree not looked at for a month is gone, or walking it once more is no
  // matter.
  std::optional<int64_t> max_age_ns = int64_t{30} * 24 * 3600 * 1'000'000'000;

  friend bool operator==(const CacheLimits&, const CacheLimits&) = default;
};

// Upkeep of a cache that is over a limit trims it to this much of the limit, so
// that the next cleaning is far away.
inline constexpr uint64_t kTrimPercent = 70;

// A store that would bring the accounted size, or number, over this much of the
// limit is skipped. Between the limit and here upkeep is due and stores go on.
inline constexpr uint64_t kOverflowPercent = 125;

// `percent` of `limit`, without overflow.
uint64_t PercentOf(uint64_t limit, uint64_t percent);

// "unlimited", or a number, before a unit also with a fraction, and an optional
// unit K, M, G or T (powers of 1024; a trailing "B" or "iB" is allowed, case
// does not matter): "2G", "1.5G". An error names the text and what would be
// right.
absl::StatusOr<std::optional<uint64_t>> ParseSize(std::string_view text);
// "unlimited" or digits.
absl::StatusOr<std::optional<uint64_t>> ParseCount(std::string_view text);
// "unlimited", or digits followed by s, m, h, d or w: "30d". In ns.
absl::StatusOr<std::optional<int64_t>> ParseAge(std::string_view text);

// The shortest text that the functions above read back as the same value.
std::string FormatSize(std::optional<uint64_t> bytes);
std::string FormatCount(std::optional<uint64_t> count);
std::string FormatAge(std::optional<int64_t> age_ns);

}  // namespace finder

#endif  // FINDER_FINDER_CACHE_DISK_CACHE_LIMITS_H_
