// Waiting for a lock that nobody holds for long.
// Any thread.
#ifndef FINDER_FINDER_KEPT_LOCK_WAIT_H_
#define FINDER_FINDER_KEPT_LOCK_WAIT_H_

#include <errno.h>

#include <algorithm>
#include <cstdint>

#include "fs/clock.h"

namespace finder {

// In ns. The first pause is short, since upkeep holds an entry for
// microseconds; the longest costs nothing while another run walks a tree.
inline constexpr int64_t kFirstPauseNs = 1'000'000;
inline constexpr int64_t kLongestPauseNs = 50'000'000;

// The first result of `try_lock` other than EAGAIN, or the last one after
// `wait_ns` nanoseconds.
template <typename TryLock>
auto WaitForLock(Clock& clock, int64_t wait_ns, TryLock try_lock) {
  const int64_t until_ns = clock.BoottimeNs() + wait_ns;
  for (int64_t pause_ns = kFirstPauseNs;;
       pause_ns = std::min(2 * pause_ns, kLongestPauseNs)) {
    auto lock = try_lock();
    if (lock.ok() || lock.error().code() != EAGAIN ||
        clock.BoottimeNs() >= until_ns) {
      return lock;
    }
    clock.SleepNs(pause_ns);
  }
}

}  // namespace finder

#endif  // FINDER_FINDER_KEPT_LOCK_WAIT_H_
