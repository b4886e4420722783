#include "fs/clock.h"

#include <errno.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <time.h>

#include <cstdint>

namespace finder {
namespace {

int64_t ReadNs(clockid_t id) {
  timespec now = {};
  clock_gettime(id, &now);
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

timespec ToTimespec(int64_t ns) {
  timespec time = {};
  time.tv_sec = ns / 1'000'000'000;
  time.tv_nsec = ns % 1'000'000'000;
  return time;
}

int64_t InNs(const timeval& time) {
  return int64_t{time.tv_sec} * 1'000'000'000 + int64_t{time.tv_usec} * 1'000;
}

}  // namespace

int64_t PosixClock::RealtimeNs() { return ReadNs(CLOCK_REALTIME_COARSE); }
int64_t PosixClock::BoottimeNs() { return ReadNs(CLOCK_BOOTTIME); }

void PosixClock::SleepNs(int64_t duration_ns) {
  timespec left = ToTimespec(duration_ns);
  while (clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left) == EINTR) {
  }
}

ProcessUsage PosixClock::Usage() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return {InNs(usage.ru_utime) + InNs(usage.ru_stime), usage.ru_nvcsw};
}

}  // namespace finder
