#include "cmd/actions/deletion.h"

#include <errno.h>

#include <string>
#include <string_view>
#include <vector>

#include "cmd/actions/action_messages.h"
#include "cmd/actions/action_target.h"
#include "cmd/actions/directory_chain.h"
#include "fs/fake/disk/fake_file_system.h"
#include "fs/fake/disk/fake_tree.h"
#include "fs/fake/fake_clock.h"
#include "gtest/gtest.h"
#include "tests/cmd/fake_stream.h"

namespace finder {
namespace {

using Gone = Deletion::Gone;
using Names = std::vector<std::string>;

class DeletionTest : public testing::Test {
 protected:
  DeletionTest() {
    tree_.MakeDirectories("/w");
    files_.SetWorkingDirectory("/w");
  }

  static ActionTarget Target(std::string_view path, std::string_view start,
                             uint32_t depth,
                             EntryKind kind = EntryKind::kFile) {
    return {.path = path, .start = start, .depth = depth, .kind = kind};
  }

  FakeClock clock_;
  FakeTree tree_{&clock_};
  FakeFileSystem files_{&tree_};
  FakeStream err_;
  ActionMessages messages_{err_};
  Deletion deletion_{files_, messages_};
};

TEST_F(DeletionTest, FilesAndEmptyDirectoriesGo) {
  tree_.AddTree("f t/a/x\nl t/a/l -> x\nd t/b\n", "/w");
  EXPECT_TRUE(deletion_.Delete(Target("t/a/x", "t", 2), Gone::kIsProblem));
  EXPECT_TRUE(deletion_.Delete(Target("t/a/l", "t", 2, EntryKind::kSymlink),
                               Gone::kIsProblem));
  EXPECT_TRUE(deletion_.Delete(Target("t/a", "t", 1, EntryKind::kDirectory),
                               Gone::kIsProblem));
  EXPECT_EQ(tree_.Names("/w/t"), Names{"b"});
  EXPECT_FALSE(messages_.had_problem());
}

TEST_F(DeletionTest, OperandsGoByTheirPath) {
  tree_.AddTree("f t/x\n", "/w");
  EXPECT_TRUE(deletion_.Delete(Target("t/x", "t/x", 0), Gone::kIsProblem));
  EXPECT_TRUE(deletion_.Delete(Target("t/", "t/", 0, EntryKind::kDirectory),
                               Gone::kIsProblem));
  EXPECT_EQ(tree_.Names("/w"), Names());
}

TEST_F(DeletionTest, AnOperandMayEndInASlash) {
  tree_.AddTree("f t/x\nf t/a/y\n", "/w");
  EXPECT_TRUE(deletion_.Delete(Target("t/x", "t/", 1), Gone::kIsProblem));
  EXPECT_TRUE(deletion_.Delete(Target("t/a/y", "t/", 2), Gone::kIsProblem));
  EXPECT_EQ(tree_.Names("/w/t"), Names{"a"});
}

TEST_F(DeletionTest, TheWorkingDirectoryIsLeftAlone) {
  EXPECT_TRUE(deletion_.Delete(Target(".", ".", 0, EntryKind::kDirectory),
                               Gone::kIsProblem));
  EXPECT_TRUE(tree_.Exists("/w"));
}

TEST_F(DeletionTest, WhatCannotBeDeletedIsAProblem) {
  tree_.AddTree("f t/a/x\n", "/w");
  EXPECT_FALSE(deletion_.Delete(Target("t/a", "t", 1, EntryKind::kDirectory),
                                Gone::kIsProblem));
  EXPECT_EQ(err_.text, "finder: t/a: cannot be deleted: Directory not empty\n");
  EXPECT_TRUE(messages_.had_problem());
}

TEST_F(DeletionTest, WhatIsGoneAlreadyIsFineIfTheUserSaysSo) {
  tree_.AddTree("d t\n", "/w");
  EXPECT_TRUE(deletion_.Delete(Target("t/x", "t", 1), Gone::kIsFine));
  EXPECT_EQ(err_.text, "");
  EXPECT_FALSE(deletion_.Delete(Target("t/x", "t", 1), Gone::kIsProblem));
  EXPECT_EQ(err_.text,
            "finder: t/x: cannot be deleted: No such file or directory\n");
}

TEST_F(DeletionTest, AFileInThePlaceOfADirectoryStays) {
  tree_.AddTree("f t/a\n", "/w");
  EXPECT_FALSE(deletion_.Delete(Target("t/a", "t", 1, EntryKind::kDirectory),
                                Gone::kIsProblem));
  EXPECT_TRUE(tree_.Exists("/w/t/a"));
}

TEST_F(DeletionTest, ASymlinkInThePlaceOfADirectoryLeadsNowhere) {
  tree_.AddTree("f t/a/x\nf victim/x\nf victim/y\n", "/w");
  EXPECT_TRUE(deletion_.Delete(Target("t/a/x", "t", 2), Gone::kIsProblem));
  tree_.RemoveAll("/w/t/a");
  tree_.Symlink("/w/victim", "/w/t/a");
  EXPECT_FALSE(deletion_.Delete(Target("t/a/y", "t", 2), Gone::kIsProblem));
  EXPECT_EQ(tree_.Names("/w/victim"), (Names{"x", "y"}));
  // Where symlinks are followed it is a directory like others.
  ActionTarget followed = Target("t/a/y", "t", 2);
  followed.links_below = SymlinkPolicy::kFollow;
  EXPECT_TRUE(deletion_.Delete(followed, Gone::kIsProblem));
  EXPECT_EQ(tree_.Names("/w/victim"), Names{"x"});
}

TEST_F(DeletionTest, ADirectoryThatWasMadeAnewIsOpenedAnew) {
  tree_.AddTree("f t/a/x\nf t/a/y\n", "/w");
  EXPECT_TRUE(deletion_.Delete(Target("t/a/x", "t", 2), Gone::kIsProblem));
  tree_.RemoveAll("/w/t/a");
  tree_.WriteFile("/w/t/a/y");
  EXPECT_TRUE(deletion_.Delete(Target("t/a/y", "t", 2), Gone::kIsProblem));
  EXPECT_EQ(tree_.Names("/w/t/a"), Names());
}

TEST_F(DeletionTest, ManyFilesOfADirectoryOpenItOnce) {
  tree_.MakeDirectories("/w/t/a/b");
  for (int i = 0; i < 50; ++i) {
    tree_.WriteFile("/w/t/a/b/" + std::to_string(i));
  }
  files_.calls().Reset();
  for (int i = 0; i < 50; ++i) {
    const std::string path = "t/a/b/" + std::to_string(i);
    EXPECT_TRUE(deletion_.Delete(Target(path, "t", 3), Gone::kIsProblem));
  }
  EXPECT_EQ(files_.calls().counters().open_directory, 3);
  EXPECT_EQ(files_.calls().counters().remove, 50);
}

TEST_F(DeletionTest, ADeepTreeGoesWithFewOpenDirectories) {
  constexpr int kDepth = 300;
  std::vector<std::string> paths = {"t"};
  for (int i = 0; i < kDepth; ++i) paths.push_back(paths.back() + "/d");
  tree_.MakeDirectories("/w/" + paths.back());
  files_.SetMaxOpenFiles(40);
  files_.calls().Reset();
  for (uint32_t depth = kDepth; depth > 0; --depth) {
    EXPECT_TRUE(deletion_.Delete(
        Target(paths[depth], "t", depth, EntryKind::kDirectory),
        Gone::kIsProblem));
  }
  EXPECT_EQ(tree_.Names("/w/t"), Names());
  // Each way down leaves 32 directories open for the way up.
  EXPECT_LT(files_.calls().counters().open_directory, 2000);
}

TEST(ActionTargetTest, PathsHaveADirectoryAndAName) {
  const auto parts = [](std::string_view path) {
    return HoldingDirectory(path) + "|" + NameWithin(path);
  };
  EXPECT_EQ(parts("a"), ".|a");
  EXPECT_EQ(parts("a/b"), "a|b");
  EXPECT_EQ(parts("a//b//"), "a|b/");
  EXPECT_EQ(parts("/a"), "/|a");
  EXPECT_EQ(parts("//a/"), "/|a/");
  EXPECT_EQ(parts("//"), "/|/");
  EXPECT_EQ(parts("t//"), ".|t/");
  EXPECT_EQ(parts("t/.."), "t|..");
}

}  // namespace
}  // namespace finder
