// Promise 5 of doc/consistency.md: whatever write fails, and wherever the power
// is cut, the next run is right, and no temporary file is left.
#include <errno.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/support/finder_fixture.h"

namespace finder {
namespace {

using Names = std::vector<std::string>;

// A machine with a database that a change has made out of date.
class CrashWorld {
 public:
  CrashWorld() {
    machine_.tree.AddTree("f a.c\nf dir/b.c\nf dir/sub/x.h\nd empty\n", "/src");
    machine_.Age();
    machine_.Warm(view_);
    machine_.Age();
    machine_.tree.WriteFile("/src/dir/new.c");
    machine_.tree.RemoveAll("/src/dir/sub");
    machine_.Age();
    answer_ = machine_.Cold(view_).lines;
  }

  // A run whose answer is right, whatever becomes of the database.
  RunResult Run() {
    RunResult run = machine_.Warm(view_);
    EXPECT_TRUE(run.status.ok()) << run.status;
    EXPECT_EQ(run.lines, answer_);
    EXPECT_EQ(machine_.files.open_files(), 0);
    return run;
  }

  FakeTree& tree() { return machine_.tree; }
  FakeCalls& calls() { return machine_.files.calls(); }
  FinderFixture& machine() { return machine_; }
  const View& view() const { return view_; }

 private:
  const View view_ = FinderFixture::ViewOf({"/src"});
  FinderFixture machine_;
  std::vector<std::string> answer_;
};

std::vector<FakePowerCut> PowerCuts() {
  std::vector<FakePowerCut> cuts;
  for (const UnsyncedBytes bytes :
       {UnsyncedBytes::kLost, UnsyncedBytes::kEmpty, UnsyncedBytes::kTorn}) {
    for (const size_t lost : {0, 1, 2}) {
      for (const uint64_t seed : {1, 2, 3}) {
        cuts.push_back({bytes, seed, lost});
      }
    }
  }
  return cuts;
}

TEST(Crash, WhateverWriteFailsTheOldDatabaseStays) {
  int writes = 0;
  for (int n = 1;; ++n) {
    CrashWorld world;
    const std::string before = world.tree().ReadFile("/db/finder.db");
    world.calls().FailNthWrite(n, ENOSPC, FakeCalls::Lasting::kFromThenOn);
    const RunResult run = world.Run();
    if (run.saved.ok()) break;
    ++writes;
    EXPECT_EQ(std::string(run.saved.message()),
              "/db/finder.db: cannot write database: No space left on device");
    EXPECT_FALSE(run.metrics.database_written);
    EXPECT_EQ(world.tree().Names("/db"), Names{"finder.db"});
    EXPECT_EQ(world.tree().ReadFile("/db/finder.db"), before);
    world.calls().ClearFaults();
    EXPECT_TRUE(world.Run().metrics.database_written);
    EXPECT_EQ(world.tree().Names("/db"), Names{"finder.db"});
  }
  EXPECT_GE(writes, 3) << "create, append, commit";
}

TEST(Crash, AfterAnyWriteAndAPowerCutTheNextRunIsRight) {
  for (const FakePowerCut& cut : PowerCuts()) {
    bool failed = true;
    for (int n = 1; failed; ++n) {
      CrashWorld world;
      world.calls().FailNthWrite(n, EIO, FakeCalls::Lasting::kFromThenOn);
      failed = !world.Run().saved.ok();
      world.calls().ClearFaults();
      world.tree().CutPower(cut);
      world.Run();
      EXPECT_EQ(world.tree().Names("/db"), Names{"finder.db"});
      world.machine().Age();
      EXPECT_EQ(world.Run().metrics.cache, CacheState::kWarm);
    }
  }
}

TEST(Crash, APowerCutInTheMiddleOfAWriteIsSurvived) {
  for (const FakePowerCut& cut : PowerCuts()) {
    for (const Operation operation :
         {Operation::kCreate, Operation::kAppend, Operation::kCommit}) {
      CrashWorld world;
      world.calls().OnCall([&](Operation called, std::string_view) {
        if (called == operation) world.tree().CutPower(cut);
      });
      world.Run();
      world.calls().OnCall(nullptr);
      world.Run();
      EXPECT_EQ(world.tree().Names("/db"), Names{"finder.db"});
    }
  }
}

TEST(Crash, TwoRunsAtOnceLeaveOneOfTheTwoResults) {
  CrashWorld world;
  FakeFileSystem other_files(&world.tree());
  bool nested = false;
  world.calls().OnCall([&](Operation operation, std::string_view) {
    if (operation != Operation::kCommit || nested) return;
    nested = true;
    Environment other = world.machine().environment();
    other.files = &other_files;
    const RunResult run =
        RunFinder(other, FinderFixture::OptionsOf(world.view()), {Query()});
    EXPECT_TRUE(run.metrics.database_written);
  });
  EXPECT_TRUE(world.Run().metrics.database_written);
  EXPECT_TRUE(nested);
  world.calls().OnCall(nullptr);
  EXPECT_EQ(world.tree().Names("/db"), Names{"finder.db"});
  world.machine().Age();
  EXPECT_EQ(world.Run().metrics.cache, CacheState::kWarm);
}

TEST(Crash, WhatAKilledRunLeftIsRemovedByTheNextThatWrites) {
  CrashWorld world;
  world.tree().WriteFile("/db/.finder.db.finder-0", "half a database");
  world.tree().WriteFile("/db/.finder.db.finder-1", "of somebody else");
  world.tree().Chown("/db/.finder.db.finder-1", 1234);
  EXPECT_TRUE(world.Run().metrics.database_written);
  EXPECT_EQ(world.tree().Names("/db"),
            (Names{".finder.db.finder-1", "finder.db"}));
}

TEST(Crash, TheDatabaseIsPrivate) {
  CrashWorld world;
  world.Run();
  EXPECT_EQ(world.tree().Stat("/db/finder.db").permissions, 0600u);
}

}  // namespace
}  // namespace finder
