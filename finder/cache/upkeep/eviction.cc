#include "finder/cache/upkeep/eviction.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>
#include <vector>

namespace finder {
namespace {

constexpr int64_t kOldest = std::numeric_limits<int64_t>::min();

// How much of `amount` must go so that what stays is trimmed.
uint64_t Excess(uint64_t amount, std::optional<uint64_t> limit) {
  if (!limit || amount <= *limit) return 0;
  return amount - PercentOf(*limit, kTrimPercent);
}

}  // namespace

int64_t EffectiveUse(int64_t last_use_ns, int64_t now_ns) {
  if (last_use_ns <= now_ns) return last_use_ns;
  return last_use_ns - now_ns <= kClockDriftNs ? now_ns : kOldest;
}

EvictionPlan PlanEviction(const std::vector<EvictionCandidate>& entries,
                          const CacheLimits& limits, int64_t now_ns) {
  EvictionPlan plan;
  uint64_t bytes = 0;
  const auto use = [now_ns](const EvictionCandidate& entry) {
    return EffectiveUse(entry.last_use_ns, now_ns);
  };
  for (const EvictionCandidate& entry : entries) {
    // By the time as it is: nobody knows the age of what was used while a clock
    // was ahead, and it may well be what is used most.
    if (limits.max_age_ns && entry.last_use_ns < now_ns - *limits.max_age_ns) {
      plan.by_age.push_back(entry);
    } else {
      plan.by_use.push_back(entry);
      bytes += entry.bytes;
    }
  }
  plan.bytes_to_free = Excess(bytes, limits.max_bytes);
  plan.entries_to_free = Excess(plan.by_use.size(), limits.max_entries);
  if (plan.bytes_to_free == 0 && plan.entries_to_free == 0) {
    plan.by_use.clear();
    return plan;
  }
  std::sort(plan.by_use.begin(), plan.by_use.end(),
            [use](const EvictionCandidate& a, const EvictionCandidate& b) {
              return std::tuple(a.goes_last, use(a), a.index) <
                     std::tuple(b.goes_last, use(b), b.index);
            });
  return plan;
}

}  // namespace finder
