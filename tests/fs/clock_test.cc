#include "fs/clock.h"

#include <time.h>

#include <cstdint>

#include "fs/fake/fake_clock.h"
#include "fs/posix/posix_clock.h"
#include "gtest/gtest.h"

namespace finder {
namespace {

int64_t KernelTimeNs(clockid_t id) {
  timespec now;
  clock_gettime(id, &now);
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

TEST(PosixClock, TellsTheKernelsTimes) {
  PosixClock clock;
  int64_t before = KernelTimeNs(CLOCK_REALTIME_COARSE);
  int64_t now = clock.RealtimeNs();
  EXPECT_LE(before, now);
  EXPECT_LE(now, KernelTimeNs(CLOCK_REALTIME));
  before = KernelTimeNs(CLOCK_BOOTTIME);
  now = clock.BoottimeNs();
  EXPECT_LE(before, now);
  EXPECT_LE(now, KernelTimeNs(CLOCK_BOOTTIME));
}

TEST(PosixClock, UsageOnlyGrows) {
  PosixClock clock;
  const ProcessUsage before = clock.Usage();
  const ProcessUsage after = clock.Usage();
  EXPECT_GT(after.cpu_ns, 0);
  EXPECT_GE(after.cpu_ns, before.cpu_ns);
  EXPECT_GE(after.sleeps, before.sleeps);
}

TEST(PosixClock, SleepsAtLeastAsLongAsAsked) {
  PosixClock clock;
  const int64_t before = KernelTimeNs(CLOCK_MONOTONIC);
  clock.SleepNs(1);
  EXPECT_GE(KernelTimeNs(CLOCK_MONOTONIC) - before, 1);
}

TEST(FakeClock, SleepsWithoutTakingTime) {
  FakeClock clock;
  const int64_t boottime_ns = clock.BoottimeNs();
  int64_t seen_ns = 0;
  clock.OnSleep([&] { seen_ns = clock.BoottimeNs(); });
  clock.SleepNs(3'600'000'000'000);
  EXPECT_EQ(seen_ns, boottime_ns + 3'600'000'000'000);
}

TEST(FakeClock, StandsStillUntilAdvanced) {
  FakeClock clock;
  const int64_t realtime_ns = clock.RealtimeNs();
  const int64_t boottime_ns = clock.BoottimeNs();
  EXPECT_EQ(clock.RealtimeNs(), realtime_ns);
  clock.Advance(5);
  EXPECT_EQ(clock.RealtimeNs(), realtime_ns + 5);
  EXPECT_EQ(clock.BoottimeNs(), boottime_ns + 5);
}

TEST(FakeClock, SettingTheTimeOfDayLetsNoTimePass) {
  FakeClock clock;
  const int64_t realtime_ns = clock.RealtimeNs();
  const int64_t boottime_ns = clock.BoottimeNs();
  clock.SetBack(100);
  EXPECT_EQ(clock.RealtimeNs(), realtime_ns - 100);
  clock.SetRealtimeNs(7);
  EXPECT_EQ(clock.RealtimeNs(), 7);
  EXPECT_EQ(clock.BoottimeNs(), boottime_ns);
}

TEST(FakeClock, ARebootStartsTheBootTimeAnew) {
  FakeClock clock;
  const int64_t realtime_ns = clock.RealtimeNs();
  clock.Reboot();
  EXPECT_EQ(clock.BoottimeNs(), 0);
  EXPECT_EQ(clock.RealtimeNs(), realtime_ns);
  clock.SetUsage({3, 4});
  EXPECT_EQ(clock.Usage().cpu_ns, 3);
  EXPECT_EQ(clock.Usage().sleeps, 4);
}

}  // namespace
}  // namespace finder
