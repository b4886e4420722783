// Loading, storing and staging, one process at a time or a few in steps.
#include "finder/cache/cache_directory.h"

#include <errno.h>

#include <string>

#include "finder/cache/cache_listing.h"
#include "gtest/gtest.h"
#include "tests/finder/cache/cache_world.h"

namespace finder {
namespace {

using CacheLoad = CacheTest;
using CacheStore = CacheTest;
using CacheStage = CacheTest;

TEST_F(CacheLoad, FindsWhatWasStored) {
  auto cache = Open();
  Store(*cache, "key", "facts");
  EXPECT_EQ(process_->Load(*cache, "key"), "facts");
  EXPECT_EQ(tree_.Names(At("stage")).size(), 0u);
}

TEST_F(CacheLoad, OfAnAbsentKeyIsAMiss) {
  auto cache = Open();
  const LoadOutcome loaded = cache->Load("key");
  EXPECT_FALSE(loaded.entry.has_value());
  EXPECT_EQ(loaded.miss, Miss::kAbsent);
  EXPECT_EQ(loaded.reason, "no entry yet");
}

TEST_F(CacheLoad, OfAKeyOfOddBytesIsAMissThatSaysSo) {
  auto cache = Open();
  for (const char* key : {"", "..", "a/b", "-x", "A", "\xff", "a\nb"}) {
    const LoadOutcome loaded = cache->Load(key);
    EXPECT_FALSE(loaded.entry.has_value()) << key;
    EXPECT_EQ(loaded.miss, Miss::kBadKey) << key;
    EXPECT_FALSE(cache->Store(key).ok()) << key;
    EXPECT_FALSE(cache->ReadEntry(key).ok()) << key;
    EXPECT_FALSE(cache->Remove(key).ok()) << key;
  }
  EXPECT_EQ(cache->Load("a\nb").reason, "'a?b': not a key of the cache");
}

TEST_F(CacheLoad, CountsUsesAndNotesTheLast) {
  auto cache = Open();
  Store(*cache, "key", "facts");
  clock_.Advance(kDayNs);
  process_->Load(*cache, "key");
  process_->Load(*cache, "key");
  const auto entry = ListEntry(*cache, "key");
  ASSERT_TRUE(entry.ok()) << entry.status();
  EXPECT_EQ(entry->uses, 2u);
  EXPECT_EQ(entry->last_use_ns, clock_.RealtimeNs());
  EXPECT_LT(entry->info.created_ns, entry->last_use_ns);
}

TEST_F(CacheLoad, WorksOnAReadOnlyCache) {
  auto cache = Open();
  Store(*cache, "key", "facts");
  process_->files().calls().FailPath(Operation::kResize,
                                     At("objects/key/object.lock"), EROFS);
  for (const char* path : {"objects/key/object.lock"}) {
    tree_.Chmod(At(path), 0400);
  }
  EXPECT_EQ(process_->Load(*cache, "key"), "facts");
}

TEST_F(CacheLoad, SurvivesAnEntryReplacedBetweenOpenAndLock) {
  auto cache = Open();
  Store(*cache, "key", "old");
  auto other = NewProcess();
  auto others = Open(*other);
  bool replaced = false;
  process_->files().calls().OnCall([&](Operation operation, std::string_view) {
    if (operation != Operation::kLock || replaced) return;
    replaced = true;
    EXPECT_TRUE(other->Store(*others, "key", "new").ok());
  });
  EXPECT_EQ(process_->Load(*cache, "key"), "new");
  EXPECT_TRUE(replaced);
}

TEST_F(CacheLoad, SurvivesAnEntryRemovedBetweenOpenAndLock) {
  auto cache = Open();
  Store(*cache, "key", "old");
  auto other = NewProcess();
  auto others = Open(*other);
  process_->files().calls().OnCall([&](Operation operation, std::string_view) {
    if (operation == Operation::kLock) {
      EXPECT_TRUE(others->Remove("key").ok());
    }
  });
  EXPECT_EQ(process_->Load(*cache, "key"), "");
}

TEST_F(CacheLoad, OfWhatIsBeingRemovedIsAMiss) {
  auto cache = Open();
  Store(*cache, "key", "facts");
  auto other = NewProcess();
  auto others = Open(*other);
  Miss miss = Miss::kAbsent;
  process_->files().calls().OnCall([&](Operation operation, std::string_view) {
    if (operation == Operation::kRename) miss = others->Load("key").miss;
  });
  ASSERT_TRUE(cache->Remove("key").ok());
  EXPECT_EQ(miss, Miss::kContended);
}

TEST_F(CacheStore, ReplacesInOneStep) {
  auto cache = Open();
  Store(*cache, "key", "old");
  auto other = NewProcess();
  auto others = Open(*other);
  // At every call of the second store the entry is whole.
  process_->files().calls().OnCall([&](Operation, std::string_view) {
    const std::string found = other->Load(*others, "key");
    EXPECT_TRUE(found == "old" || found == "new") << found;
  });
  Store(*cache, "key", "new");
  process_->files().calls().OnCall(nullptr);
  EXPECT_EQ(process_->Load(*cache, "key"), "new");
  EXPECT_EQ(Keys().size(), 1u);
}

TEST_F(CacheStore, KeepsTheCountOfUses) {
  auto cache = Open();
  Store(*cache, "key", "old");
  process_->Load(*cache, "key");
  Store(*cache, "key", "new");
  EXPECT_EQ(ListEntry(*cache, "key")->uses, 1u);
}

TEST_F(CacheStore, LeavesWhatIsInUseToItsReader) {
  auto cache = Open();
  Store(*cache, "key", "old");
  LoadOutcome reader = cache->Load("key");
  Store(*cache, "key", "new");
  ASSERT_EQ(tree_.Names(At("stage")).size(), 1u);
  EXPECT_EQ(Upkeep(*cache).leftovers_swept, 0u);
  EXPECT_EQ(Accounted(*cache), TrueBytes());
  reader.entry->Release();
  EXPECT_EQ(Upkeep(*cache).leftovers_swept, 1u);
  EXPECT_EQ(tree_.Names(At("stage")).size(), 0u);
  EXPECT_EQ(Accounted(*cache), TrueBytes());
}

// The disk's own refusals are no limits of the cache.
TEST_F(CacheStore, ThatTheDiskForbidsIsAnErrorWhateverTheReason) {
  auto cache = Open();
  Store(*cache, "key", "old");
  for (const int code : {EDQUOT, EBUSY, EIO}) {
    process_->files().calls().FailNthCall(Operation::kExchange, 1, code);
    const auto stored = process_->Store(*cache, "key", "new");
    EXPECT_TRUE(absl::IsUnavailable(stored.status())) << code;
    EXPECT_EQ(process_->Load(*cache, "key"), "old");
    EXPECT_EQ(Accounted(*cache), TrueBytes());
  }
}

TEST_F(CacheStore, WithoutAnObjectIsNotFound) {
  auto cache = Open();
  auto pending = cache->Store("key");
  ASSERT_TRUE(pending.ok());
  EXPECT_EQ(pending->Commit({}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Accounted(*cache), 0u);
}

TEST_F(CacheStore, GivenUpLeavesNothing) {
  auto cache = Open();
  { auto pending = cache->Store("key"); }
  EXPECT_TRUE(Keys().empty());
  EXPECT_TRUE(tree_.Names(At("stage")).empty());
}

TEST_F(CacheStore, WorksWhereNothingCanBeExchanged) {
  process_->machine().shared_files().ForbidFlags();
  auto cache = Open();
  Store(*cache, "key", "old");
  Store(*cache, "key", "new");
  EXPECT_EQ(process_->Load(*cache, "key"), "new");
  EXPECT_TRUE(tree_.Names(At("stage")).empty());
  EXPECT_EQ(Accounted(*cache), TrueBytes());
}

TEST_F(CacheStore, TakesTheNameOverFromALeftover) {
  auto cache = Open();
  tree_.WriteFile(At("objects/key/data/database"), "half");
  Store(*cache, "key", "whole");
  EXPECT_EQ(process_->Load(*cache, "key"), "whole");
  EXPECT_TRUE(tree_.Names(At("stage")).empty());
}

TEST_F(CacheStore, MakesAnewWhatSomebodyRemoved) {
  auto cache = Open();
  tree_.RemoveAll(At("objects"));
  tree_.RemoveAll(At("stage"));
  tree_.RemoveAll(At("cache.size"));
  Store(*cache, "key", "facts");
  EXPECT_EQ(process_->Load(*cache, "key"), "facts");
  EXPECT_TRUE(cache->overfull());
  EXPECT_FALSE(Summarize(*cache)->counted);
  Upkeep(*cache);
  EXPECT_TRUE(Summarize(*cache)->counted);
  EXPECT_EQ(Accounted(*cache), TrueBytes());
}

TEST_F(CacheStore, OfTwoAtOnceLeavesOne) {
  auto cache = Open();
  auto other = NewProcess();
  auto others = Open(*other);
  bool stored = false;
  process_->files().calls().OnCall([&](Operation operation, std::string_view) {
    if (operation == Operation::kRename && !stored) {
      stored = true;
      EXPECT_TRUE(other->Store(*others, "key", "theirs").ok());
    }
  });
  Store(*cache, "key", "ours");
  EXPECT_TRUE(stored);
  EXPECT_EQ(process_->Load(*cache, "key"), "ours");
  EXPECT_TRUE(tree_.Names(At("stage")).empty());
  EXPECT_EQ(Accounted(*cache), TrueBytes());
}

TEST_F(CacheStage, VanishesAfterwards) {
  auto cache = Open();
  {
    auto area = cache->Stage();
    ASSERT_TRUE(area.ok()) << area.status();
    tree_.WriteFile(area->path() + "/data/database", "bytes");
    EXPECT_EQ(tree_.Stat(area->path()).permissions, 0700u);
  }
  EXPECT_TRUE(tree_.Names(At("stage")).empty());
}

TEST_F(CacheStage, IsNotSweptWhileItsOwnerLives) {
  auto cache = Open();
  auto area = cache->Stage();
  ASSERT_TRUE(area.ok());
  auto other = NewProcess();
  auto others = Open(*other);
  EXPECT_EQ(Upkeep(*others).leftovers_swept, 0u);
  EXPECT_TRUE(tree_.Exists(area->path()));
}

TEST_F(CacheStage, IsSweptWhenItsOwnerDied) {
  auto cache = Open();
  const std::string area = At("stage/uuid-0000000000000000000000000000000");
  tree_.WriteFile(area + "1/object.lock");
  tree_.WriteFile(area + "1/data/database", "facts");
  tree_.WriteFile(area + "1/data/.database.zst.finder-0", "facts");
  tree_.MakeDirectories(area + "2");
  EXPECT_EQ(Upkeep(*cache).leftovers_swept, 2u);
  EXPECT_TRUE(tree_.Names(At("stage")).empty());
}

TEST_F(CacheStage, BeginsAnewIfUpkeepTakesItForALeftover) {
  auto cache = Open();
  auto other = NewProcess();
  auto others = Open(*other);
  int swept = 0;
  process_->files().calls().OnCall(
      [&](Operation operation, std::string_view path) {
        if (swept > 0) return;
        // Just made, not yet locked.
        if (operation == Operation::kLock &&
            path.find("/stage/uuid-") != path.npos) {
          swept += static_cast<int>(Upkeep(*others).leftovers_swept);
        }
      });
  auto area = cache->Stage();
  ASSERT_TRUE(area.ok()) << area.status();
  EXPECT_EQ(swept, 1);
  EXPECT_TRUE(tree_.Exists(area->path()));
}

}  // namespace
}  // namespace finder
