#include "finder/scanner/work_stack.h"

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

#include "tests/finder/scanner/scan_world.h"

namespace finder {
namespace {

class WorkStackTest : public testing::Test {
 protected:
  WorkStackTest() : state_(world_.OpenState()) {
    directories_ = world_.tree.NewArena().NewArray<Directory>(kMost);
  }

  WorkItem Item(size_t i) { return {&directories_[i], nullptr, {}}; }
  size_t NumberOf(const WorkItem& item) const {
    return static_cast<size_t>(item.directory - directories_);
  }
  void Push(WorkStack& stack, size_t count) {
    for (size_t i = 0; i < count; ++i) stack.Push(Item(i));
  }
  // What is left for all to take.
  std::vector<size_t> Shared() {
    absl::MutexLock lock(&state_->mutex);
    std::vector<size_t> numbers;
    for (const WorkItem& item : state_->queue) {
      numbers.push_back(NumberOf(item));
    }
    return numbers;
  }
  void Queue(size_t count) {
    absl::MutexLock lock(&state_->mutex);
    for (size_t i = 0; i < count; ++i) state_->queue.push_back(Item(i));
  }
  // The items that a worker takes until there are none.
  std::vector<size_t> TakeAll(WorkStack& stack) {
    std::vector<size_t> numbers;
    WorkItem item;
    while (stack.Take(item)) numbers.push_back(NumberOf(item));
    return numbers;
  }

  static constexpr size_t kMost = 1000;

  ScanWorld world_{"f a.c\n"};
  std::unique_ptr<ScanState> state_;
  Directory* directories_;
};

TEST_F(WorkStackTest, TakesWhatWasPushedLast) {
  WorkStack stack(*state_, 0);
  Push(stack, 3);
  EXPECT_EQ(TakeAll(stack), (std::vector<size_t>{2, 1, 0}));
}

TEST_F(WorkStackTest, EndsWhenNobodyCanMakeMore) {
  WorkStack stack(*state_, 0);
  EXPECT_TRUE(TakeAll(stack).empty());
  absl::MutexLock lock(&state_->mutex);
  EXPECT_EQ(state_->working, 0u);
}

TEST_F(WorkStackTest, TakesAllOfTheQueueIfItIsAlone) {
  Queue(10);
  WorkStack stack(*state_, 0);
  EXPECT_EQ(TakeAll(stack).size(), 10u);
  EXPECT_TRUE(Shared().empty());
}

TEST_F(WorkStackTest, TakesTheEndOfTheQueueFirst) {
  Queue(3);
  WorkStack stack(*state_, 0);
  WorkItem item;
  ASSERT_TRUE(stack.Take(item));
  EXPECT_EQ(NumberOf(item), 2u);
}

TEST_F(WorkStackTest, LeavesAPartForEachThatWaits) {
  Queue(100);
  state_->idle = 2;
  WorkStack stack(*state_, 0);
  WorkItem item;
  ASSERT_TRUE(stack.Take(item));
  EXPECT_EQ(Shared().size(), 74u);
}

TEST_F(WorkStackTest, TakesNoMoreThanSomeHundredsAtATime) {
  Queue(kMost);
  WorkStack stack(*state_, 0);
  WorkItem item;
  ASSERT_TRUE(stack.Take(item));
  EXPECT_EQ(Shared().size(), kMost - 256);
}

TEST_F(WorkStackTest, GivesTheOlderHalfToOneThatIsIdle) {
  WorkStack stack(*state_, 0);
  Push(stack, 5);
  state_->idle = 1;
  stack.Share();
  EXPECT_EQ(Shared(), (std::vector<size_t>{0, 1}));
}

TEST_F(WorkStackTest, KeepsAllWhileNobodyIsIdle) {
  WorkStack stack(*state_, 0);
  Push(stack, 5);
  stack.Share();
  EXPECT_TRUE(Shared().empty());
}

TEST_F(WorkStackTest, KeepsItsLastItem) {
  WorkStack stack(*state_, 0);
  Push(stack, 1);
  state_->idle = 1;
  stack.Share();
  EXPECT_TRUE(Shared().empty());
}

TEST_F(WorkStackTest, GivesNothingAwayWhileTheQueueHoldsSomething) {
  WorkStack stack(*state_, 0);
  Push(stack, 5);
  Queue(1);
  state_->idle = 1;
  stack.Share();
  EXPECT_EQ(Shared().size(), 1u);
}

TEST_F(WorkStackTest, AsksForHelpOnceItIsHigh) {
  WorkStack stack(*state_, 0);
  Push(stack, 7);
  stack.Share();
  EXPECT_EQ(state_->explorers, 1u);
  Push(stack, 1);
  stack.Share();
  EXPECT_EQ(state_->explorers, 2u);
}

TEST_F(WorkStackTest, LeavesTheRestWhenTheBudgetIsUsedUp) {
  state_->has_budget = true;
  state_->budget = 2;
  WorkStack stack(*state_, 0);
  Push(stack, 5);
  EXPECT_EQ(TakeAll(stack), (std::vector<size_t>{4, 3}));
  absl::MutexLock lock(&state_->mutex);
  EXPECT_EQ(state_->left.size(), 3u);
  EXPECT_EQ(state_->working, 0u);
}

// The second worker waits until the first one shares, and both end.
TEST_F(WorkStackTest, OneThatWaitsGetsWhatAnotherShares) {
  std::atomic<size_t> taken = 0;
  std::atomic<bool> shared = false;
  WorkStack first(*state_, 0);
  Push(first, 10);
  world_.pool.Run(2, [&](unsigned thread) {
    if (thread == 0) {
      while (state_->idle == 0) {
      }
      first.Share();
      shared = true;
      taken += TakeAll(first).size();
    } else {
      WorkStack second(*state_, thread);
      taken += TakeAll(second).size();
      EXPECT_TRUE(shared);
    }
  });
  EXPECT_EQ(taken, 10u);
}

}  // namespace
}  // namespace finder
