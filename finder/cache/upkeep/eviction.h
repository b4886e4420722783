// Which entries have to go. A pure function of what is there, the limits and
// the time.
#ifndef FINDER_FINDER_CACHE_UPKEEP_EVICTION_H_
#define FINDER_FINDER_CACHE_UPKEEP_EVICTION_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "finder/cache/disk/cache_limits.h"

namespace finder {

// A time this far ahead of the clock is the work of two machines that share a
// disk; anything beyond, of a clock that was wrong.
inline constexpr int64_t kClockDriftNs = int64_t{3600} * 1'000'000'000;

// When an entry was last used, for the order in which entries go: a time from
// the future counts as now up to the drift that is tolerated, and beyond it as
// the oldest there is.
int64_t EffectiveUse(int64_t last_use_ns, int64_t now_ns);

struct EvictionCandidate {
  size_t index = 0;  // of the caller's
  uint64_t bytes = 0;
  int64_t last_use_ns = 0;
  // What is lost with it is more than time: over a limit, all others go first.
  bool goes_last = false;
};

struct EvictionPlan {
  // Never what lies in the future, whose age nobody knows.
  std::vector<EvictionCandidate> by_age;
  // The least recently used first, and behind all others those that go last.
  // When one cannot be removed the next takes its place: stop when
  // `bytes_to_free` and `entries_to_free` are reached.
  std::vector<EvictionCandidate> by_use;
  uint64_t bytes_to_free = 0;
  uint64_t entries_to_free = 0;
};

EvictionPlan PlanEviction(const std::vector<EvictionCandidate>& entries,
                          const CacheLimits& limits, int64_t now_ns);

}  // namespace finder

#endif  // FINDER_FINDER_CACHE_UPKEEP_EVICTION_H_
