#include "finder/results/result_store.h"

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/finder/results/result_world.h"

namespace finder {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

using ResultStoreTest = ResultTest;

TEST_F(ResultStoreTest, WhatIsStoredIsFound) {
  const SampleResult result = MakeResult();
  EXPECT_FALSE(Has(store_, result));
  Put(result);
  EXPECT_TRUE(Has(store_, result));
  EXPECT_FALSE(store_.Find(Key('b')));
}

TEST_F(ResultStoreTest, OfACommandThatLeavesNothing) {
  SampleResult result;
  result.record.command = {"true"};
  result.record.directory = "/";
  result.record.printed_hash = HashOf("");
  result.payloads = {{}};
  Put(result);
  EXPECT_TRUE(Has(store_, result));
  EXPECT_THAT(tree_.Names(EntryPath() + "/data"), ElementsAre("result"));
}

TEST_F(ResultStoreTest, SmallPayloadsShareAFileAndLargeOnesHaveTheirOwn) {
  Put(MakeResult());
  EXPECT_THAT(tree_.Names(EntryPath() + "/data"),
              UnorderedElementsAre("result", "part-0", "part-3"));
  const auto found = store_.Find(Key());
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->payload(1).alone);
  EXPECT_EQ(found->payload(1).offset, 6);
  EXPECT_TRUE(found->payload(2).alone);
  EXPECT_EQ(tree_.ReadFile(found->payload(2).path).size(), 100'006);
}

TEST_F(ResultStoreTest, ANewResultReplacesTheOldOne) {
  Put(MakeResult("old"));
  Put(MakeResult("new"));
  EXPECT_TRUE(Has(store_, MakeResult("new")));
  ExpectTidyAfterUpkeep();
  EXPECT_THAT(Keys(), ElementsAre("result-" + Key().digits));
}

TEST_F(ResultStoreTest, PayloadsCountTowardsTheLimits) {
  Put(MakeResult());
  const uint64_t accounted = Accounted(*cache_);
  // The record and part 0 in a block each, 25 blocks, and three of the entry.
  EXPECT_EQ(accounted, (1 + 1 + 25 + 3) * 4096);
  ExpectTidyAfterUpkeep();
  EXPECT_EQ(Accounted(*cache_), accounted);
  ASSERT_TRUE(cache_->Remove("result-" + Key().digits).ok());
  EXPECT_EQ(Accounted(*cache_), 0);
  EXPECT_THAT(tree_.Names(At("objects")), IsEmpty());
}

TEST_F(ResultStoreTest, OneThatIsOverTheLimitIsNotStored) {
  CacheLimits limits;
  limits.max_bytes = 50'000;
  ASSERT_TRUE(cache_->SetLimits(limits).ok());
  auto cache = Open();
  ResultStore store(*cache, OutsideOutputs::kRefused);
  const auto stored = TryPut(store, MakeResult());
  ASSERT_TRUE(stored.ok()) << stored.status();
  EXPECT_EQ(*stored, StoreOutcome::kTooLarge);
  EXPECT_THAT(tree_.Names(At("stage")), IsEmpty());
}

TEST_F(ResultStoreTest, OldResultsGoAndThoseInUseStay) {
  Put(MakeResult(), Key('a'));
  Put(MakeResult(), Key('b'));
  clock_.Advance(40 * kDayNs);
  std::optional<StoredResult> in_use = store_.Find(Key('b'));
  ASSERT_TRUE(in_use);
  auto other = NewProcess();
  auto cache = Open(*other);
  Upkeep(*cache);
  EXPECT_THAT(Keys(), ElementsAre("result-" + Key('b').digits));
  EXPECT_EQ(*in_use->ReadPayload(4), "source");
}

TEST_F(ResultStoreTest, AUseIsCounted) {
  Put(MakeResult());
  store_.Find(Key())->Release();
  { const auto unreleased = store_.Find(Key()); }
  EXPECT_EQ(store_.Find(Key())->uses(), 2);
}

TEST_F(ResultStoreTest, ADamagedRecordIsAMissAndTheEntryGoes) {
  Put(MakeResult());
  std::string text = tree_.ReadFile(EntryPath() + "/data/result");
  text[text.size() / 2] ^= 1;
  tree_.WriteFile(EntryPath() + "/data/result", text);
  std::string why;
  EXPECT_FALSE(store_.Find(Key(), &why));
  EXPECT_THAT(why, HasSubstr("damaged"));
  EXPECT_THAT(Keys(), IsEmpty());
  ExpectTidyAfterUpkeep();
}

TEST_F(ResultStoreTest, AMissingOrCutPayloadIsAMissAndTheEntryGoes) {
  for (const std::string part : {"part-0", "part-3"}) {
    Put(MakeResult());
    tree_.RemoveAll(EntryPath() + "/data/" + part);
    EXPECT_FALSE(store_.Find(Key())) << part;
    EXPECT_THAT(Keys(), IsEmpty());
    Put(MakeResult());
    tree_.WriteFile(EntryPath() + "/data/" + part, "short");
    EXPECT_FALSE(store_.Find(Key())) << part;
    EXPECT_THAT(Keys(), IsEmpty());
  }
}

TEST_F(ResultStoreTest, ADamagedPayloadIsNoticedBeforeItIsUsed) {
  for (const std::string part : {"part-0", "part-3"}) {
    Put(MakeResult());
    std::string bytes = tree_.ReadFile(EntryPath() + "/data/" + part);
    bytes[10] ^= 1;
    tree_.WriteFile(EntryPath() + "/data/" + part, bytes);
    std::optional<StoredResult> found = store_.Find(Key());
    ASSERT_TRUE(found);
    FileHashes hashes = NewHashes();
    EXPECT_TRUE(absl::IsDataLoss(found->Check(hashes, {0, 1, 2, 3, 4})));
    EXPECT_TRUE(found->Check(hashes, {3, 4}).ok());
    store_.Discard(*std::move(found));
    EXPECT_FALSE(store_.Find(Key()));
    EXPECT_THAT(Keys(), IsEmpty());
  }
}

TEST_F(ResultStoreTest, ALargePayloadIsReadOnceToBeChecked) {
  Put(MakeResult());
  clock_.Advance(10 * kSecondNs);
  const auto found = store_.Find(Key());
  FileHashes hashes = NewHashes();
  std::optional<StoredResult> first = store_.Find(Key());
  ASSERT_TRUE(first->Check(hashes, {2}).ok());
  ASSERT_TRUE(first->Check(hashes, {2}).ok());
  EXPECT_EQ(hashes.counts().read, 1);
}

TEST_F(ResultStoreTest, TheResultOfAnotherKeyIsNone) {
  Put(MakeResult(), Key('a'));
  tree_.Rename(EntryPath('a'), EntryPath('b'));
  EXPECT_FALSE(store_.Find(Key('b')));
}

TEST_F(ResultStoreTest, AnotherUsersFilesAreNotTrusted) {
  for (const std::string file : {"result", "part-0", "part-3"}) {
    Put(MakeResult());
    tree_.Chown(EntryPath() + "/data/" + file, 4711);
    tree_.Chmod(EntryPath() + "/data/" + file, 0644);
    std::string why;
    EXPECT_FALSE(store_.Find(Key(), &why)) << file;
    EXPECT_THAT(why, HasSubstr("another user")) << file;
    EXPECT_THAT(Keys(), IsEmpty());
  }
}

TEST_F(ResultStoreTest, AGroupSharesItsResults) {
  ShareWithGroup();
  cache_ = Open();
  ResultStore store(*cache_, OutsideOutputs::kRefused);
  ASSERT_TRUE(TryPut(store, MakeResult()).ok());
  for (const std::string file : {"result", "part-0", "part-3"}) {
    EXPECT_EQ(tree_.Stat(EntryPath() + "/data/" + file).permissions, 0660)
        << file;
  }
  auto other = NewProcessOf(4711);
  auto cache = Open(*other);
  ResultStore theirs(*cache, OutsideOutputs::kRefused);
  EXPECT_TRUE(Has(theirs, MakeResult()));
}

TEST_F(ResultStoreTest, APayloadThatHasChangedIsNotStored) {
  SampleResult result = MakeResult();
  result.payloads[1].bytes += "x";
  EXPECT_TRUE(absl::IsFailedPrecondition(TryPut(store_, result).status()));
  result = MakeResult();
  tree_.WriteFile("/src/b.large", std::string(100'006, 'c'));
  result.payloads[2] = {.bytes = "", .path = "/src/b.large"};
  EXPECT_TRUE(absl::IsFailedPrecondition(TryPut(store_, result).status()));
  tree_.WriteFile("/src/b.large", "short");
  EXPECT_TRUE(absl::IsFailedPrecondition(TryPut(store_, result).status()));
  EXPECT_THAT(Keys(), IsEmpty());
  EXPECT_THAT(tree_.Names(At("stage")), IsEmpty());
}

TEST_F(ResultStoreTest, LargeFilesAreCopiedByTheCallersMeans) {
  SampleResult result = MakeResult();
  tree_.WriteFile("/src/b.large", result.payloads[2].bytes);
  result.payloads[2].path = "/src/b.large";
  std::vector<std::string> copied;
  const auto copy = [&](const std::string& from, const std::string& to) {
    copied.push_back(from);
    tree_.WriteFile(to, tree_.ReadFile(from));
    return absl::OkStatus();
  };
  ASSERT_TRUE(store_.Put(Key(), result.record, {}, result.payloads, copy).ok());
  EXPECT_THAT(copied, ElementsAre("/src/b.large"));
  EXPECT_TRUE(Has(store_, result));
}

TEST_F(ResultStoreTest, ARecordThatCouldNotBeReadBackIsNotStored) {
  SampleResult result = MakeResult();
  result.record.outputs[0].path = "../a.h";
  EXPECT_FALSE(TryPut(store_, result).ok());
  EXPECT_THAT(Keys(), IsEmpty());
}

TEST_F(ResultStoreTest, TheIngredientsAreKept) {
  ingredients_.executable = "/usr/bin/protoc";
  ingredients_.variables = {{"CC", HashOf("salted")}};
  Put(MakeResult());
  const auto read = store_.Find(Key())->ReadIngredients();
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, ingredients_);
}

TEST_F(ResultStoreTest, AListingTellsWhatRanAndWhere) {
  Put(MakeResult());
  const auto listing = ListCache(*cache_);
  ASSERT_TRUE(listing.ok());
  ASSERT_EQ(listing->entries.size(), 1);
  EXPECT_EQ(listing->entries[0].kind.name, "result");
  const EntryDescription said =
      DecodeDescription(listing->entries[0].info.description);
  EXPECT_THAT(said.roots, ElementsAre("/src"));
  EXPECT_EQ(said.view, "protoc a.proto");
  EXPECT_EQ(said.files, 4);
}

TEST_F(ResultStoreTest, NoValueOfTheEnvironmentIsWrittenAnywhere) {
  KeyIngredients ingredients;
  ingredients.arguments = {"deploy"};
  ingredients.variables = {{"TOKEN", "s3cret-token"}, {"HOME", "/home/s3cret"}};
  ingredients.salt = "s3cret-salt";
  const ResultKey key = MakeResultKey(ingredients);
  ingredients_ = RecordIngredients(ingredients, {}, 1);
  Put(MakeResult(), key);
  ASSERT_TRUE(store_.NoteLast(CommandKey(ingredients), key).ok());
  const std::vector<std::string> files = FilesBelow(std::string(kCachePath));
  EXPECT_GT(files.size(), 8);
  for (const std::string& file : files) {
    EXPECT_THAT(tree_.ReadFile(file), Not(HasSubstr("s3cret"))) << file;
    for (const std::string value :
         {"s3cret-token", "/home/s3cret", "s3cret-salt"}) {
      EXPECT_THAT(tree_.ReadFile(file), Not(HasSubstr(HashOf(value).Hex())));
    }
  }
}

TEST_F(ResultStoreTest, TheSameCommandWaitsForTheOther) {
  auto other = NewProcess();
  auto cache = Open(*other);
  ResultStore theirs(*cache, OutsideOutputs::kRefused);
  std::optional<RunLock> lock(store_.LockRun(Key(), 0));
  EXPECT_TRUE(lock->held());
  EXPECT_FALSE(theirs.LockRun(Key(), 0).held());
  EXPECT_TRUE(theirs.LockRun(Key('b'), 0).held());
  int sleeps = 0;
  clock_.OnSleep([&] {
    if (++sleeps == 5) lock.reset();
  });
  EXPECT_TRUE(theirs.LockRun(Key(), kRunWaitNs).held());
  EXPECT_EQ(sleeps, 5);
  EXPECT_THAT(Keys(), IsEmpty());
}

TEST_F(ResultStoreTest, OneThatIsStoppedIsNotWaitedForForEver) {
  const RunLock lock = store_.LockRun(Key(), 0);
  auto other = NewProcess();
  auto cache = Open(*other);
  ResultStore theirs(*cache, OutsideOutputs::kRefused);
  const int64_t before_ns = clock_.BoottimeNs();
  EXPECT_FALSE(theirs.LockRun(Key(), kRunWaitNs).held());
  EXPECT_LT(clock_.BoottimeNs() - before_ns, kRunWaitNs + kSecondNs);
}

TEST_F(ResultStoreTest, OfThirtyTwoAtOnceOneRuns) {
  std::atomic<int> runs{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 32; ++i) {
    threads.emplace_back([&] {
      auto process = NewProcess();
      auto cache = process->Open();
      ASSERT_TRUE(cache.ok());
      ResultStore store(**cache, OutsideOutputs::kRefused);
      if (store.Find(Key())) return;
      // Time passes in no time here, so that nobody gives up.
      const RunLock lock = store.LockRun(Key(), 1'000'000 * kRunWaitNs);
      ASSERT_TRUE(lock.held());
      if (store.Find(Key())) return;
      ++runs;
      EXPECT_EQ(*TryPut(store, MakeResult()), StoreOutcome::kStored);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(runs, 1);
  EXPECT_TRUE(Has(store_, MakeResult()));
  ExpectTidyAfterUpkeep();
}

}  // namespace
}  // namespace finder
