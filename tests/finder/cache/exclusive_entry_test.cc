#include "finder/cache/exclusive_entry.h"

#include <errno.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/finder/cache/cache_world.h"

namespace finder {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kKey[] = "answer-0123456789abcdef0123456789abcdef";

class ExclusiveEntryTest : public CacheTest {
 protected:
  ExclusiveEntryTest() : cache_(Open()) {}

  ExclusiveEntry Lock() {
    Result<ExclusiveEntry> entry = ExclusiveEntry::TryLock(*cache_, kKey);
    EXPECT_TRUE(entry.ok()) << entry.error().Message();
    return std::move(entry).value();
  }
  void Keep(const std::string& text) {
    ExclusiveEntry entry = Lock();
    EntryDescription description;
    description.roots = {"/src"};
    EXPECT_EQ(*entry.Prepare(text, EncodeDescription(description)),
              StoreOutcome::kStored);
    EXPECT_TRUE(entry.Publish().ok());
  }
  std::string Kept() {
    const ExclusiveEntry entry = Lock();
    return entry.Read().value_or("unreadable");
  }
  bool IsLocked() {
    auto other = NewProcess();
    auto cache = Open(*other);
    const auto entry = ExclusiveEntry::TryLock(*cache, kKey);
    EXPECT_TRUE(entry.ok() || entry.error().code() == EAGAIN);
    return !entry.ok();
  }

  std::unique_ptr<CacheDirectory> cache_;
};

TEST_F(ExclusiveEntryTest, IsEmptyAtFirstAndThenWhatWasKept) {
  EXPECT_EQ(Kept(), "");
  Keep("one");
  EXPECT_EQ(Kept(), "one");
  Keep("another");
  EXPECT_EQ(Kept(), "another");
  EXPECT_THAT(Keys(), ElementsAre(kKey));
  EXPECT_THAT(tree_.Names(At("stage")), IsEmpty());
  EXPECT_EQ(Accounted(*cache_), TrueBytes());
}

TEST_F(ExclusiveEntryTest, WhoHasItHasItAlone) {
  Keep("one");
  {
    ExclusiveEntry entry = Lock();
    EXPECT_TRUE(IsLocked());
    ASSERT_TRUE(entry.Prepare("two", {}).ok());
    EXPECT_TRUE(IsLocked());
    EXPECT_EQ(*cache_->ReadEntry(kKey), "one");
    ASSERT_TRUE(entry.Publish().ok());
    EXPECT_FALSE(IsLocked());
    EXPECT_EQ(*cache_->ReadEntry(kKey), "two");
  }
  {
    const ExclusiveEntry entry = Lock();
    EXPECT_TRUE(IsLocked());
  }
  EXPECT_FALSE(IsLocked());
}

TEST_F(ExclusiveEntryTest, UnpublishedLeavesWhatWasThere) {
  { EXPECT_TRUE(Lock().Prepare("one", {}).ok()); }
  EXPECT_THAT(Keys(), IsEmpty());
  Keep("one");
  { EXPECT_TRUE(Lock().Prepare("two", {}).ok()); }
  EXPECT_EQ(Kept(), "one");
  EXPECT_THAT(tree_.Names(At("stage")), IsEmpty());
  EXPECT_EQ(Accounted(*cache_), TrueBytes());
}

TEST_F(ExclusiveEntryTest, CountsItsUses) {
  Keep("one");
  EXPECT_EQ(ListEntry(*cache_, kKey)->uses, 0u);
  Lock().NoteUse();
  EXPECT_EQ(ListEntry(*cache_, kKey)->uses, 1u);
  Keep("two");
  const auto entry = ListEntry(*cache_, kKey);
  EXPECT_EQ(entry->uses, 2u);
  EXPECT_TRUE(IsAnswer(entry->kind));
  EXPECT_THAT(DecodeDescription(entry->info.description).roots,
              ElementsAre("/src"));
}

TEST_F(ExclusiveEntryTest, InUseIsPassedOverByUpkeepAndClear) {
  for (const bool first : {true, false}) {
    if (!first) Keep("one");
    ExclusiveEntry entry = Lock();
    clock_.Advance(60 * kDayNs);
    auto other = NewProcess();
    auto cache = Open(*other);
    const UpkeepReport report = Upkeep(*cache);
    EXPECT_EQ(report.leftovers_swept, 0u);
    EXPECT_EQ(report.evicted_by_age, 0u);
    ASSERT_TRUE(entry.Prepare("two", {}).ok());
    Upkeep(*cache);
    const auto cleared = ClearCache(*cache);
    ASSERT_TRUE(cleared.ok());
    EXPECT_EQ(cleared->kept_in_use, 1u);
    ASSERT_TRUE(entry.Publish().ok());
    EXPECT_EQ(Kept(), "two");
    EXPECT_EQ(Upkeep(*cache).bytes_after, TrueBytes());
    EXPECT_EQ(Accounted(*cache), TrueBytes());
    ASSERT_TRUE(ClearCache(*cache).ok());
  }
}

TEST_F(ExclusiveEntryTest, IsSweptIfAKilledRunLeftItEmpty) {
  tree_.WriteFile(At("objects/" + std::string(kKey) + "/object.lock"));
  EXPECT_EQ(Upkeep(*cache_).leftovers_swept, 1u);
  EXPECT_THAT(Keys(), IsEmpty());
  tree_.MakeDirectories(At("objects/" + std::string(kKey)));
  Keep("one");
  EXPECT_EQ(Kept(), "one");
}

TEST_F(ExclusiveEntryTest, CompletedBetweenListingAndSweepingStays) {
  tree_.WriteFile(At("objects/" + std::string(kKey) + "/object.lock"));
  auto other = NewProcess();
  auto cache = Open(*other);
  bool done = false;
  other->files().calls().OnCall([&](Operation operation, std::string_view at) {
    if (done || operation != Operation::kOpenShared ||
        at.find("/answer-") == std::string_view::npos) {
      return;
    }
    done = true;
    Keep("one");
  });
  EXPECT_EQ(Upkeep(*cache).leftovers_swept, 0u);
  EXPECT_TRUE(done);
  EXPECT_EQ(Kept(), "one");
}

TEST_F(ExclusiveEntryTest, IsNeitherPackedNorLoaded) {
  const std::string large(300'000, 'x');
  Keep(large);
  clock_.Advance(20 * kDayNs);
  const UpkeepReport report = Upkeep(*cache_);
  EXPECT_EQ(report.packed, 0u);
  EXPECT_EQ(report.problems, std::vector<std::string>());
  EXPECT_EQ(report.bytes_after, TrueBytes());
  EXPECT_EQ(Kept(), large);
  EXPECT_FALSE(cache_->Load(kKey).entry.has_value());
  Lock().NoteUse();
  clock_.Advance(20 * kDayNs);
  EXPECT_EQ(Upkeep(*cache_).evicted_by_age, 0u);
  clock_.Advance(11 * kDayNs);
  EXPECT_EQ(Upkeep(*cache_).evicted_by_age, 1u);
}

TEST_F(ExclusiveEntryTest, IsReplacedInTwoStepsWhereNothingCanBeExchanged) {
  for (const int code : {EINVAL, ENOSYS}) {
    process_->files().calls().FailNthCall(Operation::kExchange, 1, code,
                                          FakeCalls::Lasting::kFromThenOn);
    Keep("one");
    Keep("two");
    EXPECT_EQ(Kept(), "two");
    EXPECT_THAT(tree_.Names(At("stage")), IsEmpty());
    EXPECT_EQ(Accounted(*cache_), TrueBytes());
    process_->files().calls().ClearFaults();
  }
}

TEST_F(ExclusiveEntryTest, OfAGroupIsTheGroups) {
  ASSERT_TRUE(cache_->SetSharing(CacheSharing::kGroup).ok());
  cache_ = Open();
  Keep("one");
  const std::string entry = At("objects/" + std::string(kKey));
  EXPECT_EQ(tree_.Stat(entry).permissions, 02770u);
  for (const char* file : {"/object.lock", "/object.info", "/data/answer"}) {
    EXPECT_EQ(tree_.Stat(entry + file).permissions, 0660u) << file;
  }
}

TEST_F(ExclusiveEntryTest, MakesObjectsAgain) {
  tree_.RemoveAll(At("objects"));
  Keep("one");
  EXPECT_EQ(Kept(), "one");
}

TEST_F(ExclusiveEntryTest, LargerThanTheLimitIsRefused) {
  ASSERT_TRUE(cache_->SetLimits({.max_bytes = 20'000, .max_entries = {}}).ok());
  cache_ = Open();
  EXPECT_EQ(*Lock().Prepare(std::string(20'001, 'x'), {}),
            StoreOutcome::kTooLarge);
  EXPECT_THAT(Keys(), IsEmpty());
}

TEST_F(ExclusiveEntryTest, ThatSaysToBeOfAnotherKindIsNotWhole) {
  Keep("one");
  ASSERT_TRUE(ListEntry(*cache_, kKey).ok());
  const std::string info = At("objects/" + std::string(kKey) + "/object.info");
  std::string text = tree_.ReadFile(info);
  text.replace(text.find("\"answer\""), 8, "\"result\"");
  tree_.WriteFile(info, text);
  EXPECT_FALSE(ListEntry(*cache_, kKey).ok());
}

TEST_F(ExclusiveEntryTest, OnlyKeysOfExclusiveKindsAreLocked) {
  for (const char* key : {"key", "answer-\n", ""}) {
    EXPECT_EQ(ExclusiveEntry::TryLock(*cache_, key).error().code(), EINVAL)
        << key;
  }
  EXPECT_FALSE(cache_->Store(kKey).ok());
  EXPECT_EQ(cache_->Load(kKey).miss, Miss::kBadKey);
}

}  // namespace
}  // namespace finder
