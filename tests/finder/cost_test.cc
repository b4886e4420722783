// What a run costs, counted call by call: the cost is part of the contract.
// A stat of the database file itself comes on top where a test counts the calls
// of the file system.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "finder/facade/finder.h"
#include "tests/support/finder_fixture.h"

namespace finder {
namespace {

// Eleven directories, /src included, and two symlinks.
constexpr char kTree[] =
    "f Makefile\n"
    "f a/a.c\n"
    "f a/a.h\n"
    "f a/deep/er/x.c\n"
    "f b/b.c\n"
    "d b/empty\n"
    "f out/obj/a.o\n"
    "f out/obj/sub/b.o\n"
    "f out/.hidden\n"
    "f pruned/.prune\n"
    "f pruned/sub/p.c\n"
    "l latest -> a/a.c\n"
    "l a/link.h -> nowhere\n";
constexpr int kDirectories = 11;
constexpr int kSymlinks = 2;
constexpr int kDatabaseStat = 1;

class Cost : public testing::Test {
 protected:
  Cost() {
    machine_.tree.AddTree(kTree, "/src");
    machine_.Age();
  }

  static View Source() { return FinderFixture::ViewOf({"/src"}); }

  // A run that leaves a database of trusted stamps behind.
  void FillDatabase(const View& view) {
    ASSERT_EQ(machine_.Warm(view).metrics.cache, CacheState::kCold);
    machine_.Age();
  }

  FinderFixture machine_;
};

TEST_F(Cost, ColdRunStatsAndListsEachDirectoryOnce) {
  const RunResult run = machine_.Cold(Source());
  EXPECT_EQ(run.calls.stat, kDirectories + kSymlinks);
  EXPECT_EQ(run.calls.list, kDirectories);
  EXPECT_EQ(run.calls.writes(), 0);
  EXPECT_EQ(run.metrics.stat_calls, uint64_t{kDirectories + kSymlinks});
  EXPECT_EQ(run.metrics.list_calls, uint64_t{kDirectories});
  EXPECT_EQ(run.metrics.directories, uint64_t{kDirectories});
  EXPECT_EQ(run.metrics.listed.unknown, uint64_t{kDirectories});
}

TEST_F(Cost, WarmRunStatsEachDirectoryAndKeptSymlinkAndListsNone) {
  FillDatabase(Source());
  const RunResult run = machine_.Warm(Source());
  EXPECT_EQ(run.metrics.cache, CacheState::kWarm);
  EXPECT_EQ(run.calls.stat, kDirectories + kSymlinks + kDatabaseStat);
  EXPECT_EQ(run.calls.list, 0);
  EXPECT_EQ(run.metrics.stat_calls, uint64_t{kDirectories + kSymlinks});
  EXPECT_EQ(run.metrics.list_calls, 0u);
}

TEST_F(Cost, WarmRunWithoutAChangeWritesNothing) {
  FillDatabase(Source());
  const RunResult run = machine_.Warm(Source());
  EXPECT_EQ(run.calls.writes(), 0);
  EXPECT_FALSE(run.metrics.database_written);
}

TEST_F(Cost, SymlinksThatAreNotKeptAreNotStatted) {
  View view = Source();
  view.keep.suffixes = {".c"};
  FillDatabase(view);
  EXPECT_EQ(machine_.Warm(view).calls.stat, kDirectories + kDatabaseStat);
}

TEST_F(Cost, WarmRunOfASmallTreeOpensItsRootOnly) {
  FillDatabase(Source());
  EXPECT_EQ(machine_.Warm(Source()).calls.open_directory, 1);
}

TEST_F(Cost, OneChangedDirectoryIsListedAlone) {
  FillDatabase(Source());
  machine_.tree.WriteFile("/src/a/deep/new.c");
  const RunResult run = machine_.Warm(Source());
  EXPECT_EQ(run.calls.list, 1);
  EXPECT_EQ(run.metrics.listed.moved, 1u);
  // Once more when it is open: what is listed must be what was stamped.
  EXPECT_EQ(run.metrics.stat_calls, uint64_t{kDirectories + kSymlinks} + 1);
  EXPECT_TRUE(run.metrics.database_written);
  EXPECT_EQ(run.calls.create, 1);
}

TEST_F(Cost, AChangedFileCostsNothing) {
  FillDatabase(Source());
  machine_.tree.WriteFile("/src/a/a.c", "other bytes");
  const RunResult run = machine_.Warm(Source());
  EXPECT_EQ(run.calls.list, 0);
  EXPECT_FALSE(run.metrics.database_written);
}

TEST_F(Cost, ANewDirectoryIsListedWithItsParent) {
  FillDatabase(Source());
  machine_.tree.WriteFile("/src/b/new/n.c");
  const RunResult run = machine_.Warm(Source());
  EXPECT_EQ(run.calls.list, 2);
  EXPECT_EQ(run.metrics.listed.moved, 1u);
  EXPECT_EQ(run.metrics.listed.unknown, 1u);
}

TEST_F(Cost, ARemovedTreeIsOneListOfItsParent) {
  FillDatabase(Source());
  machine_.tree.RemoveAll("/src/out");
  EXPECT_EQ(machine_.Warm(Source()).calls.list, 1);
  machine_.Age();
  const RunResult after = machine_.Warm(Source());
  EXPECT_EQ(after.metrics.stat_calls, uint64_t{kDirectories - 3 + kSymlinks});
}

TEST_F(Cost, AMovedTreeIsListedWhereItIsNow) {
  FillDatabase(Source());
  machine_.tree.Rename("/src/out", "/src/a/out");
  // The two that lost and gained it, and the three that came.
  EXPECT_EQ(machine_.Warm(Source()).calls.list, 5);
}

TEST_F(Cost, FreshStampsAreListedOnceMoreAndThenTrusted) {
  machine_.tree.WriteFile("/src/b/fresh.c");
  machine_.Warm(Source());
  const RunResult at_once = machine_.Warm(Source());
  EXPECT_EQ(at_once.calls.list, 1) << "within the tick of the clock";
  EXPECT_EQ(at_once.metrics.listed.untrusted, 1u);
  EXPECT_FALSE(at_once.metrics.database_written);
  machine_.Age();
  const RunResult aged = machine_.Warm(Source());
  EXPECT_EQ(aged.calls.list, 1);
  EXPECT_TRUE(aged.metrics.database_written);
  EXPECT_EQ(machine_.Warm(Source()).calls.list, 0);
}

TEST_F(Cost, AnUncoveredDirectoryIsExploredAlone) {
  View without_out = Source();
  without_out.exclude_dirs = {"out"};
  FillDatabase(without_out);
  const RunResult run = machine_.Warm(Source());
  EXPECT_EQ(run.calls.list, 3) << "out, out/obj, out/obj/sub";
  EXPECT_EQ(run.metrics.stat_calls, uint64_t{kDirectories + kSymlinks});
}

TEST_F(Cost, AnExcludedDirectoryIsNotLookedAtAndStaysKnown) {
  View without_out = Source();
  without_out.exclude_dirs = {"out"};
  FillDatabase(Source());
  const RunResult hidden = machine_.Warm(without_out);
  EXPECT_EQ(hidden.calls.stat, kDirectories - 3 + kSymlinks + kDatabaseStat);
  EXPECT_EQ(hidden.calls.list, 0);
  EXPECT_EQ(machine_.Warm(Source()).calls.list, 0);
}

TEST_F(Cost, ADirectoryExcludedByItsPathIsNotLookedAtAndStaysKnown) {
  View without = Source();
  without.exclude_dirs = {"out/obj"};
  const RunResult cold = machine_.Cold(without);
  EXPECT_EQ(cold.calls.stat, kDirectories - 2 + kSymlinks);
  EXPECT_EQ(cold.calls.list, kDirectories - 2);
  FillDatabase(Source());
  const RunResult hidden = machine_.Warm(without);
  EXPECT_EQ(hidden.calls.stat, kDirectories - 2 + kSymlinks + kDatabaseStat);
  EXPECT_EQ(hidden.calls.list, 0);
  EXPECT_FALSE(hidden.metrics.database_written);
  EXPECT_EQ(machine_.Warm(Source()).calls.list, 0);
}

TEST_F(Cost, ADirectoryUncoveredByItsPathIsExploredAlone) {
  View without = Source();
  without.exclude_dirs = {"out/obj"};
  FillDatabase(without);
  EXPECT_EQ(machine_.Warm(Source()).calls.list, 2) << "out/obj, out/obj/sub";
}

TEST_F(Cost, APrunedDirectoryIsStattedAndNothingBelowIt) {
  View pruning = Source();
  pruning.prune_files = {".prune"};
  FillDatabase(Source());
  const RunResult run = machine_.Warm(pruning);
  EXPECT_EQ(run.calls.stat, kDirectories - 1 + kSymlinks + kDatabaseStat);
  EXPECT_EQ(run.calls.list, 0);
}

TEST_F(Cost, FewerRootsAreServedFromAWiderDatabase) {
  FillDatabase(Source());
  const RunResult run = machine_.Warm(FinderFixture::ViewOf({"/src/out/obj"}));
  EXPECT_EQ(run.metrics.cache, CacheState::kWarm);
  EXPECT_EQ(run.calls.stat, 2 + kDatabaseStat);
  EXPECT_EQ(run.calls.list, 0);
  EXPECT_EQ(machine_.Warm(Source()).calls.list, 0) << "nothing was forgotten";
}

TEST_F(Cost, ANewRootIsExploredAlone) {
  machine_.tree.WriteFile("/other/sub/o.c");
  machine_.Age();
  FillDatabase(Source());
  const View both = FinderFixture::ViewOf({"/src", "/other"});
  EXPECT_EQ(machine_.Warm(both).calls.list, 2);
  machine_.Age();
  EXPECT_EQ(machine_.Warm(both).calls.list, 0);
}

TEST_F(Cost, NarrowerKeepRulesAreServedFromAWiderDatabase) {
  View wide = Source();
  wide.keep.suffixes = {".c", ".h"};
  View narrow = Source();
  narrow.keep.names = {"a.c"};
  FillDatabase(wide);
  const RunResult run = machine_.Warm(narrow);
  EXPECT_EQ(run.calls.list, 0);
  EXPECT_EQ(run.lines, std::vector<std::string>{"f /src/a/a.c"});
  EXPECT_FALSE(run.metrics.database_written);
}

TEST_F(Cost, WiderKeepRulesAreAColdRun) {
  View narrow = Source();
  narrow.keep.suffixes = {".c"};
  FillDatabase(narrow);
  const RunResult run = machine_.Warm(Source());
  EXPECT_EQ(run.metrics.cache, CacheState::kCold);
  EXPECT_EQ(run.metrics.cache_reason,
            "database holds fewer file names than asked for");
  EXPECT_EQ(run.calls.list, kDirectories);
}

TEST_F(Cost, ARenumberedDeviceStaysWarm) {
  FillDatabase(Source());
  machine_.tree.SetDevice("/src", 77);
  machine_.host.boot_id = "second boot";
  machine_.clock.Reboot();
  const RunResult run = machine_.Warm(Source());
  EXPECT_EQ(run.calls.list, 0);
  EXPECT_TRUE(run.metrics.database_written);
  const RunResult after = machine_.Warm(Source());
  EXPECT_EQ(after.calls.list, 0);
  EXPECT_FALSE(after.metrics.database_written);
}

TEST_F(Cost, AClockSetBackDistrustsWhatItMayReachAgain) {
  FillDatabase(Source());
  machine_.tree.WriteFile("/src/b/late.c");
  machine_.Age();
  machine_.Warm(Source());
  machine_.clock.SetBack(70 * kSecondNs);
  const RunResult run = machine_.Warm(Source());
  EXPECT_EQ(run.calls.list, 1);
  EXPECT_EQ(run.metrics.listed.untrusted, 1u);
}

TEST_F(Cost, AnUnreadableDirectoryIsTriedAgainWithoutAList) {
  machine_.tree.Chmod("/src/b", 0);
  machine_.Age();
  FillDatabase(Source());
  const RunResult run = machine_.Warm(Source());
  EXPECT_EQ(run.calls.list, 0);
  EXPECT_EQ(run.metrics.unreadable, 1u);
  EXPECT_FALSE(run.metrics.database_written);
}

TEST_F(Cost, RefreshListsEverythingAndWrites) {
  FillDatabase(Source());
  Options options = FinderFixture::OptionsOf(Source());
  options.cache = CacheUse::kRefresh;
  const RunResult run = machine_.Run(options);
  EXPECT_EQ(run.calls.list, kDirectories);
  EXPECT_EQ(run.metrics.bytes_read, 0u);
  EXPECT_TRUE(run.metrics.database_written);
}

TEST_F(Cost, ThreadsDoNotAddCalls) {
  Options options = FinderFixture::OptionsOf(Source());
  options.threads = 4;
  const RunResult cold = machine_.Run(options);
  EXPECT_EQ(cold.calls.list, kDirectories);
  EXPECT_EQ(cold.calls.stat, kDirectories + kSymlinks);
  machine_.Age();
  const RunResult warm = machine_.Run(options);
  EXPECT_EQ(warm.calls.list, 0);
  EXPECT_EQ(warm.calls.stat, kDirectories + kSymlinks + kDatabaseStat);
}

TEST_F(Cost, FollowedSymlinksCostAStatForTheLinkAndOneForTheDirectory) {
  machine_.tree.AddTree("f real/r.c\n", "/elsewhere");
  machine_.tree.Symlink("/elsewhere/real", "/src/b/followed");
  machine_.Age();
  View view = Source();
  view.links = LinkPolicy::kFollow;
  FillDatabase(view);
  const RunResult run = machine_.Warm(view);
  EXPECT_EQ(run.calls.list, 0);
  EXPECT_EQ(run.calls.stat, kDirectories + 1 + kSymlinks + 1 + kDatabaseStat);
  EXPECT_FALSE(run.metrics.database_written);
}

// A tree of many directories, with stamps and inodes as long as real ones.
class CostOfManyDirectories : public testing::Test {
 protected:
  static constexpr int kMany = 3000;

  CostOfManyDirectories() {
    for (int i = 1; i < kMany; ++i) {
      // A heap-shaped tree, four children each.
      std::string path;
      for (int at = i; at > 0; at = (at - 1) / 4) {
        path.insert(0, "/module" + std::to_string(at));
      }
      machine_.tree.MakeDirectories("/src" + path);
      paths_.push_back("/src" + path);
      for (const char* name : {"/Makefile", "/main.cc", "/module.h"}) {
        machine_.tree.WriteFile(paths_.back() + name);
        name_bytes_ += std::string(name).size();
      }
    }
    uint64_t inode = 12'345'678;
    for (const std::string& path : paths_) {
      ++inode;
      machine_.tree.SetStamp(
          path, inode, 1'599'999'123'456'789'000 + static_cast<int64_t>(inode));
    }
    machine_.Age();
  }

  FinderFixture machine_;
  std::vector<std::string> paths_;
  size_t name_bytes_ = 0;  // of files, with a separator each
};

TEST_F(CostOfManyDirectories, ADirectoryTakesLessThanSixtyBytesAndItsNames) {
  const RunResult run = machine_.Warm(FinderFixture::ViewOf({"/src"}));
  ASSERT_EQ(run.metrics.directories, uint64_t{kMany});
  EXPECT_LT(run.metrics.bytes_written - name_bytes_, 60u * kMany);
}

TEST_F(CostOfManyDirectories, WarmRunOpensFewOfThem) {
  const View view = FinderFixture::ViewOf({"/src"});
  machine_.Warm(view);
  machine_.Age();
  const RunResult run = machine_.Warm(view);
  EXPECT_EQ(run.calls.stat, kMany + kDatabaseStat);
  EXPECT_EQ(run.calls.list, 0);
  EXPECT_LT(run.calls.open_directory, kMany / 10);
}

TEST_F(CostOfManyDirectories, AChangeOfOneCopiesAllBlocksButItsOwn) {
  const View view = FinderFixture::ViewOf({"/src"});
  machine_.Warm(view);
  machine_.Age();
  machine_.tree.WriteFile(paths_[1234] + "/new.cc");
  const RunResult run = machine_.Warm(view);
  EXPECT_EQ(run.calls.list, 1);
  EXPECT_GT(run.metrics.blocks_read, 4u);
  EXPECT_EQ(run.metrics.blocks_encoded, 1u);
  EXPECT_EQ(run.metrics.blocks_copied, run.metrics.blocks_read - 1);
}

TEST_F(CostOfManyDirectories, ANewOrLostDirectoryMovesNoCutButItsOwn) {
  const View view = FinderFixture::ViewOf({"/src"});
  machine_.Warm(view);
  machine_.Age();
  machine_.tree.WriteFile(paths_[700] + "/another/file.cc");
  const RunResult added = machine_.Warm(view);
  EXPECT_LE(added.metrics.blocks_encoded, 2u);
  EXPECT_GE(added.metrics.blocks_copied, added.metrics.blocks_read - 2);
  machine_.Age();
  machine_.Warm(view);  // trusts what was fresh
  machine_.tree.RemoveAll(paths_[2500]);
  const RunResult removed = machine_.Warm(view);
  EXPECT_LE(removed.metrics.blocks_encoded, 2u);
  EXPECT_GE(removed.metrics.blocks_copied, removed.metrics.blocks_read - 2);
}

TEST_F(CostOfManyDirectories, FewDescriptorsAreEnough) {
  const View view = FinderFixture::ViewOf({"/src"});
  machine_.host.max_open_files = 40;
  machine_.files.SetMaxOpenFiles(40);
  Options options = FinderFixture::OptionsOf(view);
  options.threads = 4;
  const RunResult cold = machine_.Run(options);
  EXPECT_TRUE(cold.diagnostics.empty());
  EXPECT_EQ(cold.metrics.directories, uint64_t{kMany});
  machine_.Age();
  EXPECT_EQ(machine_.Run(options).lines, cold.lines);
}

TEST_F(CostOfManyDirectories, LittleMemoryIsForFewThreads) {
  Options options = FinderFixture::OptionsOf(FinderFixture::ViewOf({"/src"}));
  options.threads.reset();
  machine_.host.processors = 4;
  machine_.Run(options);
  EXPECT_EQ(machine_.Run(options).metrics.threads, 4u);
  machine_.host.max_memory_bytes = uint64_t{300} << 20;
  EXPECT_EQ(machine_.Run(options).metrics.threads, 2u);
  machine_.host.max_memory_bytes = 1;
  EXPECT_EQ(machine_.Run(options).metrics.threads, 1u);
}

// For -v and --stats.
TEST_F(Cost, WhatWasListedAgainIsNamedWithTheFieldThatMoved) {
  FillDatabase(Source());
  machine_.tree.WriteFile("/src/a/new.c");
  machine_.tree.MakeDirectories("/src/b/empty/new");
  machine_.tree.SetStamp("/src/out", 77, 5);
  Options options = FinderFixture::OptionsOf(Source());
  options.explain = true;
  const RunResult run = machine_.Run(options);
  std::string again;
  for (const Relisted& one : run.metrics.relisted) {
    again += one.path + ": " + std::string(one.reason) + "\n";
  }
  EXPECT_EQ(again,
            "/src/a: change time\n/src/b/empty: change time\n"
            "/src/out: inode\n");
  EXPECT_EQ(run.metrics.listed.again(), 3u);
  EXPECT_EQ(run.metrics.listed.unknown, 1u);
}

TEST_F(Cost, OfManyListedAgainTwentyAreNamed) {
  for (int i = 10; i < 45; ++i) {
    machine_.tree.WriteFile("/src/many/" + std::to_string(i) + "/f");
  }
  machine_.Age();
  FillDatabase(Source());
  for (int i = 10; i < 45; ++i) {
    machine_.tree.WriteFile("/src/many/" + std::to_string(i) + "/g");
  }
  for (const unsigned threads : {1u, 3u}) {
    Options options = FinderFixture::OptionsOf(Source());
    options.explain = true;
    options.threads = threads;
    const RunResult run = machine_.Run(options);
    ASSERT_EQ(run.metrics.relisted.size(), 20u);
    EXPECT_EQ(run.metrics.relisted.front().path, "/src/many/10");
    EXPECT_EQ(run.metrics.relisted.back().path, "/src/many/29");
    EXPECT_EQ(run.metrics.listed.again(), 35u);
  }
}

}  // namespace
}  // namespace finder
