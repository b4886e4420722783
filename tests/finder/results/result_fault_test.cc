// What a full disk and a kill leave, at every call of a store.
#include <errno.h>

#include <memory>
#include <string>

#include "finder/results/result_store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/finder/results/result_world.h"

namespace finder {
namespace {

// More calls than any of these makes.
constexpr int kManyCalls = 400;

using ResultFaultTest = ResultTest;

TEST_F(ResultFaultTest, AKillAtAnyCallLeavesTheOldResultOrTheNew) {
  const SampleResult before = MakeResult("before");
  const SampleResult after = MakeResult("after");
  Put(before);
  bool completed = false;
  for (int n = 1; !completed && n < kManyCalls; ++n) {
    SCOPED_TRACE(n);
    {
      auto process = NewProcess();
      auto cache = Open(*process);
      ResultStore store(*cache, OutsideOutputs::kRefused);
      process->files().calls().FailNthCallOfAny(
          n, EIO, FakeCalls::Lasting::kFromThenOn);
      const auto stored = TryPut(store, after);
      completed = stored.ok() && *stored == StoreOutcome::kStored;
    }
    const auto found = store_.Find(Key());
    ASSERT_TRUE(found.has_value());
    const bool is_new = found->record().printed_bytes() == 5;
    EXPECT_TRUE(!completed || is_new);
    EXPECT_TRUE(Has(store_, is_new ? after : before));
    ExpectTidyAfterUpkeep();
    if (is_new) Put(before);
  }
  EXPECT_TRUE(completed);
}

TEST_F(ResultFaultTest, AFullDiskAtAnyCallLeavesNothing) {
  bool completed = false;
  for (int n = 1; !completed && n < kManyCalls; ++n) {
    SCOPED_TRACE(n);
    auto process = NewProcess();
    auto cache = Open(*process);
    ResultStore store(*cache, OutsideOutputs::kRefused);
    process->files().calls().FailNthWrite(n, ENOSPC);
    const auto stored = TryPut(store, MakeResult());
    if (stored.ok()) {
      // What failed was no part of it, or all of it has been made.
      EXPECT_EQ(store_.Find(Key()).has_value(),
                *stored == StoreOutcome::kStored);
      process->files().calls().ClearFaults();
      completed = n > 20 && *stored == StoreOutcome::kStored;
      static_cast<void>(cache_->Remove("result-" + Key().digits));
    } else {
      EXPECT_FALSE(store_.Find(Key()));
      process->files().calls().ClearFaults();
    }
    ExpectTidyAfterUpkeep();
  }
  EXPECT_TRUE(completed);
}

TEST_F(ResultFaultTest, AnyFailureOfAReadIsAMiss) {
  const SampleResult result = MakeResult();
  bool completed = false;
  for (int n = 1; !completed && n < kManyCalls; ++n) {
    SCOPED_TRACE(n);
    Put(result);
    auto process = NewProcess();
    auto cache = Open(*process);
    ResultStore store(*cache, OutsideOutputs::kRefused);
    process->files().calls().FailNthCallOfAny(n, EIO);
    const auto found = store.Find(Key());
    bool read = found.has_value();
    for (size_t i = 0; read && i < result.payloads.size(); ++i) {
      const auto bytes = found->ReadPayload(i);
      read = bytes.ok();
      EXPECT_EQ(bytes.value_or(result.payloads[i].bytes),
                result.payloads[i].bytes);
    }
    completed = read && n > 15;
    process->files().calls().ClearFaults();
  }
  EXPECT_TRUE(completed);
  // What cannot be read now is not damaged.
  EXPECT_TRUE(Has(store_, result));
}

TEST_F(ResultFaultTest, AKillWhileTheLockIsHeldLetsTheNextOneRun) {
  bool completed = false;
  for (int n = 1; !completed && n < 50; ++n) {
    SCOPED_TRACE(n);
    {
      auto process = NewProcess();
      auto cache = Open(*process);
      ResultStore store(*cache, OutsideOutputs::kRefused);
      process->files().calls().FailNthCallOfAny(
          n, EIO, FakeCalls::Lasting::kFromThenOn);
      completed = store.LockRun(Key(), 0).held() && n > 20;
    }
    EXPECT_TRUE(store_.LockRun(Key(), 0).held());
    ExpectTidyAfterUpkeep();
  }
  EXPECT_TRUE(completed);
}

}  // namespace
}  // namespace finder
