// What a tree that hears of changes costs, and what it counts.
#include "finder/daemon/watched_tree.h"

#include <optional>
#include <string>

#include "fs/fake/fake_watcher.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/finder_fixture.h"

namespace finder {
namespace {

constexpr int kDirectories = 100;

class WatchedTreeTest : public testing::Test {
 protected:
  WatchedTreeTest() : watcher_(&machine_.files) {
    for (int i = 0; i < kDirectories; ++i) {
      machine_.tree.WriteFile("/r/d" + std::to_string(i) + "/a.c");
    }
    machine_.Age();
    Options options = FinderFixture::OptionsOf(FinderFixture::ViewOf({"/r"}));
    options.cache = CacheUse::kNone;
    finder_.emplace(machine_.environment(), options);
    tree_.emplace(&*finder_, &watcher_);
  }

  // The calls of one Refresh.
  FakeCalls::Counters Refresh() {
    machine_.files.calls().Reset();
    EXPECT_TRUE(tree_->Refresh().ok());
    return machine_.files.calls().counters();
  }
  uint64_t Files() {
    const auto query =
        CompiledQuery::Compile(Query(), FinderFixture::ViewOf({"/r"}));
    return finder_->Answer(
        *query, [](const Match&, std::string&) {},
        [](std::string_view) { return true; });
  }

  FinderFixture machine_;
  FakeWatcher watcher_;
  std::optional<Finder> finder_;
  std::optional<WatchedTree> tree_;
};

TEST_F(WatchedTreeTest, WithoutAChangeOnlyTheRootIsLookedAt) {
  Refresh();
  EXPECT_EQ(tree_->counts().watched, kDirectories + 1u);
  const FakeCalls::Counters calls = Refresh();
  EXPECT_EQ(calls.list, 0);
  EXPECT_LE(calls.stat, 1);
  EXPECT_LE(calls.watch, 1);
  EXPECT_EQ(Files(), kDirectories);
  EXPECT_EQ(tree_->counts().scans, 1u);
  EXPECT_EQ(tree_->counts().updates, 1u);
}

TEST_F(WatchedTreeTest, OnlyWhatChangedIsListed) {
  Refresh();
  machine_.tree.WriteFile("/r/d7/b.c");
  machine_.tree.RemoveAll("/r/d8");
  machine_.tree.WriteFile("/r/new/sub/c.c");
  const FakeCalls::Counters calls = Refresh();
  // The root, d7, new, new/sub.
  EXPECT_EQ(calls.list, 4);
  EXPECT_EQ(Files(), kDirectories + 1u);
  EXPECT_EQ(watcher_.watches(), kDirectories + 2u);
  EXPECT_EQ(tree_->counts().watched, kDirectories + 2u);
}

TEST_F(WatchedTreeTest, WhatCannotBeWatchedIsStampedEachTime) {
  watcher_.SetMaxWatches(41);
  Refresh();
  EXPECT_EQ(tree_->counts().watched, 41u);
  EXPECT_EQ(tree_->counts().unwatched, kDirectories - 40u);
  const FakeCalls::Counters calls = Refresh();
  EXPECT_EQ(calls.list, 0);
  EXPECT_GE(calls.stat, kDirectories - 40);
  EXPECT_LE(calls.stat, kDirectories - 40 + 1);
}

TEST_F(WatchedTreeTest, LostReportsCostAScanAndNoListing) {
  Refresh();
  watcher_.SetMaxQueued(0);
  machine_.tree.WriteFile("/r/d7/b.c");
  const FakeCalls::Counters calls = Refresh();
  EXPECT_EQ(calls.list, 1);
  EXPECT_EQ(Files(), kDirectories + 1u);
  EXPECT_EQ(tree_->counts().overflows, 1u);
  EXPECT_EQ(tree_->counts().scans, 2u);
}

TEST_F(WatchedTreeTest, WatchesDoNotPileUpWithWhatComesAndGoes) {
  Refresh();
  for (int i = 0; i < 50; ++i) {
    machine_.tree.RemoveAll("/r/d1");
    Refresh();
    machine_.tree.WriteFile("/r/d1/sub/a.c");
    Refresh();
    machine_.tree.Rename("/r/d2", "/r/d3/moved");
    Refresh();
    machine_.tree.Rename("/r/d3/moved", "/r/d2");
    Refresh();
  }
  EXPECT_EQ(watcher_.watches(), kDirectories + 2u);
  EXPECT_EQ(tree_->counts().watched, kDirectories + 2u);
  EXPECT_EQ(Files(), kDirectories);
}

TEST_F(WatchedTreeTest, ARootThatIsGoneFailsUntilItIsBack) {
  Refresh();
  machine_.tree.Rename("/r", "/elsewhere");
  EXPECT_FALSE(tree_->Refresh().ok());
  machine_.tree.WriteFile("/r/only.c");
  EXPECT_TRUE(tree_->Refresh().ok());
  EXPECT_EQ(Files(), 1u);
}

}  // namespace
}  // namespace finder
