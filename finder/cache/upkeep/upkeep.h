// Cleaning and optimising a cache: what nobody waits for. Every step may be
// killed at any point, and run beside another upkeep; the next one goes on.
//
// Thread-safety: each call uses the cache from one thread.
#ifndef FINDER_FINDER_CACHE_UPKEEP_UPKEEP_H_
#define FINDER_FINDER_CACHE_UPKEEP_UPKEEP_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "finder/cache/cache_directory.h"
#include "fs/background_process.h"

namespace finder {

// Upkeep that nobody asked for starts at most once in this time. An hour keeps
// the cost (a second at lowest priority for 10,000 entries) below 0.03 %, and
// what ages does so by days.
inline constexpr int64_t kUpkeepIntervalNs = int64_t{3600} * 1'000'000'000;
// The same while the cache is over a limit.
inline constexpr int64_t kOverfullIntervalNs = int64_t{60} * 1'000'000'000;
// An upkeep that has run for so long hangs (stopped, or on a dead disk), and
// keeps others from starting no more. Packing a gigabyte takes ten minutes.
inline constexpr int64_t kTaskExpiryNs = int64_t{3600} * 1'000'000'000;
// An entry is packed when it has not been used for so long. Who comes back
// after a weekend finds it as it was.
inline constexpr int64_t kPackAfterNs = int64_t{4} * 24 * 3600 * 1'000'000'000;

struct UpkeepOptions {
  bool pack = true;
  int64_t pack_after_ns = kPackAfterNs;
};

struct UpkeepReport {
  // Another upkeep was running: nothing was done.
  bool skipped = false;
  uint64_t bytes_before = 0;  // accounted when it began
  uint64_t bytes_after = 0;   // true when it ended
  uint64_t entries_after = 0;
  uint64_t evicted_by_age = 0;
  uint64_t evicted_by_size = 0;  // or number
  uint64_t kept_in_use = 0;      // entries that would have gone
  uint64_t leftovers_swept = 0;  // in objects/ and stage/
  uint64_t packed = 0;
  uint64_t packed_bytes_saved = 0;
  std::vector<std::string> unknown;   // see CacheListing
  std::vector<std::string> problems;  // "PATH: reason", each for one path
};

// Sweeps what crashes left, removes what is over age, trims what is over a
// limit, packs what is idle, and puts the accounts right. Unavailable if the
// cache cannot be read or written at all.
absl::StatusOr<UpkeepReport> RunUpkeep(CacheDirectory& cache,
                                       const UpkeepOptions& options);

enum class UpkeepStart : uint8_t { kStarted, kNotDue, kFailed };

// The end of every run: has this program run with `arguments` behind its back
// if upkeep is due; they make it call RunUpkeep on this cache. One stat if it
// is not, and of many runs at once one starts it.
UpkeepStart StartUpkeepIfDue(CacheDirectory& cache,
                             BackgroundProcesses& processes,
                             const std::vector<std::string>& arguments);

struct ClearReport {
  uint64_t removed = 0;  // entries
  uint64_t kept_in_use = 0;
  std::vector<std::string> unknown;  // see CacheListing
  std::vector<std::string> problems;
};

// Removes all entries that nobody uses, and what crashes left. What is not the
// cache's own stays, as do the cache itself, its limits and sharing.
absl::StatusOr<ClearReport> ClearCache(CacheDirectory& cache);

}  // namespace finder

#endif  // FINDER_FINDER_CACHE_UPKEEP_UPKEEP_H_
