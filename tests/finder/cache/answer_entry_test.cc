#include "finder/cache/answer_entry.h"

#include <errno.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "finder/cache/eviction.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/finder/cache/cache_world.h"

namespace finder {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kQuestion[] = "0123456789abcdef0123456789abcdef";
constexpr char kKey[] = "answer-0123456789abcdef0123456789abcdef";

class AnswerEntryTest : public CacheTest {
 protected:
  AnswerEntryTest() : cache_(Open()) {}

  AnswerEntry Lock() {
    Result<AnswerEntry> entry = AnswerEntry::TryLock(*cache_, kQuestion);
    EXPECT_TRUE(entry.ok()) << entry.error().Message();
    return std::move(entry).value();
  }
  void Keep(const std::string& text) {
    AnswerEntry entry = Lock();
    EntryDescription description;
    description.roots = {"/src"};
    EXPECT_TRUE(entry.Prepare(text, description).ok());
    EXPECT_TRUE(entry.Publish().ok());
  }
  std::string Kept() {
    const AnswerEntry entry = Lock();
    return entry.Read().value_or("unreadable");
  }
  bool IsLocked() {
    auto other = NewProcess();
    auto cache = Open(*other);
    const auto entry = AnswerEntry::TryLock(*cache, kQuestion);
    EXPECT_TRUE(entry.ok() || entry.error().code() == EAGAIN);
    return !entry.ok();
  }

  std::unique_ptr<CacheDirectory> cache_;
};

TEST_F(AnswerEntryTest, IsEmptyAtFirstAndThenWhatWasKept) {
  EXPECT_EQ(Kept(), "");
  Keep("one");
  EXPECT_EQ(Kept(), "one");
  Keep("another");
  EXPECT_EQ(Kept(), "another");
  EXPECT_THAT(Keys(), ElementsAre(kKey));
  EXPECT_THAT(tree_.Names(At("stage")), IsEmpty());
  EXPECT_EQ(Accounted(*cache_), TrueBytes());
}

TEST_F(AnswerEntryTest, WhoHasItHasItAlone) {
  Keep("one");
  {
    AnswerEntry entry = Lock();
    EXPECT_TRUE(IsLocked());
    ASSERT_TRUE(entry.Prepare("two", {}).ok());
    EXPECT_TRUE(IsLocked());
    EXPECT_EQ(*ReadAnswer(*cache_, kKey), "one");
    ASSERT_TRUE(entry.Publish().ok());
    EXPECT_FALSE(IsLocked());
    EXPECT_EQ(*ReadAnswer(*cache_, kKey), "two");
  }
  {
    const AnswerEntry entry = Lock();
    EXPECT_TRUE(IsLocked());
  }
  EXPECT_FALSE(IsLocked());
}

TEST_F(AnswerEntryTest, UnpublishedLeavesWhatWasThere) {
  { EXPECT_TRUE(Lock().Prepare("one", {}).ok()); }
  EXPECT_THAT(Keys(), IsEmpty());
  Keep("one");
  { EXPECT_TRUE(Lock().Prepare("two", {}).ok()); }
  EXPECT_EQ(Kept(), "one");
  EXPECT_THAT(tree_.Names(At("stage")), IsEmpty());
  EXPECT_EQ(Accounted(*cache_), TrueBytes());
}

TEST_F(AnswerEntryTest, CountsItsUses) {
  Keep("one");
  EXPECT_EQ(ListEntry(*cache_, kKey)->uses, 0u);
  Lock().NoteUse();
  EXPECT_EQ(ListEntry(*cache_, kKey)->uses, 1u);
  Keep("two");
  const auto entry = ListEntry(*cache_, kKey);
  EXPECT_EQ(entry->uses, 2u);
  EXPECT_EQ(entry->info.kind, ObjectKind::kAnswer);
  EXPECT_THAT(entry->info.description.roots, ElementsAre("/src"));
}

TEST_F(AnswerEntryTest, InUseIsPassedOverByUpkeepAndClear) {
  for (const bool first : {true, false}) {
    if (!first) Keep("one");
    AnswerEntry entry = Lock();
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

TEST_F(AnswerEntryTest, IsSweptIfAKilledRunLeftItEmpty) {
  tree_.WriteFile(At("objects/" + std::string(kKey) + "/object.lock"));
  EXPECT_EQ(Upkeep(*cache_).leftovers_swept, 1u);
  EXPECT_THAT(Keys(), IsEmpty());
  tree_.MakeDirectories(At("objects/" + std::string(kKey)));
  Keep("one");
  EXPECT_EQ(Kept(), "one");
}

TEST_F(AnswerEntryTest, CompletedBetweenListingAndSweepingStays) {
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

TEST_F(AnswerEntryTest, IsNeitherPackedNorLoaded) {
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

TEST_F(AnswerEntryTest, IsReplacedInTwoStepsWhereNothingCanBeExchanged) {
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

TEST_F(AnswerEntryTest, OfAGroupIsTheGroups) {
  ASSERT_TRUE(cache_->SetSharing(CacheSharing::kGroup).ok());
  cache_ = Open();
  Keep("one");
  const std::string entry = At("objects/" + std::string(kKey));
  EXPECT_EQ(tree_.Stat(entry).permissions, 02770u);
  for (const char* file : {"/object.lock", "/object.info", "/data/answer"}) {
    EXPECT_EQ(tree_.Stat(entry + file).permissions, 0660u) << file;
  }
}

TEST_F(AnswerEntryTest, MakesObjectsAgain) {
  tree_.RemoveAll(At("objects"));
  Keep("one");
  EXPECT_EQ(Kept(), "one");
}

TEST_F(AnswerEntryTest, LargerThanTheLimitIsRefused) {
  ASSERT_TRUE(cache_->SetLimits({.max_bytes = 20'000, .max_entries = {}}).ok());
  cache_ = Open();
  const absl::Status status = Lock().Prepare(std::string(20'001, 'x'), {});
  EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("larger than the cache may be"));
  EXPECT_THAT(Keys(), IsEmpty());
}

TEST(AnswerEviction, ComesAfterThatOfFacts) {
  const EvictionPlan plan = PlanEviction(
      {{.index = 0, .bytes = 1, .last_use_ns = 1, .goes_last = true},
       {.index = 1, .bytes = 1, .last_use_ns = 3},
       {.index = 2, .bytes = 1, .last_use_ns = 2}},
      {.max_bytes = 1, .max_entries = {}, .max_age_ns = {}}, 10);
  ASSERT_EQ(plan.by_use.size(), 3u);
  EXPECT_EQ(plan.by_use[0].index, 2u);
  EXPECT_EQ(plan.by_use[1].index, 1u);
  EXPECT_EQ(plan.by_use[2].index, 0u);
}

}  // namespace
}  // namespace finder
