#include "fs/clock.h"

#include <time.h>

#include <cstdint>

#include "fs/fake_clock.h"
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
  before = KernelTimeNs(CLOCK_PROCESS_CPUTIME_ID);
  now = clock.ProcessCpuNs();
  EXPECT_LE(before, now);
  EXPECT_LE(now, KernelTimeNs(CLOCK_PROCESS_CPUTIME_ID));
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
  clock.SetProcessCpuNs(3);
  EXPECT_EQ(clock.ProcessCpuNs(), 3);
}

}  // namespace
}  // namespace finder
