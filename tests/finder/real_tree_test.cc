// The whole finder on a real directory, through the system calls that all the
// other tests replace.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "fs/posix/files/posix_file_system.h"
#include "tests/support/finder_fixture.h"
#include "tests/support/naive_walk.h"
#include "tests/support/temporary_tree.h"

namespace finder {
namespace {

class RealTree : public testing::Test {
 protected:
  Options OptionsOf(const View& view) {
    Options options = FinderFixture::OptionsOf(view);
    options.database = database_.path() + "/finder.db";
    options.threads = 4;
    return options;
  }

  RunResult Run(const Options& options) {
    return RunFinder(RealEnvironment(&files_, &clock_, tree_), options,
                     {Query()});
  }

  std::vector<std::string> Naive(const View& view) {
    std::vector<std::string> lines =
        NaiveWalk(files_, tree_.path(), view, TypeSet()).lines;
    for (std::string& line : lines) line.insert(0, "0 ");
    return lines;
  }

  View ViewOfTree() { return FinderFixture::ViewOf({tree_.path()}); }

  // Cold, warm and naive agree; the warm run lists nothing.
  void ExpectAgreement(const View& view) {
    const RunResult cold = Run(OptionsOf(view));
    EXPECT_TRUE(cold.status.ok()) << cold.status;
    EXPECT_EQ(cold.metrics.cache, CacheState::kCold);
    EXPECT_EQ(cold.lines, Naive(view));
    EXPECT_TRUE(cold.metrics.database_written) << cold.saved;
    const RunResult warm = Run(OptionsOf(view));
    EXPECT_EQ(warm.metrics.cache, CacheState::kWarm)
        << warm.metrics.cache_reason;
    EXPECT_EQ(warm.lines, cold.lines);
    EXPECT_EQ(warm.metrics.list_calls, 0u);
    EXPECT_FALSE(warm.metrics.database_written);
  }

  PosixFileSystem files_;
  HourLaterClock clock_;
  TemporaryTree tree_;
  TemporaryTree database_;
};

TEST_F(RealTree, OfOddNamesAndKindsIsAnsweredColdAndWarm) {
  for (const char* file :
       {"Makefile", "caf\xe9.c", "d\xe9r/x.h", "new\nline/quote\"\\",
        "\xef\xbf\xbd/\xef\xbf\xbd", "a/b/c/d/e.c", "out/a.o"}) {
    tree_.WriteFile(file);
  }
  tree_.MakeDirectories("empty");
  const std::string below = tree_.path() + "/";
  std::filesystem::create_symlink("a", below + "to directory");
  std::filesystem::create_symlink("Makefile", below + "to file");
  std::filesystem::create_symlink("nowhere", below + "dangling");
  ASSERT_EQ(mkfifo((below + "pipe").c_str(), 0600), 0);
  ExpectAgreement(ViewOfTree());
}

TEST_F(RealTree, RelativeRootsAreThoseOfTheWorkingDirectory) {
  tree_.WriteFile("a/b.c");
  tree_.WriteFile("c.c");
  ExpectAgreement(FinderFixture::ViewOf({"."}));
  EXPECT_EQ(Run(OptionsOf(FinderFixture::ViewOf({"a"}))).lines,
            std::vector<std::string>{"0 f a/b.c"});
}

TEST_F(RealTree, ChangesAreSeen) {
  tree_.WriteFile("a/b/old.c");
  tree_.WriteFile("gone/x.c");
  const View view = ViewOfTree();
  Run(OptionsOf(view));
  tree_.WriteFile("a/b/new.c");
  std::filesystem::remove_all(tree_.path() + "/gone");
  const RunResult run = Run(OptionsOf(view));
  EXPECT_EQ(run.lines, Naive(view));
  EXPECT_EQ(run.metrics.list_calls, 2u) << "the root and a/b";
}

TEST_F(RealTree, TheDatabaseIsPrivateAndAlone) {
  tree_.WriteFile("a");
  Run(OptionsOf(ViewOfTree()));
  struct stat stat;
  ASSERT_EQ(::stat((database_.path() + "/finder.db").c_str(), &stat), 0);
  EXPECT_EQ(stat.st_mode & 0777, 0600u);
  EXPECT_EQ(stat.st_uid, geteuid());
  int files = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(database_.path())) {
    files += entry.is_regular_file();
  }
  EXPECT_EQ(files, 1);
}

TEST_F(RealTree, PathsMayBeLongerThanThePathsOfTheKernel) {
  const std::string name(200, 'd');
  int directory = open(tree_.path().c_str(), O_DIRECTORY | O_CLOEXEC);
  for (int depth = 0; depth < 40; ++depth) {
    ASSERT_EQ(mkdirat(directory, name.c_str(), 0700), 0);
    const int below = openat(directory, name.c_str(), O_DIRECTORY | O_CLOEXEC);
    ASSERT_GE(below, 0);
    close(directory);
    directory = below;
  }
  const int file = openat(directory, "file", O_CREAT | O_CLOEXEC, 0600);
  ASSERT_GE(file, 0);
  close(file);
  close(directory);
  ExpectAgreement(ViewOfTree());
  EXPECT_EQ(Run(OptionsOf(ViewOfTree())).lines.size(), 1u);
}

TEST_F(RealTree, OfManyDirectoriesIsAnsweredColdAndWarm) {
  for (int i = 0; i < 400; ++i) {
    tree_.WriteFile(std::to_string(i % 20) + "/" + std::to_string(i) + "/a.c");
  }
  ExpectAgreement(ViewOfTree());
}

}  // namespace
}  // namespace finder
