// What a Finder tells of its progress: each directory once, whatever is done
// with it, and how many there were last time.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "finder/facade/finder.h"
#include "tests/support/finder_fixture.h"

namespace finder {
namespace {

struct Told {
  uint64_t calls = 0;
  uint64_t directories = 0;  // the most
  std::optional<uint64_t> total;
};

class ProgressTest : public testing::Test {
 protected:
  ProgressTest() {
    machine_.tree.AddTree(
        "f a/one\n"
        "f a/b/two\n"
        "f c/d/three\n",
        "/src");
    machine_.Age();
  }

  static Options OptionsOfRun() {
    return FinderFixture::OptionsOf(FinderFixture::ViewOf({"/src"}));
  }

  Told Scan(const Options& options) {
    Told told;
    std::mutex mutex;
    Finder finder(machine_.environment(), options);
    finder.SetProgress(
        [&](uint64_t directories, std::optional<uint64_t> total) {
          const std::lock_guard lock(mutex);
          ++told.calls;
          told.directories = std::max(told.directories, directories);
          told.total = total;
        });
    EXPECT_TRUE(finder.Scan().ok());
    EXPECT_TRUE(finder.Save().ok());
    EXPECT_EQ(told.directories, finder.metrics().directories);
    return told;
  }

  FinderFixture machine_;
};

TEST_F(ProgressTest, AFirstRunKnowsNoTotal) {
  const Told told = Scan(OptionsOfRun());
  EXPECT_EQ(told.directories, 5u);
  EXPECT_EQ(told.total, std::nullopt);
}

TEST_F(ProgressTest, AWarmRunKnowsTheTotalOfTheLast) {
  Scan(OptionsOfRun());
  machine_.Age();
  const Told told = Scan(OptionsOfRun());
  EXPECT_EQ(told.directories, 5u);
  EXPECT_EQ(told.total, 5u);
}

TEST_F(ProgressTest, ARefreshKnowsTheTotalAsWell) {
  Scan(OptionsOfRun());
  Options options = OptionsOfRun();
  options.cache = CacheUse::kRefresh;
  EXPECT_EQ(Scan(options).total, 5u);
  options.cache = CacheUse::kNone;
  EXPECT_EQ(Scan(options).total, std::nullopt);
}

TEST_F(ProgressTest, WhatIsListedAgainCountsOnce) {
  Scan(OptionsOfRun());
  // Nothing is trusted yet, so that all is stamped and listed.
  EXPECT_EQ(Scan(OptionsOfRun()).directories, 5u);
  machine_.tree.AddTree("f a/new/four\n", "/src");
  const Told told = Scan(OptionsOfRun());
  EXPECT_EQ(told.directories, 6u);
  EXPECT_EQ(told.total, 5u);
}

TEST_F(ProgressTest, ManyDirectoriesAreToldOfOnTheWay) {
  for (int i = 0; i < 500; ++i) {
    machine_.tree.MakeDirectories("/src/many/" + std::to_string(i));
  }
  machine_.Age();
  Options options = OptionsOfRun();
  options.threads = 3;
  EXPECT_GT(Scan(options).calls, 10u);
  machine_.Age();
  EXPECT_EQ(Scan(options).directories, 506u);
}

}  // namespace
}  // namespace finder
