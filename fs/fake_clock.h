// A clock that stands still until a test moves it.
// Thread-safe.
#ifndef FINDER_FS_FAKE_CLOCK_H_
#define FINDER_FS_FAKE_CLOCK_H_

#include <atomic>
#include <cstdint>

#include "fs/clock.h"

namespace finder {

class FakeClock : public Clock {
 public:
  // Some day in 2020, an hour after boot.
  FakeClock() = default;

  int64_t RealtimeNs() override { return realtime_ns_; }
  int64_t BoottimeNs() override { return boottime_ns_; }
  void SleepNs(int64_t duration_ns) override { Advance(duration_ns); }
  ProcessUsage Usage() override { return {cpu_ns_, sleeps_}; }

  // Time passes.
  void Advance(int64_t ns) {
    realtime_ns_ += ns;
    boottime_ns_ += ns;
  }
  // Somebody sets the clock; no time passes.
  void SetRealtimeNs(int64_t ns) { realtime_ns_ = ns; }
  void SetBack(int64_t ns) { realtime_ns_ -= ns; }
  // The machine starts anew; the time of day is kept.
  void Reboot() { boottime_ns_ = 0; }
  void SetUsage(ProcessUsage usage) {
    cpu_ns_ = usage.cpu_ns;
    sleeps_ = usage.sleeps;
  }

 private:
  std::atomic<int64_t> realtime_ns_{1'600'000'000'000'000'000};
  std::atomic<int64_t> boottime_ns_{3'600'000'000'000};
  std::atomic<int64_t> cpu_ns_{0};
  std::atomic<int64_t> sleeps_{0};
};

}  // namespace finder

#endif  // FINDER_FS_FAKE_CLOCK_H_
