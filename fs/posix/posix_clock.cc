#include "fs/posix/posix_clock.h"

#include <errno.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <time.h>

#include <cstdint>

namespace finder {
namespace {

constexpr int64_t kNsPerSecond = 1'000'000'000;

int64_t ReadNs(clockid_t id) {
  timespec now = {};
  clock_gettime(id, &now);
  return int64_t{now.tv_sec} * kNsPerSecond + now.tv_nsec;
}

int64_t InNs(const timeval& time) {
  return int64_t{time.tv_sec} * kNsPerSecond + int64_t{time.tv_usec} * 1'000;
}

}  // namespace

int64_t PosixClock::RealtimeNs() { return ReadNs(CLOCK_REALTIME_COARSE); }
int64_t PosixClock::BoottimeNs() { return ReadNs(CLOCK_BOOTTIME); }

int64_t PosixClock::UtcOffset(int64_t utc_seconds) {
  const time_t moment = utc_seconds;
  tm local = {};
  return localtime_r(&moment, &local) == nullptr ? 0 : local.tm_gmtoff;
}

ProcessUsage PosixClock::Usage() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return {InNs(usage.ru_utime) + InNs(usage.ru_stime), usage.ru_nvcsw};
}

void PosixClock::SleepNs(int64_t ns) {
  timespec rest = {ns / kNsPerSecond, ns % kNsPerSecond};
  while (clock_nanosleep(CLOCK_MONOTONIC, 0, &rest, &rest) == EINTR) {
  }
}

}  // namespace finder
