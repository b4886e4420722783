#include "cmd/output/output_file.h"

#include <errno.h>

#include <memory>
#include <string>
#include <vector>

#include "fs/fake/disk/fake_file_system.h"
#include "fs/fake/disk/fake_tree.h"
#include "fs/fake/fake_clock.h"
#include "gtest/gtest.h"

namespace finder {
namespace {

class OutputFileTest : public testing::Test {
 protected:
  OutputFileTest() : tree_(&clock_), files_(&tree_) {
    tree_.MakeDirectories("/out");
  }

  // Writes the pieces to /out/list; returns the error, or "".
  std::string Write(const std::vector<std::string>& pieces,
                    const std::string& path = "/out/list") {
    auto file = OutputFile::Open(files_, path, FakeUser().id);
    if (!file.ok()) return std::string(file.status().message());
    for (const std::string& piece : pieces) {
      if (const Outcome written = (*file)->Write(piece); !written.ok()) {
        return written.error().Message();
      }
    }
    const Outcome closed = (*file)->Close();
    return closed.ok() ? "" : closed.error().Message();
  }

  FakeClock clock_;
  FakeTree tree_;
  FakeFileSystem files_;
};

TEST_F(OutputFileTest, MakesAFileEvenForNothing) {
  EXPECT_EQ(Write({}), "");
  EXPECT_EQ(tree_.ReadFile("/out/list"), "");
  EXPECT_EQ(Write({"a\n", "b\n"}), "");
  EXPECT_EQ(tree_.ReadFile("/out/list"), "a\nb\n");
}

TEST_F(OutputFileTest, TheSameContentIsNotWritten) {
  tree_.WriteFile("/out/list", "a\nb\n");
  EXPECT_EQ(Write({"a\n", "b\n"}), "");
  EXPECT_EQ(files_.calls().counters().writes(), 0);
  EXPECT_EQ(Write({"a", "\nb\n", ""}), "");
  EXPECT_EQ(files_.calls().counters().writes(), 0);
}

TEST_F(OutputFileTest, ADifferenceAnywhereIsWritten) {
  const std::string old = "a\nb\nc\n";
  const std::vector<std::vector<std::string>> contents = {{"x\n", "b\n", "c\n"},
                                                          {"a\n", "b\n", "x\n"},
                                                          {"a\n", "b\n"},
                                                          {"a\nb\nc\n", "d\n"},
                                                          {},
                                                          {"a\nb\nx\n"}};
  for (const std::vector<std::string>& pieces : contents) {
    tree_.WriteFile("/out/list", old);
    std::string expected;
    for (const std::string& piece : pieces) expected += piece;
    EXPECT_EQ(Write(pieces), "");
    EXPECT_EQ(tree_.ReadFile("/out/list"), expected);
    EXPECT_EQ(tree_.Names("/out"), std::vector<std::string>{"list"});
  }
}

TEST_F(OutputFileTest, LongContentsDifferAtTheEnd) {
  std::string text(200'000, 'x');
  tree_.WriteFile("/out/list", text);
  EXPECT_EQ(Write({text.substr(0, 100'000), text.substr(100'000)}), "");
  EXPECT_EQ(files_.calls().counters().writes(), 0);
  text.back() = 'y';
  EXPECT_EQ(Write({text.substr(0, 100'000), text.substr(100'000)}), "");
  EXPECT_EQ(tree_.ReadFile("/out/list"), text);
}

TEST_F(OutputFileTest, WithoutCloseTheFileStays) {
  tree_.WriteFile("/out/list", "old");
  {
    auto file = OutputFile::Open(files_, "/out/list", FakeUser().id);
    ASSERT_TRUE(file.ok());
    EXPECT_TRUE((*file)->Write("new").ok());
  }
  EXPECT_EQ(tree_.ReadFile("/out/list"), "old");
  EXPECT_EQ(tree_.Names("/out"), std::vector<std::string>{"list"});
}

TEST_F(OutputFileTest, NoWriteErrorIsLostNorHalfAFileLeft) {
  for (int n = 1; n <= 3; ++n) {
    tree_.WriteFile("/out/list", "old");
    files_.calls().FailNthWrite(n, ENOSPC);
    EXPECT_EQ(Write({"new"}), "No space left on device") << n;
    EXPECT_EQ(tree_.ReadFile("/out/list"), "old") << n;
    EXPECT_EQ(tree_.Names("/out"), std::vector<std::string>{"list"}) << n;
    files_.calls().ClearFaults();
  }
}

TEST_F(OutputFileTest, SymlinksAreFollowed) {
  tree_.Symlink("b", "/out/a");
  tree_.Symlink("/out/c", "/out/b");
  EXPECT_EQ(Write({"x"}, "/out/a"), "");
  EXPECT_EQ(tree_.ReadFile("/out/c"), "x");
  tree_.Symlink("loop", "/out/loop");
  EXPECT_EQ(Write({"x"}, "/out/loop"),
            "/out/loop: Too many levels of symbolic links");
}

TEST_F(OutputFileTest, WhatIsNoPlaceForAFileIsRefusedBeforehand) {
  tree_.MakePipe("/out/pipe");
  EXPECT_EQ(Write({}, "/out/pipe"), "/out/pipe: Not a regular file");
  EXPECT_EQ(Write({}, "/out"), "/out: Is a directory");
  EXPECT_EQ(Write({}, "/no/list"), "/no/list: No such file or directory");
  tree_.WriteFile("/out/file");
  EXPECT_EQ(Write({}, "/out/file/x"), "/out/file/x: Not a directory");
  EXPECT_EQ(files_.calls().counters().writes(), 0);
}

constexpr uint32_t kStranger = 4711;

class OutputFileInTmpTest : public OutputFileTest {
 protected:
  OutputFileInTmpTest() {
    tree_.MakeDirectories("/tmp");
    tree_.Chmod("/tmp", 01777);
    tree_.Chown("/tmp", 0);
    tree_.WriteFile("/out/secret", "old");
    tree_.Symlink("/out/secret", "/tmp/link");
    tree_.Chown("/tmp/link", kStranger);
  }
};

TEST_F(OutputFileInTmpTest, FollowsNoSymlinkOfAnotherUsers) {
  EXPECT_EQ(Write({"new"}, "/tmp/link"),
            "/tmp/link: a symlink of another user's in a sticky directory");
  EXPECT_EQ(tree_.ReadFile("/out/secret"), "old");
  tree_.Symlink("/tmp/link", "/out/link");
  EXPECT_EQ(Write({"new"}, "/out/link"),
            "/out/link: leads to /tmp/link, a symlink of another user's in a "
            "sticky directory");
  // It may lead to nothing yet.
  tree_.RemoveAll("/out/secret");
  EXPECT_NE(Write({"new"}, "/tmp/link"), "");
  EXPECT_FALSE(tree_.Exists("/out/secret"));
}

TEST_F(OutputFileInTmpTest, FollowsOnesOwnAndTheOwnersOfTheDirectory) {
  for (const uint32_t owner : {FakeUser().id, uint32_t{0}}) {
    tree_.Chown("/tmp/link", owner);
    const std::string text = "of " + std::to_string(owner);
    EXPECT_EQ(Write({text}, "/tmp/link"), "");
    EXPECT_EQ(tree_.ReadFile("/out/secret"), text);
  }
}

TEST_F(OutputFileInTmpTest, FollowsAnySymlinkWhereNotEverybodyMayWrite) {
  for (const uint32_t permissions : {0755u, 0777u, 01775u}) {
    tree_.Chmod("/tmp", permissions);
    const std::string text = std::to_string(permissions);
    EXPECT_EQ(Write({text}, "/tmp/link"), "");
    EXPECT_EQ(tree_.ReadFile("/out/secret"), text);
  }
}

TEST_F(OutputFileInTmpTest, AFileOfAnotherUsersIsReplacedEvenIfEqual) {
  tree_.WriteFile("/tmp/list", "a\n");
  tree_.Chmod("/tmp/list", 0666);
  tree_.Chown("/tmp/list", kStranger);
  // Only its owner, root and the directory's owner may do that.
  EXPECT_EQ(Write({"a\n"}, "/tmp/list"), "Operation not permitted");
  files_.SetUser({.id = FakeUser().id, .root = true});
  EXPECT_EQ(Write({"a\n"}, "/tmp/list"), "");
  EXPECT_EQ(tree_.Stat("/tmp/list").owner, FakeUser().id);
  EXPECT_EQ(tree_.Stat("/tmp/list").permissions, 0644u);
}

}  // namespace
}  // namespace finder
