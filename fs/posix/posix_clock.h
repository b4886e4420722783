// The clocks of a Linux kernel. Thread-safe.
#ifndef FINDER_FS_POSIX_POSIX_CLOCK_H_
#define FINDER_FS_POSIX_POSIX_CLOCK_H_

#include <cstdint>

#include "fs/clock.h"

namespace finder {

// The kernel's clocks.
class PosixClock : public Clock {
 public:
  int64_t RealtimeNs() override;
  int64_t BoottimeNs() override;
  int64_t UtcOffset(int64_t utc_seconds) override;
  ProcessUsage Usage() override;
  void SleepNs(int64_t ns) override;
};

}  // namespace finder

#endif  // FINDER_FS_POSIX_POSIX_CLOCK_H_
