// What FakeTree does beyond the contract: editing, mounts, stamps, devices.
#include "fs/fake/disk/fake_tree.h"

#include <errno.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "fs/fake/disk/fake_file_system.h"
#include "fs/fake/fake_clock.h"
#include "fs/file_system.h"
#include "gtest/gtest.h"

namespace finder {
namespace {

constexpr auto kNoFollow = SymlinkPolicy::kNoFollow;
constexpr int64_t kSecondNs = 1'000'000'000;
using Names = std::vector<std::string>;

class FakeTreeTest : public testing::Test {
 protected:
  FakeTreeTest() : tree_(&clock_), fs_(&tree_) {}

  int StatError(std::string_view path) {
    const Result<FileStat> stat = fs_.Stat(DirectoryHandle(), path, kNoFollow);
    return stat.ok() ? 0 : stat.error().code();
  }
  Names ListingOrder(std::string_view path) {
    Names names;
    Result<DirectoryHandle> directory =
        fs_.OpenDirectory(DirectoryHandle(), path, kNoFollow);
    EXPECT_TRUE(directory.ok());
    EXPECT_TRUE(fs_.List(directory.value(),
                         [&](std::string_view name, EntryKind) {
                           names.emplace_back(name);
                         })
                    .ok());
    return names;
  }

  FakeClock clock_;
  FakeTree tree_;
  FakeFileSystem fs_;
};

TEST_F(FakeTreeTest, ReadsATreeAsText) {
  tree_.AddTree(
      "d \n"
      "d empty\n"
      "f dir with space/a -> b\n"
      "l dir with space/link -> ../empty -> x\n"
      "f no newline",
      "/root");
  EXPECT_EQ(tree_.Names("/root"),
            (Names{"dir with space", "empty", "no newline"}));
  EXPECT_EQ(tree_.Names("/root/dir with space"), (Names{"a -> b", "link"}));
  EXPECT_EQ(tree_.ReadFile("/root/dir with space/link"), "../empty -> x");
  EXPECT_EQ(tree_.Stat("/root/empty").kind, EntryKind::kDirectory);
}

TEST_F(FakeTreeTest, ListsInAnOrderOfItsOwn) {
  Names sorted;
  for (char c = 'a'; c <= 'z'; ++c) {
    sorted.emplace_back(1, c);
    tree_.WriteFile("/d/" + sorted.back());
  }
  const Names first = ListingOrder("/d");
  EXPECT_NE(first, sorted);
  EXPECT_EQ(first.size(), sorted.size());
  EXPECT_EQ(ListingOrder("/d"), first);
}

TEST_F(FakeTreeTest, StampsAreRoundedDownToTheGranularity) {
  tree_.SetStampRule("/", {.granularity_ns = 2 * kSecondNs});
  clock_.SetRealtimeNs(101 * kSecondNs);
  tree_.MakeDirectories("/d");
  EXPECT_EQ(tree_.Stat("/d").change_ns, 100 * kSecondNs);
  clock_.Advance(kSecondNs - 1);
  tree_.WriteFile("/d/same");
  EXPECT_EQ(tree_.Stat("/d").change_ns, 100 * kSecondNs);
  clock_.Advance(1);
  tree_.WriteFile("/d/later");
  EXPECT_EQ(tree_.Stat("/d").change_ns, 102 * kSecondNs);
  clock_.SetRealtimeNs(-kSecondNs);
  tree_.WriteFile("/d/before 1970");
  EXPECT_EQ(tree_.Stat("/d").change_ns, -2 * kSecondNs);
}

TEST_F(FakeTreeTest, AForeignClockStampsWithItsOwnTime) {
  tree_.MakeDirectories("/d");
  tree_.SetStampRule("/",
                     {.granularity_ns = 1, .clock_offset_ns = -5 * kSecondNs});
  tree_.SetTrust("/", StampTrust::kServer);
  tree_.WriteFile("/d/file");
  EXPECT_EQ(tree_.Stat("/d").change_ns, clock_.RealtimeNs() - 5 * kSecondNs);
  const Result<DirectoryHandle> d =
      fs_.OpenDirectory(DirectoryHandle(), "/d", kNoFollow);
  ASSERT_TRUE(d.ok());
  EXPECT_EQ(fs_.IdentifyVolume(d.value()).trust, StampTrust::kServer);
  EXPECT_EQ(fs_.IdentifyVolume(DirectoryHandle()).trust, StampTrust::kServer);
}

TEST_F(FakeTreeTest, AClockSetBackStampsEarlier) {
  tree_.MakeDirectories("/d");
  const int64_t before = tree_.Stat("/d").change_ns;
  clock_.SetBack(10);
  tree_.WriteFile("/d/file");
  EXPECT_EQ(tree_.Stat("/d").change_ns, before - 10);
}

TEST_F(FakeTreeTest, AStampCanBeSetAsRecorded) {
  tree_.MakeDirectories("/d");
  tree_.SetStamp("/d", 1234, 56);
  EXPECT_EQ(tree_.Stat("/d").inode, 1234u);
  EXPECT_EQ(tree_.Stat("/d").change_ns, 56);
}

TEST_F(FakeTreeTest, FreedInodeNumbersComeBackAtOnce) {
  tree_.MakeDirectories("/d");
  const FileStat before = tree_.Stat("/d");
  tree_.RemoveAll("/d");
  tree_.MakeDirectories("/other");
  EXPECT_EQ(tree_.Stat("/other").inode, before.inode);
}

TEST_F(FakeTreeTest, AnInodeHeldOpenIsNotFreed) {
  tree_.MakeDirectories("/d");
  const FileStat before = tree_.Stat("/d");
  const Result<DirectoryHandle> d =
      fs_.OpenDirectory(DirectoryHandle(), "/d", kNoFollow);
  tree_.RemoveAll("/d");
  tree_.MakeDirectories("/other");
  EXPECT_NE(tree_.Stat("/other").inode, before.inode);
}

TEST_F(FakeTreeTest, AMountHidesADirectoryUnderAnotherDevice) {
  tree_.WriteFile("/a/mnt/hidden");
  const FileStat outside = tree_.Stat("/a");
  tree_.Mount("/a/mnt");
  tree_.WriteFile("/a/mnt/seen");
  EXPECT_EQ(tree_.Names("/a/mnt"), (Names{"seen"}));
  EXPECT_NE(tree_.Stat("/a/mnt").device, outside.device);
  EXPECT_EQ(tree_.Stat("/a/mnt/seen").device, tree_.Stat("/a/mnt").device);
  EXPECT_EQ(tree_.Stat("/a/mnt/..").inode, outside.inode);
  EXPECT_EQ(ListingOrder("/a"), (Names{"mnt"}));
  EXPECT_EQ(fs_.Rename("/a/mnt/seen", "/a/seen").error().code(), EXDEV);
  EXPECT_EQ(fs_.Remove("/a/mnt").error().code(), EBUSY);
  EXPECT_EQ(fs_.Rename("/a/mnt", "/a/x").error().code(), EBUSY);
  EXPECT_EQ(fs_.Remove("/").error().code(), EBUSY);
  tree_.Unmount("/a/mnt");
  EXPECT_EQ(tree_.Names("/a/mnt"), (Names{"hidden"}));
  EXPECT_EQ(tree_.Stat("/a/mnt").device, outside.device);
}

TEST_F(FakeTreeTest, ADeviceCanBeRenumbered) {
  tree_.MakeDirectories("/mnt");
  tree_.Mount("/mnt");
  tree_.MakeDirectories("/mnt/d");
  const FileStat before = tree_.Stat("/mnt/d");
  const uint64_t other_device = tree_.Stat("/").device;
  tree_.SetDevice("/mnt", 77);
  const FileStat after = tree_.Stat("/mnt/d");
  EXPECT_EQ(after.device, 77u);
  EXPECT_EQ(after.inode, before.inode);
  EXPECT_EQ(after.change_ns, before.change_ns);
  EXPECT_EQ(tree_.Stat("/").device, other_device);
}

TEST_F(FakeTreeTest, OverwritingKeepsInodeAndDirectoryStamp) {
  tree_.WriteFile("/d/file", "old");
  const FileStat file = tree_.Stat("/d/file");
  const FileStat directory = tree_.Stat("/d");
  clock_.Advance(kSecondNs);
  tree_.WriteFile("/d/file", "new");
  EXPECT_EQ(tree_.ReadFile("/d/file"), "new");
  EXPECT_EQ(tree_.Stat("/d/file").inode, file.inode);
  EXPECT_GT(tree_.Stat("/d/file").change_ns, file.change_ns);
  EXPECT_EQ(tree_.Stat("/d").change_ns, directory.change_ns);
}

TEST_F(FakeTreeTest, PermissionsBindTheUserAndNotTheEditor) {
  tree_.WriteFile("/d/file");
  tree_.Chmod("/d", 0700);
  tree_.Chown("/d", 4711);
  EXPECT_EQ(StatError("/d/file"), EACCES);
  EXPECT_TRUE(tree_.Exists("/d/file"));
  fs_.SetUser({.id = 4711});
  EXPECT_EQ(StatError("/d/file"), 0);
  fs_.SetUser({.id = 0, .root = true});
  EXPECT_EQ(StatError("/d/file"), 0);
}

TEST_F(FakeTreeTest, RelativePathsStartAtTheWorkingDirectory) {
  tree_.WriteFile("/a/file");
  EXPECT_EQ(StatError("file"), ENOENT);
  fs_.SetWorkingDirectory("/a");
  EXPECT_EQ(StatError("file"), 0);
  EXPECT_EQ(StatError("../a/file"), 0);
  tree_.Rename("/a", "/b");
  EXPECT_EQ(StatError("file"), 0);
}

TEST_F(FakeTreeTest, RemovingADeepTreeDoesNotExhaustTheStack) {
  std::string path;
  for (int depth = 0; depth < 2000; ++depth) path += "/d";
  tree_.MakeDirectories(path);
  tree_.RemoveAll("/d");
  EXPECT_EQ(tree_.Names("/"), Names());
}

TEST_F(FakeTreeTest, AnEditThatCannotBeDoneEndsTheTest) {
  tree_.WriteFile("/file");
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(tree_.RemoveAll("/missing"), "FakeTree: /missing: No such");
  EXPECT_DEATH(tree_.WriteFile("/file/x"), "Not a directory");
  EXPECT_DEATH(tree_.Symlink("x", "/file"), "File exists");
  EXPECT_DEATH(tree_.WriteFile("relative"), "not an absolute path");
}

TEST_F(FakeTreeTest, ManyThreadsMayUseIt) {
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int id = 0; id < 4; ++id) {
    threads.emplace_back([this, id] {
      const std::string directory = "/d" + std::to_string(id);
      for (int i = 0; i < 100; ++i) {
        tree_.WriteFile(directory + "/file" + std::to_string(i));
        EXPECT_EQ(StatError(directory), 0);
        const Result<DirectoryHandle> root =
            fs_.OpenDirectory(DirectoryHandle(), "/", kNoFollow);
        ASSERT_TRUE(root.ok());
        EXPECT_TRUE(fs_.List(root.value(), [](auto, auto) {}).ok());
        if (i % 10 == 9) tree_.RemoveAll(directory);
        if (i % 10 == 9) tree_.MakeDirectories(directory);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(fs_.calls().counters().stat, 400);
  EXPECT_EQ(fs_.open_files(), 0);
}

}  // namespace
}  // namespace finder
