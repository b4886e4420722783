// The thread rules of finder.h, for ThreadSanitizer (--config=tsan) to watch.
#include <finder/finder.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/temporary_tree.h"

namespace {

constexpr int kThreads = 4;

class ThreadRulesTest : public testing::Test {
 protected:
  ThreadRulesTest() {
    for (int i = 0; i < 300; ++i) {
      tree_.WriteFile("src/" + std::to_string(i) + "/file.c");
    }
  }

  finder_view* OpenView() const {
    finder_view* view = nullptr;
    const std::string root = tree_.path() + "/src";
    const std::string cache = tree_.path() + "/cache";
    EXPECT_EQ(finder_view_open(&view, nullptr), FINDER_OK);
    EXPECT_EQ(finder_view_set(view, "roots", root.c_str(), nullptr), FINDER_OK);
    EXPECT_EQ(finder_view_set(view, "cache-dir", cache.c_str(), nullptr),
              FINDER_OK);
    EXPECT_EQ(finder_view_set(view, "threads", "3", nullptr), FINDER_OK);
    return view;
  }

  static void RunThreads(const std::function<void()>& work) {
    std::vector<std::thread> threads;
    threads.reserve(kThreads);
    for (int i = 0; i < kThreads; ++i) threads.emplace_back(work);
    for (std::thread& thread : threads) thread.join();
  }

  const finder::TemporaryTree tree_;
};

TEST_F(ThreadRulesTest, ViewsOfOneTreeAndOneQueryAreUsedSideBySide) {
  finder_query* query = nullptr;
  ASSERT_EQ(finder_query_new(&query, nullptr), FINDER_OK);
  ASSERT_EQ(finder_query_set(query, "glob", "*.c", nullptr), FINDER_OK);
  RunThreads([this, query] {
    finder_view* const view = OpenView();
    uint64_t count = 0;
    EXPECT_EQ(finder_view_scan(view, nullptr, nullptr), FINDER_OK);
    EXPECT_EQ(finder_view_count(view, query, &count, nullptr), FINDER_OK);
    EXPECT_EQ(count, 300u);
    EXPECT_EQ(finder_view_save(view, nullptr), FINDER_OK);
    finder_view_close(view);
  });
  finder_query_free(query);
}

TEST_F(ThreadRulesTest, ACallBesidesAnotherIsRefusedAndHarmless) {
  finder_view* const view = OpenView();
  ASSERT_EQ(finder_view_scan(view, nullptr, nullptr), FINDER_OK);
  std::atomic<int> done = 0;
  RunThreads([view, &done] {
    finder_answers* answers = nullptr;
    finder_code code = FINDER_BUSY;
    while (code == FINDER_BUSY) {
      std::this_thread::yield();
      code = finder_view_list(view, nullptr, &answers, nullptr);
    }
    EXPECT_EQ(code, FINDER_OK);
    EXPECT_EQ(finder_answers_count(answers), 300u);
    finder_answers_free(answers);
    ++done;
  });
  EXPECT_EQ(done, kThreads);
  finder_view_close(view);
}

TEST_F(ThreadRulesTest, AnotherThreadCancels) {
  struct Shared {
    finder_canceller* canceller = nullptr;
    std::atomic<bool> scanning = false;
  } shared;
  finder_view* const view = OpenView();
  ASSERT_EQ(finder_canceller_new(&shared.canceller, nullptr), FINDER_OK);
  std::thread other([&shared] {
    shared.scanning.wait(false);
    finder_cancel(shared.canceller);
  });
  finder_scan_options options = {};
  options.size = sizeof(options);
  options.canceller = shared.canceller;
  options.data = &shared;
  options.progress = [](void* data, uint64_t, uint64_t) {
    auto* const told = static_cast<Shared*>(data);
    told->scanning = true;
    told->scanning.notify_all();
  };
  // It may come too late for the first one.
  finder_code code = FINDER_OK;
  while (code == FINDER_OK) code = finder_view_scan(view, &options, nullptr);
  EXPECT_EQ(code, FINDER_CANCELLED);
  other.join();
  finder_canceller_free(shared.canceller);
  EXPECT_EQ(finder_view_scan(view, nullptr, nullptr), FINDER_OK);
  finder_view_close(view);
}

}  // namespace
