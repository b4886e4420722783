// The log, counters and faults of FakeFileSystem.
#include "fs/fake/disk/fake_calls.h"

#include <errno.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fs/fake/disk/fake_file_system.h"
#include "fs/fake/disk/fake_tree.h"
#include "fs/fake/fake_clock.h"
#include "fs/file_system.h"
#include "gtest/gtest.h"

namespace finder {
namespace {

constexpr auto kNoFollow = SymlinkPolicy::kNoFollow;
using Lines = std::vector<std::string>;
using Lasting = FakeCalls::Lasting;

class FakeCallsTest : public testing::Test {
 protected:
  FakeCallsTest() : tree_(&clock_), fs_(&tree_) {
    tree_.AddTree("d a\nd a/b\nf a/file\nl a/link -> file\n");
  }

  int Stat(std::string_view path) {
    const Result<FileStat> stat = fs_.Stat(DirectoryHandle(), path, kNoFollow);
    return stat.ok() ? 0 : stat.error().code();
  }

  FakeClock clock_;
  FakeTree tree_;
  FakeFileSystem fs_;
};

TEST_F(FakeCallsTest, EveryCallIsLoggedWithItsAbsolutePath) {
  {
    Result<DirectoryHandle> a =
        fs_.OpenDirectory(DirectoryHandle(), "/a", kNoFollow);
    ASSERT_TRUE(a.ok());
    EXPECT_TRUE(fs_.List(a.value(), [](auto, auto) {}).ok());
    EXPECT_TRUE(fs_.Stat(a.value(), "", kNoFollow).ok());
    EXPECT_TRUE(fs_.Stat(a.value(), "./b//", kNoFollow).ok());
    EXPECT_TRUE(fs_.ReadLink(a.value(), "link").ok());
    EXPECT_EQ(fs_.IdentifyVolume(a.value()).trust, StampTrust::kLocal);
  }
  fs_.SetWorkingDirectory("/a");
  EXPECT_EQ(Stat("missing"), ENOENT);
  EXPECT_EQ(Stat(""), 0);
  {
    auto file = fs_.OpenFile("file", kNoFollow);
    ASSERT_TRUE(file.ok());
    char byte;
    EXPECT_TRUE(file.value()->ReadAt(0, &byte, 1).ok());
    EXPECT_TRUE(file.value()->Stat().ok());
    auto pending = fs_.CreateFile("new", 0600);
    ASSERT_TRUE(pending.ok());
    EXPECT_TRUE(pending.value()->Append("x").ok());
    EXPECT_TRUE(pending.value()->Commit().ok());
  }
  EXPECT_TRUE(fs_.Rename("new", "/newer").ok());
  EXPECT_TRUE(fs_.Remove("/newer").ok());
  EXPECT_TRUE(fs_.MakeDirectory("/d", 0700).ok());
  EXPECT_EQ(
      fs_.calls().log(),
      (Lines{"open_directory /a", "list /a", "stat /a", "stat /a/b",
             "read_link /a/link", "stat /a/missing", "stat /a",
             "open_file /a/file", "read /a/file", "stat /a/file",
             "create /a/new", "append /a/new", "commit /a/new",
             "rename /a/new /newer", "remove /newer", "make_directory /d"}));
  EXPECT_EQ(fs_.calls().counters(), (FakeCalls::Counters{.stat = 5,
                                                         .open_directory = 1,
                                                         .list = 1,
                                                         .read_link = 1,
                                                         .open_file = 1,
                                                         .read = 1,
                                                         .create = 1,
                                                         .append = 1,
                                                         .commit = 1,
                                                         .rename = 1,
                                                         .remove = 1,
                                                         .make_directory = 1}));
  EXPECT_EQ(fs_.calls().counters().writes(), 6);
}

TEST_F(FakeCallsTest, ResetForgetsLogAndCounters) {
  EXPECT_EQ(Stat("/a"), 0);
  fs_.calls().Reset();
  EXPECT_EQ(fs_.calls().log(), Lines());
  EXPECT_EQ(fs_.calls().counters(), FakeCalls::Counters());
}

TEST_F(FakeCallsTest, EditsOfTheTreeAreNoCalls) {
  tree_.WriteFile("/x");
  tree_.Rename("/x", "/y");
  tree_.RemoveAll("/y");
  EXPECT_EQ(fs_.calls().log(), Lines());
}

TEST_F(FakeCallsTest, TheNthCallOfAKindFailsOnce) {
  fs_.calls().FailNthCall(Operation::kStat, 2, EIO);
  EXPECT_EQ(Stat("/a"), 0);
  EXPECT_TRUE(fs_.ReadLink(DirectoryHandle(), "/a/link").ok());
  EXPECT_EQ(Stat("/a"), EIO);
  EXPECT_EQ(Stat("/a"), 0);
  EXPECT_EQ(fs_.calls().counters().stat, 3);
}

TEST_F(FakeCallsTest, AFaultMayLast) {
  fs_.calls().FailNthCall(Operation::kStat, 2, EIO, Lasting::kFromThenOn);
  EXPECT_EQ(Stat("/a"), 0);
  EXPECT_EQ(Stat("/a"), EIO);
  EXPECT_EQ(Stat("/a"), EIO);
  fs_.calls().ClearFaults();
  EXPECT_EQ(Stat("/a"), 0);
}

TEST_F(FakeCallsTest, TheNthWriteOfAnyKindFails) {
  fs_.calls().FailNthWrite(3, ENOSPC, Lasting::kFromThenOn);
  auto pending = fs_.CreateFile("/new", 0600);
  ASSERT_TRUE(pending.ok());
  EXPECT_EQ(Stat("/a"), 0);
  EXPECT_TRUE(pending.value()->Append("x").ok());
  EXPECT_EQ(pending.value()->Append("y").error().code(), ENOSPC);
  EXPECT_EQ(pending.value()->Commit().error().code(), ENOSPC);
  EXPECT_EQ(Stat("/a"), 0);
  EXPECT_FALSE(tree_.Exists("/new"));
}

TEST_F(FakeCallsTest, AFailedAppendWritesHalf) {
  auto pending = fs_.CreateFile("/new", 0600);
  ASSERT_TRUE(pending.ok());
  fs_.calls().FailNthCall(Operation::kAppend, 1, ENOSPC);
  EXPECT_EQ(pending.value()->Append("12345678").error().code(), ENOSPC);
  EXPECT_TRUE(pending.value()->Commit().ok());
  EXPECT_EQ(tree_.ReadFile("/new"), "1234");
}

TEST_F(FakeCallsTest, EveryCallOnAPathMayFail) {
  fs_.calls().FailPath("/a", EIO);
  fs_.calls().FailPath(Operation::kReadLink, "/a/link", EACCES);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(Stat("/a"), EIO);
    EXPECT_EQ(
        fs_.OpenDirectory(DirectoryHandle(), "/a", kNoFollow).error().code(),
        EIO);
    EXPECT_EQ(fs_.ReadLink(DirectoryHandle(), "/a/link").error().code(),
              EACCES);
    EXPECT_EQ(Stat("/a/link"), 0);
  }
}

TEST_F(FakeCallsTest, AHookMayChangeTheTreeBeforeACall) {
  fs_.calls().OnCall([this](Operation operation, std::string_view path) {
    if (operation == Operation::kList && path == "/a") {
      tree_.WriteFile("/a/late");
      tree_.RemoveAll("/a/b");
    }
  });
  Result<DirectoryHandle> a =
      fs_.OpenDirectory(DirectoryHandle(), "/a", kNoFollow);
  ASSERT_TRUE(a.ok());
  std::vector<std::string> names;
  EXPECT_TRUE(fs_.List(a.value(), [&](std::string_view name,
                                      EntryKind) { names.emplace_back(name); })
                  .ok());
  std::sort(names.begin(), names.end());
  EXPECT_EQ(names, (Lines{"file", "late", "link"}));
}

TEST_F(FakeCallsTest, TwoFileSystemsCountApart) {
  FakeFileSystem other(&tree_);
  EXPECT_EQ(Stat("/a"), 0);
  EXPECT_EQ(other.calls().counters().stat, 0);
}

}  // namespace
}  // namespace finder
