#include "fs/clock.h"

#include <time.h>

#include <cstdint>

namespace finder {
namespace {

int64_t ReadNs(clockid_t id) {
  timespec now = {};
  clock_gettime(id, &now);
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

}  // namespace

int64_t PosixClock::RealtimeNs() { return ReadNs(CLOCK_REALTIME_COARSE); }
int64_t PosixClock::BoottimeNs() { return ReadNs(CLOCK_BOOTTIME); }
int64_t PosixClock::ProcessCpuNs() { return ReadNs(CLOCK_PROCESS_CPUTIME_ID); }

}  // namespace finder
