#include "fs/host.h"

#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <string>

#include "fs/posix/posix_host.h"
#include "fs/result.h"
#include "gtest/gtest.h"
#include "tests/fs/child_process.h"
#include "tests/fs/posix_world.h"

namespace finder {
namespace {

TEST(Host, TellsWhoAndWhere) {
  const Host host = ReadHost();
  EXPECT_EQ(host.user_id, geteuid());
  EXPECT_FALSE(host.user.empty());
  EXPECT_FALSE(host.name.empty());
  EXPECT_EQ(host.user.find_first_of(":\n"), std::string::npos);
  if (host.user_id == 0) {
    EXPECT_EQ(host.user, "root");
  }
}

TEST(Host, AUserWithoutANameIsCalledByTheNumber) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become somebody else";
  EXPECT_EQ(ExitStatusOf([] {
              if (seteuid(3'999'999'999) != 0) return 2;
              return ReadHost().user == "uid3999999999" ? 0 : 1;
            }),
            0);
}

TEST(Host, TheBootIdIsTheKernels) {
  if (access("/proc/sys/kernel/random/boot_id", R_OK) != 0) {
    EXPECT_EQ(ReadHost().boot_id, "");
    return;
  }
  EXPECT_EQ(ReadHost().boot_id.size(), 36u);
  EXPECT_EQ(ReadHost().boot_id, ReadHost().boot_id);
}

TEST(Host, CountsTheProcessorsItMayUse) {
  EXPECT_GE(ReadHost().processors, 1u);
  EXPECT_EQ(ExitStatusOf([] {
              const int here = sched_getcpu();
              cpu_set_t one;
              CPU_ZERO(&one);
              CPU_SET(here, &one);
              if (sched_setaffinity(0, sizeof(one), &one) != 0) return 2;
              return ReadHost().processors == 1 ? 0 : 1;
            }),
            0);
}

TEST(Host, TellsTheLimitOfOpenFiles) {
  rlimit limit;
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(ReadHost().max_open_files, limit.rlim_cur);
}

TEST(Host, TellsTheLimitOfMemory) {
  rlimit limit;
  ASSERT_EQ(getrlimit(RLIMIT_AS, &limit), 0);
  if (limit.rlim_cur == RLIM_INFINITY) {
    EXPECT_EQ(ReadHost().max_memory_bytes, UINT64_MAX);
  }
  EXPECT_EQ(ExitStatusOf([&] {
              limit.rlim_cur = rlim_t{1} << 45;
              if (setrlimit(RLIMIT_AS, &limit) != 0) return 2;
              return ReadHost().max_memory_bytes == limit.rlim_cur ? 0 : 1;
            }),
            0);
}

TEST(WorkingDirectory, IsAbsoluteOrEmptyWhenGone) {
  EXPECT_EQ(WorkingDirectory().substr(0, 1), "/");
  const TemporaryDirectory directory;
  EXPECT_EQ(ExitStatusOf([&] {
              const std::string gone = directory.path() + "/gone";
              PosixWorld world(std::make_unique<PosixFileSystem>());
              world.MakeDirectories(gone);
              if (chdir(gone.c_str()) != 0) return 2;
              if (WorkingDirectory() != gone) return 3;
              world.RemoveAll(gone);
              return WorkingDirectory().empty() ? 0 : 1;
            }),
            0);
}

TEST(SystemError, SpeaksEnglish) {
  EXPECT_EQ(SystemError(13).Message(), "Permission denied");
  EXPECT_EQ(SystemError(99999).Message(), "Unknown error 99999");
}

}  // namespace
}  // namespace finder
