#include "finder/threads/thread_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "absl/synchronization/barrier.h"
#include "absl/synchronization/mutex.h"

namespace finder {
namespace {

// The indexes that a run gave out, all of them at work at the same time.
std::set<unsigned> RunTogether(ThreadPool& pool, unsigned asked, int expected) {
  absl::Mutex mutex;
  std::set<unsigned> indexes;
  auto* const barrier = new absl::Barrier(expected);
  pool.Run(asked, [&](unsigned index) {
    {
      absl::MutexLock lock(&mutex);
      indexes.insert(index);
    }
    if (barrier->Block()) delete barrier;
  });
  return indexes;
}

TEST(ThreadPool, OneWorkerIsTheCallingThread) {
  ThreadPool pool(4);
  std::thread::id id;
  pool.Run(1, [&id](unsigned index) {
    EXPECT_EQ(index, 0u);
    id = std::this_thread::get_id();
  });
  EXPECT_EQ(id, std::this_thread::get_id());
  EXPECT_EQ(pool.started(), 1u);
}

TEST(ThreadPool, WorkersHaveIndexesOfTheirOwn) {
  ThreadPool pool(4);
  EXPECT_EQ(RunTogether(pool, 4, 4), (std::set<unsigned>{0, 1, 2, 3}));
}

TEST(ThreadPool, ThreadsAreUsedAgain) {
  ThreadPool pool(4);
  for (int i = 0; i < 50; ++i) RunTogether(pool, 3, 3);
  EXPECT_EQ(pool.started(), 3u);
}

TEST(ThreadPool, ThereAreNeverMoreThanTheMost) {
  ThreadPool pool(2);
  EXPECT_EQ(RunTogether(pool, 100, 2), (std::set<unsigned>{0, 1}));
  EXPECT_EQ(pool.started(), 2u);
}

TEST(ThreadPool, AWorkerCanBeAddedFromTheWork) {
  ThreadPool pool(3);
  auto* const barrier = new absl::Barrier(3);
  std::atomic<int> refused = 0;
  pool.Run(1, [&](unsigned index) {
    if (index == 0) {
      EXPECT_TRUE(pool.AddWorker());
      EXPECT_TRUE(pool.AddWorker());
      refused += !pool.AddWorker();
    }
    if (barrier->Block()) delete barrier;
  });
  EXPECT_EQ(refused, 1);
  EXPECT_EQ(pool.started(), 3u);
}

TEST(ThreadPool, ARunIsOverWhenAllHaveReturned) {
  ThreadPool pool(4);
  for (int i = 0; i < 200; ++i) {
    std::atomic<int> entered = 0;
    std::atomic<int> left = 0;
    pool.Run(4, [&](unsigned) {
      ++entered;
      ++left;
    });
    EXPECT_EQ(entered, left);
    EXPECT_GE(entered, 1);
  }
}

}  // namespace
}  // namespace finder
