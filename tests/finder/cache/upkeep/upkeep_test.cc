// Limits, cleaning, packing and when they start.
#include "finder/cache/upkeep/upkeep.h"

#include <errno.h>

#include <string>
#include <vector>

#include "finder/cache/cache_listing.h"
#include "finder/cache/upkeep/task_lock.h"
#include "fs/fake/fake_background_process.h"
#include "gtest/gtest.h"
#include "tests/finder/cache/cache_world.h"

namespace finder {
namespace {

class CacheUpkeep : public CacheTest {
 protected:
  std::unique_ptr<CacheDirectory> OpenWith(const CacheLimits& limits) {
    EXPECT_TRUE(Open()->SetLimits(limits).ok());
    return Open();
  }
  static CacheLimits Entries(uint64_t count) {
    return {.max_bytes = std::nullopt,
            .max_entries = count,
            .max_age_ns = std::nullopt};
  }
  // Stores `count` entries "k0", "k1", ... a minute apart.
  void Fill(CacheDirectory& cache, int count) {
    for (int i = 0; i < count; ++i) {
      clock_.Advance(60 * kSecondNs);
      Store(cache, "k" + std::to_string(i), "facts");
    }
  }
  // Things that a user has put into the cache.
  std::vector<std::string> WriteOwnFiles() {
    std::vector<std::string> paths;
    for (const char* name :
         {"notes/today", "cache.notes", "objects/File",
          "objects/photos/data/database", "objects/photos/beach", "stage/odd",
          "stage/uuid-1/object.lock",
          "stage/uuid-fedcba9876543210fedcba9876543210/text"}) {
      paths.push_back(At(name));
      tree_.WriteFile(paths.back(), "words");
    }
    return paths;
  }
};

using CacheLimitsKept = CacheUpkeep;
using CachePacking = CacheUpkeep;
using CacheUpkeepStart = CacheUpkeep;
using CacheClear = CacheUpkeep;

TEST_F(CacheLimitsKept, UnderThemNothingGoes) {
  auto cache = OpenWith(Entries(10));
  Fill(*cache, 10);
  const UpkeepReport report = Upkeep(*cache);
  EXPECT_EQ(report.evicted_by_size + report.evicted_by_age, 0u);
  EXPECT_EQ(report.entries_after, 10u);
  EXPECT_EQ(report.bytes_after, TrueBytes());
}

TEST_F(CacheLimitsKept, TheLeastRecentlyUsedGoUntilSeventyPercentAreLeft) {
  auto cache = OpenWith(Entries(10));
  Fill(*cache, 11);
  clock_.Advance(kSecondNs);
  process_->Load(*cache, "k0");
  EXPECT_EQ(Upkeep(*cache).evicted_by_size, 4u);
  EXPECT_EQ(Keys(), (std::vector<std::string>{"k0", "k10", "k5", "k6", "k7",
                                              "k8", "k9"}));
  EXPECT_EQ(Accounted(*cache), TrueBytes());
}

TEST_F(CacheLimitsKept, BySizeToo) {
  CacheLimits limits = Entries(1000);
  limits.max_bytes = 10 * AccountedBytes(1);
  auto cache = OpenWith(limits);
  Fill(*cache, 11);
  const UpkeepReport report = Upkeep(*cache);
  EXPECT_EQ(report.evicted_by_size, 4u);
  EXPECT_EQ(report.bytes_before, 11 * AccountedBytes(1));
  EXPECT_EQ(report.bytes_after, 7 * AccountedBytes(1));
}

TEST_F(CacheLimitsKept, WhatIsInUseStaysAndTheNextGoesForIt) {
  auto cache = OpenWith(Entries(10));
  Fill(*cache, 11);
  const LoadOutcome reader = cache->Load("k1");
  const UpkeepReport report = Upkeep(*cache);
  EXPECT_EQ(report.kept_in_use, 1u);
  EXPECT_EQ(report.evicted_by_size, 4u);
  EXPECT_TRUE(tree_.Exists(At("objects/k1/data/database")));
  EXPECT_FALSE(tree_.Exists(At("objects/k4")));
}

TEST_F(CacheLimitsKept, WhatIsUsedAfterTheListingStays) {
  auto cache = OpenWith(Entries(10));
  Fill(*cache, 11);
  clock_.Advance(kSecondNs);
  auto other = NewProcess();
  auto others = Open(*other);
  bool used = false;
  process_->files().calls().OnCall(
      [&](Operation operation, std::string_view path) {
        if (used || operation != Operation::kOpenShared) return;
        if (path != At("objects/k0/object.lock")) return;
        used = true;
        EXPECT_EQ(other->Load(*others, "k0"), "facts");
      });
  EXPECT_EQ(Upkeep(*cache).kept_in_use, 1u);
  EXPECT_TRUE(used);
  EXPECT_TRUE(tree_.Exists(At("objects/k0")));
}

TEST_F(CacheLimitsKept, WhatIsOverAgeGoes) {
  auto cache = Open();
  Store(*cache, "old", "facts");
  Store(*cache, "used", "facts");
  clock_.Advance(20 * kDayNs);
  process_->Load(*cache, "used");
  clock_.Advance(20 * kDayNs);
  EXPECT_EQ(Upkeep(*cache).evicted_by_age, 1u);
  EXPECT_EQ(Keys(), std::vector<std::string>{"used"});
}

TEST_F(CacheLimitsKept, AClockThatJumpsBackMakesWhatIsAheadTheOldest) {
  auto cache = OpenWith(Entries(10));
  Fill(*cache, 5);
  clock_.Advance(30 * 60 * kSecondNs);
  Store(*cache, "slightly", "facts");
  clock_.Advance(10 * kDayNs);
  Store(*cache, "far", "facts");
  clock_.SetBack(10 * kDayNs + 30 * 60 * kSecondNs);
  for (int i = 5; i < 9; ++i) {
    Store(*cache, "k" + std::to_string(i), "facts");
  }
  EXPECT_EQ(Upkeep(*cache).evicted_by_size, 4u);
  EXPECT_FALSE(tree_.Exists(At("objects/far")));
  EXPECT_TRUE(tree_.Exists(At("objects/slightly")));
  EXPECT_FALSE(tree_.Exists(At("objects/k2")));
}

TEST_F(CacheLimitsKept, AClockThatJumpsForwardNeverRemovesWhatIsInUse) {
  auto cache = Open();
  Store(*cache, "used", "facts");
  Store(*cache, "idle", "facts");
  const LoadOutcome reader = cache->Load("used");
  clock_.Advance(3650 * kDayNs);
  EXPECT_EQ(Upkeep(*cache).evicted_by_age, 1u);
  EXPECT_EQ(Keys(), std::vector<std::string>{"used"});
}

TEST_F(CacheLimitsKept, AStoreThatIsAloneTooLargeIsSkipped) {
  CacheLimits limits;
  limits.max_bytes = 100'000;
  auto cache = OpenWith(limits);
  const auto stored = process_->Store(*cache, "key", std::string(100'000, 'x'));
  ASSERT_TRUE(stored.ok());
  EXPECT_EQ(*stored, StoreOutcome::kTooLarge);
  EXPECT_TRUE(Keys().empty());
  EXPECT_TRUE(tree_.Names(At("stage")).empty());
  EXPECT_EQ(Accounted(*cache), 0u);
}

TEST_F(CacheLimitsKept, AStoreIntoAnOverfullCacheIsSkipped) {
  auto cache = OpenWith(Entries(4));
  Fill(*cache, 4);
  EXPECT_FALSE(cache->overfull());
  Store(*cache, "k4", "facts");
  EXPECT_TRUE(cache->overfull());
  EXPECT_EQ(*process_->Store(*cache, "k5", "facts"), StoreOutcome::kTooLarge);
  // What replaces another makes room for itself.
  Store(*cache, "k4", "newer");
  EXPECT_EQ(Keys().size(), 5u);
  EXPECT_EQ(Accounted(*cache), TrueBytes());
}

TEST_F(CacheLimitsKept, UnlimitedMeansUnlimited) {
  auto cache = OpenWith({std::nullopt, std::nullopt, std::nullopt});
  Fill(*cache, 50);
  clock_.Advance(10'000 * kDayNs);
  EXPECT_EQ(Upkeep(*cache).entries_after, 50u);
}

TEST_F(CacheUpkeep, SweepsWhatHasNoInfoAndReportsWhatIsUnknown) {
  auto cache = Open();
  Store(*cache, "key", "facts");
  tree_.WriteFile(At("objects/empty/object.lock"));
  tree_.WriteFile(At("objects/half/data/database"), "facts");
  tree_.WriteFile(At("objects/half/object.lock"));
  const std::vector<std::string> own = WriteOwnFiles();
  const UpkeepReport report = Upkeep(*cache);
  EXPECT_EQ(report.leftovers_swept, 2u);
  EXPECT_EQ(
      report.unknown,
      (std::vector<std::string>{
          "cache.notes", "notes", "objects/File", "objects/photos", "stage/odd",
          "stage/uuid-1", "stage/uuid-fedcba9876543210fedcba9876543210"}));
  for (const std::string& path : own) EXPECT_TRUE(tree_.Exists(path)) << path;
  EXPECT_EQ(report.problems, std::vector<std::string>());
  EXPECT_EQ(report.entries_after, 1u);
}

TEST_F(CacheUpkeep, NeverRemovesAFileOfTheUsersInAnEntry) {
  auto cache = Open();
  Fill(*cache, 3);
  tree_.WriteFile(At("objects/k0/text"), "words");
  tree_.WriteFile(At("objects/k1/data/text"), "words");
  // One goes by replacement, the other by eviction.
  Store(*cache, "k1", "newer");
  clock_.Advance(60 * kDayNs);
  Upkeep(*cache);
  Upkeep(*cache);
  const auto report = ClearCache(*cache);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->problems, std::vector<std::string>());
  EXPECT_EQ(report->unknown.size(), 2u);
  size_t found = 0;
  for (const std::string& path : report->unknown) {
    for (const char* file : {"/text", "/data/text", "/k0/text"}) {
      if (tree_.Exists(At(path) + file)) ++found;
    }
  }
  EXPECT_EQ(found, 2u);
  EXPECT_EQ(Accounted(*cache), 0u);
}

TEST_F(CacheUpkeep, RunsOnceAtATimeUnlessOneHangs) {
  auto cache = Open();
  const auto running = TaskLock::Take(*cache);
  ASSERT_TRUE(running.ok() && running->taken());
  auto other = NewProcess();
  auto others = Open(*other);
  EXPECT_TRUE(Upkeep(*others).skipped);
  clock_.Advance(kTaskExpiryNs);
  EXPECT_FALSE(Upkeep(*others).skipped);
}

TEST_F(CacheUpkeep, AddsUpWhatHappened) {
  auto cache = Open();
  Store(*cache, "key", "facts");
  process_->Load(*cache, "key");
  process_->Load(*cache, "key");
  process_->Load(*cache, "none");
  cache->FlushEvents();
  cache->FlushEvents();
  const auto check = [&] {
    const auto summary = Summarize(*cache);
    ASSERT_TRUE(summary.ok());
    EXPECT_EQ(summary->statistics.Count(CacheEvent::kHit), 2u);
    EXPECT_EQ(summary->statistics.Count(CacheEvent::kMiss), 1u);
    EXPECT_EQ(summary->statistics.Count(CacheEvent::kStored), 1u);
    EXPECT_EQ(summary->statistics.since_ns, cache->info().created_ns);
  };
  check();
  Upkeep(*cache);
  check();
}

TEST_F(CacheUpkeep, RewritesTheAccountsWhenTheyGrow) {
  auto cache = Open();
  for (int i = 0; i < 2000; ++i) Store(*cache, "key", "facts");
  EXPECT_LT(tree_.ReadFile(At("cache.size")).size(), 10'000u);
  EXPECT_EQ(Accounted(*cache), TrueBytes());
  EXPECT_EQ(Summarize(*cache)->entries, 1u);
}

TEST_F(CacheUpkeep, IsRightWhileOthersStoreAtEveryCall) {
  auto cache = Open();
  Fill(*cache, 3);
  auto other = NewProcess();
  auto others = Open(*other);
  int calls = 0;
  bool busy = false;
  process_->files().calls().OnCall([&](Operation, std::string_view) {
    if (busy) return;
    busy = true;
    const std::string key = "k" + std::to_string(calls++ % 5);
    const auto stored = other->Store(
        *others, key, std::string(static_cast<size_t>(calls) * 1000, 'x'));
    EXPECT_TRUE(stored.ok()) << stored.status();
    EXPECT_GE(Accounted(*others), TrueBytes());
    busy = false;
  });
  Upkeep(*cache);
  process_->files().calls().OnCall(nullptr);
  EXPECT_GE(Accounted(*cache), TrueBytes());
  Upkeep(*cache);
  EXPECT_EQ(Accounted(*cache), TrueBytes());
}

TEST_F(CachePacking, PacksWhatIsIdleAndUnpacksWhatIsUsed) {
  auto cache = Open();
  const std::string facts = std::string(300'000, 'f') + "end";
  Store(*cache, "idle", facts);
  Store(*cache, "hot", facts);
  Store(*cache, "small", "facts");
  process_->Load(*cache, "idle");
  const int64_t last_use_ns = clock_.RealtimeNs();
  clock_.Advance(5 * kDayNs);
  process_->Load(*cache, "hot");
  const UpkeepReport report = Upkeep(*cache);
  EXPECT_EQ(report.packed, 1u);
  EXPECT_GT(report.packed_bytes_saved, 250'000u);
  EXPECT_EQ(report.bytes_after, TrueBytes());
  EXPECT_TRUE(tree_.Exists(At("objects/idle/data/database.zst")));
  EXPECT_FALSE(tree_.Exists(At("objects/idle/data/database")));
  auto entry = ListEntry(*cache, "idle");
  ASSERT_TRUE(entry.ok());
  EXPECT_EQ(entry->uses, 1u);
  EXPECT_EQ(entry->last_use_ns, last_use_ns);
  EXPECT_EQ(entry->info.data_bytes, facts.size());
  EXPECT_EQ(cache->ReadEntry("idle").value(), facts);
  EXPECT_EQ(Upkeep(*cache).packed, 0u);

  EXPECT_EQ(process_->Load(*cache, "idle"), facts);
  EXPECT_TRUE(tree_.Exists(At("objects/idle/data/database")));
  entry = ListEntry(*cache, "idle");
  EXPECT_EQ(entry->uses, 2u);
  EXPECT_EQ(entry->info.packing, Packing::kPlain);
  EXPECT_EQ(entry->last_use_ns, clock_.RealtimeNs());
  EXPECT_EQ(Accounted(*cache), TrueBytes());
  EXPECT_TRUE(tree_.Names(At("stage")).empty());
}

TEST_F(CachePacking, LeavesWhatWasUsedWhileAClockWasAhead) {
  auto cache = Open();
  Store(*cache, "key", std::string(300'000, 'f'));
  clock_.SetBack(5 * kHourNs);
  EXPECT_EQ(Upkeep(*cache).packed, 0u);
  EXPECT_EQ(Keys(), std::vector<std::string>{"key"});
}

TEST_F(CachePacking, GivesWayToWhoComesMeanwhile) {
  auto cache = Open();
  const std::string facts(300'000, 'f');
  auto other = NewProcess();
  auto others = Open(*other);
  for (const bool store : {false, true}) {
    Store(*cache, "key", facts);
    clock_.Advance(5 * kDayNs);
    bool came = false;
    LoadOutcome reader;
    process_->files().calls().OnCall([&](Operation operation,
                                         std::string_view path) {
      if (came || operation != Operation::kCommit || !path.ends_with(".zst")) {
        return;
      }
      came = true;
      if (store) {
        EXPECT_TRUE(other->Store(*others, "key", "newer").ok());
      } else {
        reader = others->Load("key");
      }
    });
    EXPECT_EQ(Upkeep(*cache).packed, 0u);
    EXPECT_TRUE(came);
    reader = LoadOutcome();
    process_->files().calls().OnCall(nullptr);
    EXPECT_EQ(process_->Load(*cache, "key"), store ? "newer" : facts);
    Upkeep(*cache, {.pack = false});
  }
}

TEST_F(CachePacking, OfDamageIsAMiss) {
  auto cache = Open();
  Store(*cache, "key", std::string(300'000, 'f'));
  clock_.Advance(5 * kDayNs);
  Upkeep(*cache);
  const std::string path = At("objects/key/data/database.zst");
  const std::string packed = tree_.ReadFile(path);
  std::string flipped = packed;
  flipped[packed.size() / 2] ^= 1;
  for (const std::string& damaged :
       {std::string(), packed.substr(0, packed.size() - 1), flipped}) {
    tree_.WriteFile(path, damaged);
    const LoadOutcome loaded = cache->Load("key");
    EXPECT_FALSE(loaded.entry.has_value());
    EXPECT_EQ(loaded.miss, Miss::kUnreadable) << loaded.reason;
    EXPECT_FALSE(cache->ReadEntry("key").ok());
  }
  EXPECT_TRUE(tree_.Names(At("stage")).empty());
}

TEST_F(CacheUpkeepStart, IsOnceInAnIntervalForAllProcesses) {
  auto cache = Open();
  auto other = NewProcess();
  auto others = Open(*other);
  FakeBackgroundProcesses background;
  EXPECT_EQ(StartUpkeepIfDue(*cache, background, {"gc"}), UpkeepStart::kNotDue);
  clock_.Advance(kUpkeepIntervalNs);
  // Both find it due; the other is between our look and our claim.
  bool met = false;
  process_->files().calls().OnCall([&](Operation operation, std::string_view) {
    if (operation != Operation::kOpenShared || met) return;
    met = true;
    EXPECT_EQ(StartUpkeepIfDue(*others, background, {"gc"}),
              UpkeepStart::kStarted);
  });
  EXPECT_EQ(StartUpkeepIfDue(*cache, background, {"gc"}), UpkeepStart::kNotDue);
  EXPECT_TRUE(met);
  ASSERT_EQ(background.started().size(), 1u);
  EXPECT_EQ(background.started()[0], std::vector<std::string>{"gc"});
  clock_.Advance(kUpkeepIntervalNs);
  EXPECT_EQ(StartUpkeepIfDue(*cache, background, {"gc"}),
            UpkeepStart::kStarted);
}

TEST_F(CacheUpkeepStart, CostsOneStatIfItIsNotDue) {
  auto cache = Open();
  FakeBackgroundProcesses background;
  process_->files().calls().Reset();
  StartUpkeepIfDue(*cache, background, {"gc"});
  EXPECT_EQ(process_->files().calls().log(),
            std::vector<std::string>{"stat " + At("cache.lock")});
}

TEST_F(CacheUpkeepStart, IsSoonerWhenTheCacheIsOverfull) {
  auto cache = OpenWith(Entries(4));
  Fill(*cache, 5);
  EXPECT_TRUE(cache->overfull());
  FakeBackgroundProcesses background;
  clock_.Advance(kOverfullIntervalNs);
  EXPECT_EQ(StartUpkeepIfDue(*cache, background, {"gc"}),
            UpkeepStart::kStarted);
}

TEST_F(CacheUpkeepStart, ComesBackAfterAClockThatWasAhead) {
  clock_.Advance(365 * kDayNs);
  auto cache = Open();
  clock_.SetBack(365 * kDayNs);
  FakeBackgroundProcesses background;
  EXPECT_EQ(StartUpkeepIfDue(*cache, background, {"gc"}),
            UpkeepStart::kStarted);
  EXPECT_EQ(StartUpkeepIfDue(*cache, background, {"gc"}), UpkeepStart::kNotDue);
}

TEST_F(CacheUpkeepStart, DoesNotDisturbOneThatRuns) {
  auto cache = Open();
  auto other = NewProcess();
  auto others = Open(*other);
  FakeBackgroundProcesses background;
  {
    const auto running = TaskLock::Take(*others);
    ASSERT_TRUE(running.ok());
    clock_.Advance(kTaskExpiryNs - 1);
    EXPECT_EQ(StartUpkeepIfDue(*cache, background, {"gc"}),
              UpkeepStart::kNotDue);
  }
  clock_.Advance(1);
  EXPECT_EQ(StartUpkeepIfDue(*cache, background, {"gc"}),
            UpkeepStart::kStarted);
}

TEST_F(CacheUpkeepStart, ThatFailsIsTriedAgainAfterTheInterval) {
  auto cache = Open();
  clock_.Advance(kUpkeepIntervalNs);
  FakeBackgroundProcesses background;
  background.Fail(EAGAIN);
  EXPECT_EQ(StartUpkeepIfDue(*cache, background, {"gc"}), UpkeepStart::kFailed);
  EXPECT_EQ(StartUpkeepIfDue(*cache, background, {"gc"}), UpkeepStart::kNotDue);
}

TEST_F(CacheClear, RemovesAllOfItsOwnThatIsNotInUse) {
  auto cache = OpenWith(Entries(7));
  Fill(*cache, 3);
  const LoadOutcome reader = cache->Load("k1");
  tree_.WriteFile(At("objects/half/data/database"), "");
  tree_.WriteFile(At("objects/half/object.lock"), "");
  const std::vector<std::string> own = WriteOwnFiles();
  const auto report = ClearCache(*cache);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->removed, 2u);
  EXPECT_EQ(report->kept_in_use, 1u);
  EXPECT_EQ(report->unknown.size(), 7u);
  EXPECT_EQ(report->problems, std::vector<std::string>());
  for (const std::string& path : own) EXPECT_TRUE(tree_.Exists(path)) << path;
  EXPECT_EQ(Keys(), (std::vector<std::string>{"File", "k1", "photos"}));
  EXPECT_EQ(Accounted(*cache), AccountedBytes(5));
  EXPECT_EQ(Open()->info().limits.max_entries, 7u);
}

}  // namespace
}  // namespace finder
