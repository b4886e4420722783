// Whole runs on a real disk under a kernel that interrupts every second call,
// transfers a few bytes at a time and tells no kinds of entries.
#include <filesystem>
#include <string>
#include <vector>

#include "finder/facade/finder.h"
#include "fs/posix/files/posix_file_system.h"
#include "gtest/gtest.h"
#include "tests/fs/tampered_calls.h"
#include "tests/support/finder_fixture.h"
#include "tests/support/temporary_tree.h"

namespace finder {
namespace {

class TamperedRun : public testing::Test {
 protected:
  TamperedRun() {
    for (int i = 0; i < 60; ++i) {
      const std::string place =
          "src/d" + std::to_string(i % 7) + "/e" + std::to_string(i);
      tree_.WriteFile(place + "/a.c");
      tree_.WriteFile(place + "/caf\xe9");
      tree_.MakeDirectories(place + "/empty");
    }
    std::filesystem::create_directory_symlink("d0", tree_.path() + "/src/link");
  }

  static Tampering Rough() {
    Tampering tampering;
    tampering.interrupt = true;
    tampering.most_bytes = 500;
    tampering.most_list_bytes = 320;
    tampering.hide_kinds = true;
    return tampering;
  }

  RunResult Run(CacheUse cache, unsigned threads) {
    Options options = FinderFixture::OptionsOf(FinderFixture::ViewOf({"src"}));
    options.database = tree_.path() + "/db";
    options.cache = cache;
    options.threads = threads;
    Query query;
    query.types = {.files = true, .directories = true, .symlinks = true};
    return RunFinder(RealEnvironment(&files_, &clock_, tree_), options,
                     {query});
  }

  TemporaryTree tree_;
  PosixFileSystem files_;
  HourLaterClock clock_;
};

TEST_F(TamperedRun, ColdAndWarmRunsAreThoseOfAKindKernel) {
  const std::vector<std::string> kind = Run(CacheUse::kNone, 1).lines;
  ASSERT_EQ(kind.size(), 60u * 4 + 7 + 1);
  for (const unsigned threads : {1u, 4u}) {
    const TamperedCalls calls(Rough());
    const RunResult cold = Run(CacheUse::kRefresh, threads);
    EXPECT_EQ(cold.lines, kind);
    EXPECT_TRUE(cold.saved.ok()) << cold.saved;
    EXPECT_TRUE(cold.diagnostics.empty());
    const RunResult warm = Run(CacheUse::kUse, threads);
    EXPECT_EQ(warm.lines, kind);
    EXPECT_EQ(warm.metrics.cache, CacheState::kWarm);
    EXPECT_EQ(warm.metrics.list_calls, 0u);
    for (const Call call :
         {Call::kOpen, Call::kRead, Call::kWrite, Call::kList}) {
      EXPECT_GE(calls.interrupted(call), 1) << static_cast<int>(call);
    }
  }
}

TEST_F(TamperedRun, WhatATamperedRunStoresServesAnUntamperedOne) {
  {
    const TamperedCalls calls(Rough());
    Run(CacheUse::kRefresh, 2);
  }
  const RunResult warm = Run(CacheUse::kUse, 2);
  EXPECT_EQ(warm.lines, Run(CacheUse::kNone, 2).lines);
  EXPECT_EQ(warm.metrics.list_calls, 0u);
}

}  // namespace
}  // namespace finder
