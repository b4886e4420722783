// Trees that hear of changes by the kernel's own word: change, ask, compare
// with a walk, without a pause in between. FINDER_TEST_STEPS says how often.
#include <gtest/gtest.h>
#include <stdio.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "finder/daemon/watched_tree.h"
#include "fs/directory_watcher.h"
#include "fs/posix/files/posix_file_system.h"
#include "fs/posix/posix_clock.h"
#include "fs/posix/watch/fanotify_watcher.h"
#include "fs/posix/watch/inotify_watcher.h"
#include "tests/support/finder_fixture.h"
#include "tests/support/naive_walk.h"
#include "tests/support/temporary_tree.h"

namespace finder {
namespace {

namespace stdfs = std::filesystem;

using NewWatcher = Result<std::unique_ptr<DirectoryWatcher>> (*)();

int Steps() {
  const char* const text = getenv("FINDER_TEST_STEPS");
  return text == nullptr ? 1000 : atoi(text);
}

// Random edits of a small tree, each of which is done when it returns. Nearly
// every name stands for something, so nearly every edit does something.
class Editor {
 public:
  explicit Editor(std::string root) : root_(std::move(root)) {}

  // Says what was tried.
  std::string Edit() {
    const std::string a = Path();
    const std::string b = Path();
    std::error_code error;
    switch (random_() % 8) {
      case 0:
      case 1:
        std::ofstream(a) << "bytes";
        return "write " + a;
      case 2:
      case 3:
        stdfs::create_directories(a, error);
        return "mkdir -p " + a;
      case 4:
        stdfs::remove_all(a, error);
        return "rm -r " + a;
      case 5:
        stdfs::create_symlink(b, a, error);
        return "ln -s " + b + " " + a;
      case 6:
        stdfs::rename(a, b, error);
        return "mv " + a + " " + b;
      default:
        renameat2(-1, a.c_str(), -1, b.c_str(), RENAME_EXCHANGE);
        return "exchange " + a + " " + b;
    }
  }

 private:
  std::string Path() {
    std::string path = root_;
    for (uint64_t left = random_() % 4 + 1; left > 0; --left) {
      path += '/';
      path += static_cast<char>('a' + random_() % 4);
    }
    return path;
  }

  std::mt19937_64 random_{1};
  const std::string root_;
};

void ChangeAndAsk(NewWatcher new_watcher) {
  TemporaryTree tree;
  tree.MakeDirectories("r");
  const std::string root = tree.path() + "/r";
  PosixFileSystem files;
  PosixClock clock;
  auto watcher = new_watcher();
  if (!watcher.ok()) GTEST_SKIP() << watcher.error().Message();
  Options options;
  options.view.roots = {root};
  options.threads = 2;
  Finder finder(RealEnvironment(&files, &clock, tree), options);
  WatchedTree watched(&finder, watcher.value().get());
  const auto query = CompiledQuery::Compile(OfAllTypes(), options.view);
  Editor editor(root);
  const int steps = Steps();
  for (int i = 0; i < steps; ++i) {
    const std::string done = editor.Edit();
    const absl::Status refreshed = watched.Refresh();
    ASSERT_TRUE(refreshed.ok()) << refreshed;
    const NaiveAnswer walk =
        NaiveWalk(files, tree.path(), options.view, OfAllTypes().types);
    ASSERT_EQ(AnswersOf(finder, *query), walk.lines)
        << "step " << i << ": " << done;
  }
  // Others may mount something meanwhile, each of which costs a scan.
  EXPECT_LT(watched.counts().scans, static_cast<uint64_t>(steps) / 10);
  EXPECT_EQ(watched.counts().overflows, 0u);
}

TEST(WatchedTreeKernel, ByInotifyEachChangeIsInTheNextAnswer) {
  ChangeAndAsk(InotifyWatcher::Create);
}

TEST(WatchedTreeKernel, ByFanotifyEachChangeIsInTheNextAnswer) {
  ChangeAndAsk(FanotifyWatcher::Create);
}

}  // namespace
}  // namespace finder
