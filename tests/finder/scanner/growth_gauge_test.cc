#include "finder/scanner/growth_gauge.h"

#include <gtest/gtest.h>

#include "finder/threads/thread_pool.h"
#include "fs/fake/fake_clock.h"

namespace finder {
namespace {

constexpr int64_t kMillisecondNs = 1'000'000;
constexpr unsigned kProcessors = 2;
constexpr int64_t kManySleeps = 100;

// How many threads there are after one worker ticked, `passed` after the scan
// began and with so much used.
unsigned ThreadsAfter(int64_t passed, ProcessUsage usage, int ticks = 1) {
  FakeClock clock;
  ThreadPool pool(64);
  GrowthGauge gauge(clock, pool, kProcessors);
  pool.Run(1, [&](unsigned index) {
    if (index != 0) return;
    for (int i = 0; i < ticks; ++i) {
      clock.Advance(passed);
      clock.SetUsage({usage.cpu_ns * (i + 1), usage.sleeps * (i + 1)});
      gauge.Tick();
    }
  });
  return pool.started();
}

TEST(GrowthGauge, AddsAWorkerForEachIfTheySleep) {
  EXPECT_EQ(
      ThreadsAfter(10 * kMillisecondNs, {5 * kMillisecondNs, kManySleeps}), 2u);
}

TEST(GrowthGauge, AddsNoneIfTheProcessorsAreBusy) {
  EXPECT_EQ(
      ThreadsAfter(10 * kMillisecondNs, {19 * kMillisecondNs, kManySleeps}),
      1u);
}

TEST(GrowthGauge, AddsNoneIfOthersTakeTheProcessors) {
  EXPECT_EQ(ThreadsAfter(10 * kMillisecondNs, {5 * kMillisecondNs, 2}), 1u);
}

TEST(GrowthGauge, AddsNoneBeforeThereIsSomethingToSee) {
  EXPECT_EQ(ThreadsAfter(kMillisecondNs, {0, kManySleeps}), 1u);
}

TEST(GrowthGauge, DoublesWithEachSampleUpToTheMost) {
  const ProcessUsage asleep = {kMillisecondNs, kManySleeps};
  EXPECT_EQ(ThreadsAfter(10 * kMillisecondNs, asleep, 2), 4u);
  EXPECT_EQ(ThreadsAfter(10 * kMillisecondNs, asleep, 3), 8u);
  EXPECT_EQ(ThreadsAfter(10 * kMillisecondNs, asleep, 50), 64u);
}

}  // namespace
}  // namespace finder
