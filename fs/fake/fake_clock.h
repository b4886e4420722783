// A clock that stands still until a test moves it or a thread sleeps.
// Thread-safe.
#ifndef FINDER_FS_FAKE_FAKE_CLOCK_H_
#define FINDER_FS_FAKE_FAKE_CLOCK_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <utility>

#include "fs/clock.h"

namespace finder {

class FakeClock : public Clock {
 public:
  // Some day in 2020, an hour after boot.
  FakeClock() = default;

  int64_t RealtimeNs() override { return realtime_ns_; }
  int64_t BoottimeNs() override { return boottime_ns_; }
  ProcessUsage Usage() override { return {cpu_ns_, sleeps_}; }
  // Takes no time of the test's.
  void SleepNs(int64_t ns) override {
    Advance(ns);
    if (on_sleep_) on_sleep_();
  }

  // Called at the end of every sleep. To be set while no other thread runs.
  void OnSleep(std::function<void()> hook) { on_sleep_ = std::move(hook); }

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
  std::function<void()> on_sleep_;
};

}  // namespace finder

#endif  // FINDER_FS_FAKE_FAKE_CLOCK_H_
