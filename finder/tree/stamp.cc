#include "finder/tree/stamp.h"

#include <algorithm>

namespace finder {

bool StampIsTrusted(int64_t change_ns, int64_t now_ns, StampTrust trust,
                    std::optional<int64_t> seen_ns) {
  if (trust == StampTrust::kNever) return false;
  if (trust != StampTrust::kServer) return change_ns < now_ns - kTrustAgeNs;
  if (change_ns < now_ns - kForeignTrustAgeNs) return true;
  // Seen equal before, a tick of any clock ago: no later change can bear it,
  // unless somebody sets times into the future.
  return seen_ns.has_value() && *seen_ns < now_ns - kTrustAgeNs &&
         change_ns < now_ns;
}

int64_t DistrustedFromNs(const ScanTime& then, const ScanTime& now,
                         bool same_boot) {
  int64_t from = std::numeric_limits<int64_t>::max();
  if (now.realtime_ns < then.realtime_ns) {
    from = now.realtime_ns - kTrustAgeNs;
  }
  if (!same_boot) return from;
  const int64_t elapsed_ns = now.boottime_ns - then.boottime_ns;
  const int64_t step_ns = now.realtime_ns - then.realtime_ns - elapsed_ns;
  if (step_ns < 0) {
    from = std::min(from, then.realtime_ns + step_ns - kTrustAgeNs);
  }
  return from;
}

}  // namespace finder
