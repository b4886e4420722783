// Time, as the layers above fs/ see it. Handed in, never global.
// Thread-safety: all methods may be called from any thread.
#ifndef FINDER_FS_CLOCK_H_
#define FINDER_FS_CLOCK_H_

#include <cstdint>

namespace finder {

struct ProcessUsage {
  int64_t cpu_ns = 0;  // processor time
  int64_t sleeps = 0;  // how often a thread gave up the processor to wait
};

class Clock {
 public:
  virtual ~Clock() = default;
  // Nanoseconds since the epoch, from the clock that local file systems stamp
  // their changes with: CLOCK_REALTIME_COARSE. May be set back by the user.
  // From Linux 6.13 on a stamp may be up to a tick (10 ms) ahead of it: a
  // change that follows a stat is then stamped by the fine clock.
  virtual int64_t RealtimeNs() = 0;
  // Nanoseconds since boot, sleep included (CLOCK_BOOTTIME). Never goes back.
  virtual int64_t BoottimeNs() = 0;
  // How many seconds local time is ahead of UTC at a moment, in seconds since
  // the epoch.
  virtual int64_t UtcOffset(int64_t utc_seconds [[maybe_unused]]) { return 0; }
  // The usage of all threads of this process so far.
  virtual ProcessUsage Usage() = 0;
  // Returns after `ns` nanoseconds, not counting the time that the machine
  // sleeps.
  virtual void SleepNs(int64_t ns) = 0;
};

}  // namespace finder

#endif  // FINDER_FS_CLOCK_H_
