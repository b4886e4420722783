// A thousand views that are opened, scanned, asked and closed: LeakSanitizer
// (--config=asan) counts what they leave, and no descriptor or thread stays.
#include <dirent.h>
#include <finder/finder.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <string>

#include "tests/support/temporary_tree.h"

namespace {

constexpr int kViews = 1000;
constexpr int kScanned = 50;

size_t CountEntries(const char* directory) {
  DIR* const open = opendir(directory);
  size_t count = 0;
  while (readdir(open) != nullptr) ++count;
  closedir(open);
  return count;
}

void OpenAndClose(const finder::TemporaryTree& tree, bool scan) {
  finder_view* view = nullptr;
  ASSERT_EQ(finder_view_open(&view, nullptr), FINDER_OK);
  const std::string root = tree.path() + "/src";
  const std::string cache = tree.path() + "/cache";
  EXPECT_EQ(finder_view_set(view, "roots", root.c_str(), nullptr), FINDER_OK);
  EXPECT_EQ(finder_view_set(view, "cache-dir", cache.c_str(), nullptr),
            FINDER_OK);
  EXPECT_EQ(finder_view_set(view, "threads", "4", nullptr), FINDER_OK);
  if (scan) {
    finder_answers* answers = nullptr;
    EXPECT_EQ(finder_view_scan(view, nullptr, nullptr), FINDER_OK);
    EXPECT_EQ(finder_view_list(view, nullptr, &answers, nullptr), FINDER_OK);
    EXPECT_EQ(finder_answers_count(answers), 2u);
    finder_answers_free(answers);
    EXPECT_EQ(finder_view_save(view, nullptr), FINDER_OK);
  }
  finder_view_close(view);
}

TEST(ManyViews, LeaveNothingBehind) {
  const finder::TemporaryTree tree;
  tree.WriteFile("src/a/one.c");
  tree.WriteFile("src/b/two.c");
  OpenAndClose(tree, true);
  const size_t descriptors = CountEntries("/proc/self/fd");
  const size_t threads = CountEntries("/proc/self/task");
  for (int i = 0; i < kViews; ++i) OpenAndClose(tree, i < kScanned);
  EXPECT_EQ(CountEntries("/proc/self/fd"), descriptors);
  EXPECT_EQ(CountEntries("/proc/self/task"), threads);
}

}  // namespace
