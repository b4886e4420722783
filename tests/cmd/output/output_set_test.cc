#include "cmd/output/output_set.h"

#include <errno.h>

#include <map>
#include <string>
#include <vector>

#include "fs/fake/disk/fake_file_system.h"
#include "fs/fake/disk/fake_tree.h"
#include "fs/fake/fake_clock.h"
#include "gtest/gtest.h"

namespace finder {
namespace {

using Contents = std::map<std::string, std::string>;

class OutputSetTest : public testing::Test {
 protected:
  OutputSetTest() : tree_(&clock_), files_(&tree_) {
    tree_.MakeDirectories("/out");
    tree_.MakeDirectories("/other");
  }

  // Writes all of these; returns the error, or "".
  std::string WriteAll(const Contents& contents) {
    OutputSet set(files_, FakeUser().id);
    std::vector<Outcome> written;
    for (const auto& [path, text] : contents) {
      absl::StatusOr<OutputFile*> file = set.Add(path);
      if (!file.ok()) return std::string(file.status().message());
      written.push_back((*file)->Write(text));
    }
    return std::string(set.Commit(written).message());
  }

  // What is in /out, temporary files included.
  Contents Out() {
    Contents contents;
    for (const std::string& name : tree_.Names("/out")) {
      contents["/out/" + name] = tree_.ReadFile("/out/" + name);
    }
    return contents;
  }

  FakeClock clock_;
  FakeTree tree_;
  FakeFileSystem files_;
};

TEST_F(OutputSetTest, WritesAllFiles) {
  const Contents contents = {{"/out/a", "1"}, {"/out/b", ""}, {"/out/c", "3"}};
  EXPECT_EQ(WriteAll(contents), "");
  EXPECT_EQ(Out(), contents);
}

TEST_F(OutputSetTest, WritesOnlyWhatChanged) {
  const Contents contents = {{"/out/a", "1"}, {"/out/b", "2"}};
  WriteAll(contents);
  clock_.Advance(1'000'000'000);
  const FileStat before = tree_.Stat("/out/a");
  EXPECT_EQ(WriteAll({{"/out/a", "1"}, {"/out/b", "new"}}), "");
  EXPECT_EQ(tree_.Stat("/out/a").inode, before.inode);
  EXPECT_EQ(tree_.Stat("/out/a").change_ns, before.change_ns);
  EXPECT_EQ(tree_.ReadFile("/out/b"), "new");
}

TEST_F(OutputSetTest, WhateverFailsAllOrNoneAreChanged) {
  const Contents old = {{"/out/a", "old a"}, {"/out/b", "old b"}};
  const Contents wanted = {
      {"/out/a", "new a"}, {"/out/b", "new b"}, {"/out/c", "new c"}};
  for (int n = 1; n < 100; ++n) {
    tree_.RemoveAll("/out");
    tree_.MakeDirectories("/out");
    for (const auto& [path, text] : old) tree_.WriteFile(path, text);
    files_.calls().Reset();
    files_.calls().FailNthWrite(n, ENOSPC);
    const std::string error = WriteAll(wanted);
    if (error.empty()) {
      EXPECT_EQ(Out(), wanted);
      EXPECT_GT(n, 3);
      return;
    }
    EXPECT_EQ(Out(), old) << "write " << n << " failed";
    EXPECT_NE(error.find("No space left"), std::string::npos) << error;
  }
  FAIL() << "no end of failures";
}

TEST_F(OutputSetTest, OneFileUnderTwoPathsIsNamedTwice) {
  tree_.Symlink("/out", "/link");
  tree_.Symlink("a", "/out/b");
  EXPECT_EQ(WriteAll({{"/out/a", ""}, {"/other/../out/a", ""}}),
            "/out/a: the same file as the output /other/../out/a");
  EXPECT_EQ(WriteAll({{"/link/a", ""}, {"/out/a", ""}}),
            "/out/a: the same file as the output /link/a");
  EXPECT_EQ(WriteAll({{"/out/a", ""}, {"/out/b", ""}}),
            "/out/b: the same file as the output /out/a");
  EXPECT_EQ(WriteAll({{"/out/c", ""}, {"/other/c", ""}}), "");
}

TEST_F(OutputSetTest, AFailedWriteLeavesTheOthers) {
  OutputSet set(files_, FakeUser().id);
  ASSERT_TRUE(set.Add("/out/a").ok());
  ASSERT_TRUE(set.Add("/out/b").ok());
  const absl::Status status = set.Commit({Outcome(), SystemError(EIO)});
  EXPECT_EQ(status.message(), "/out/b: Input/output error");
  EXPECT_TRUE(Out().empty());
}

}  // namespace
}  // namespace finder
