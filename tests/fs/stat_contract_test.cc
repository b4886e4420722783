// The contract of Stat and ReadLink, and of paths.
#include <errno.h>
#include <limits.h>

#include <string>
#include <utility>
#include <vector>

#include "fs/file_system.h"
#include "gtest/gtest.h"
#include "tests/fs/file_system_contract.h"

namespace finder {
namespace {

constexpr auto kFollow = SymlinkPolicy::kFollow;
constexpr auto kNoFollow = SymlinkPolicy::kNoFollow;
constexpr int64_t kSecondNs = 1'000'000'000;

TEST_P(FileSystemContract, StatTellsKindSizeOwnerAndPermissions) {
  world().WriteFile(At("file"), "12345");
  world().Chmod(At("file"), 0640);
  world().MakeDirectories(At("directory"));
  world().MakePipe(At("pipe"));
  const FileStat file = StatOf(At("file"));
  EXPECT_EQ(file.kind, EntryKind::kFile);
  EXPECT_EQ(file.size_bytes, 5);
  EXPECT_EQ(file.owner, world().user_id());
  EXPECT_EQ(file.permissions, 0640u);
  EXPECT_EQ(StatOf(At("directory")).kind, EntryKind::kDirectory);
  EXPECT_EQ(StatOf(At("pipe")).kind, EntryKind::kOther);
}

TEST_P(FileSystemContract, DeviceAndInodeTellFilesApart) {
  world().WriteFile(At("a"), "");
  world().WriteFile(At("b"), "");
  world().HardLink(At("a"), At("c"));
  const FileStat a = StatOf(At("a"));
  const FileStat b = StatOf(At("b"));
  const FileStat c = StatOf(At("c"));
  EXPECT_NE(a.inode, b.inode);
  EXPECT_EQ(a.inode, c.inode);
  EXPECT_EQ(a.device, b.device);
}

TEST_P(FileSystemContract, StatOfAnEmptyPathIsTheBaseItself) {
  world().MakeDirectories(At("d"));
  const FileStat by_path = StatOf(At("d"));
  const Result<FileStat> by_handle = fs().Stat(Open(At("d")), "", kNoFollow);
  ASSERT_TRUE(by_handle.ok());
  EXPECT_EQ(by_handle->inode, by_path.inode);
  EXPECT_EQ(by_handle->device, by_path.device);
  EXPECT_EQ(by_handle->change_ns, by_path.change_ns);
  EXPECT_EQ(by_handle->kind, EntryKind::kDirectory);
}

TEST_P(FileSystemContract, AnEmptyPathWithoutABaseIsTheWorkingDirectory) {
  const Result<FileStat> empty = Stat("");
  ASSERT_TRUE(empty.ok());
  EXPECT_EQ(empty->inode, StatOf(".").inode);
  EXPECT_EQ(empty->kind, EntryKind::kDirectory);
}

TEST_P(FileSystemContract, StatFollowsSymlinksOnlyWhenAsked) {
  world().WriteFile(At("file"), "");
  world().MakeDirectories(At("directory"));
  world().Symlink("file", At("to-file"));
  world().Symlink("to-directory/", At("twice"));
  world().Symlink(At("directory"), At("to-directory"));
  world().Symlink("nowhere", At("dangling"));
  EXPECT_EQ(StatOf(At("to-file")).kind, EntryKind::kSymlink);
  EXPECT_EQ(StatOf(At("dangling")).kind, EntryKind::kSymlink);
  EXPECT_EQ(Stat(At("to-file"), kFollow)->kind, EntryKind::kFile);
  EXPECT_EQ(Stat(At("twice"), kFollow)->kind, EntryKind::kDirectory);
  EXPECT_EQ(Stat(At("twice/"), kNoFollow)->kind, EntryKind::kDirectory);
  EXPECT_EQ(ErrorOf(Stat(At("to-file/"), kNoFollow)), ENOTDIR);
  EXPECT_EQ(ErrorOf(Stat(At("dangling"), kFollow)), ENOENT);
}

TEST_P(FileSystemContract, SymlinkLoopsEnd) {
  world().Symlink("b", At("a"));
  world().Symlink("a", At("b"));
  EXPECT_EQ(ErrorOf(Stat(At("a"), kFollow)), ELOOP);
  EXPECT_EQ(ErrorOf(Stat(At("a/x"), kNoFollow)), ELOOP);
  EXPECT_EQ(StatOf(At("a")).kind, EntryKind::kSymlink);
}

TEST_P(FileSystemContract, AChainOfFortySymlinksIsFollowedAndNoMore) {
  world().WriteFile(At("link0"), "");
  for (int i = 1; i <= 41; ++i) {
    world().Symlink("link" + std::to_string(i - 1),
                    At("link" + std::to_string(i)));
  }
  EXPECT_EQ(ErrorOf(Stat(At("link40"), kFollow)), 0);
  EXPECT_EQ(ErrorOf(Stat(At("link41"), kFollow)), ELOOP);
}

TEST_P(FileSystemContract, StatTellsWhatIsWrong) {
  world().WriteFile(At("file"), "");
  EXPECT_EQ(ErrorOf(Stat(At("missing"))), ENOENT);
  EXPECT_EQ(ErrorOf(Stat(At("missing/below"))), ENOENT);
  EXPECT_EQ(ErrorOf(Stat(At("file/below"))), ENOTDIR);
  EXPECT_EQ(ErrorOf(Stat(At("file/"))), ENOTDIR);
  EXPECT_EQ(ErrorOf(Stat(At("file/.."))), ENOTDIR);
  EXPECT_EQ(ErrorOf(Stat(At(std::string(256, 'n')))), ENAMETOOLONG);
}

TEST_P(FileSystemContract, DotsAndSlashesAreUnderstood) {
  world().MakeDirectories(At("a/b"));
  const uint64_t inode = StatOf(At("a/b")).inode;
  EXPECT_EQ(StatOf(At("a//b")).inode, inode);
  EXPECT_EQ(StatOf(At("a/./b/.")).inode, inode);
  EXPECT_EQ(StatOf(At("a/b/../b/")).inode, inode);
  EXPECT_EQ(StatOf(world().root() + "/a/../a/b").inode, inode);
  EXPECT_EQ(StatOf("/..").inode, StatOf("/").inode);
}

TEST_P(FileSystemContract, ADirectorysStampMovesWithItsNames) {
  world().MakeDirectories(At("d/sub"));
  int64_t last = StampOf(At("d"));
  const auto expect_moved = [&](const char* by) {
    const int64_t now = StampOf(At("d"));
    EXPECT_GT(now, last) << by;
    last = now;
    world().Tick();
  };
  world().Tick();
  world().WriteFile(At("d/file"), "");
  expect_moved("new file");
  world().MakeDirectories(At("d/other"));
  expect_moved("new directory");
  world().Symlink("x", At("d/link"));
  expect_moved("new symlink");
  world().Rename(At("d/file"), At("d/renamed"));
  expect_moved("rename within");
  world().Rename(At("d/renamed"), At("d/sub/moved"));
  expect_moved("moved away");
  world().Rename(At("d/sub/moved"), At("d/back"));
  expect_moved("moved here");
  world().RemoveAll(At("d/back"));
  expect_moved("removed file");
  world().RemoveAll(At("d/other"));
  expect_moved("removed directory");
}

TEST_P(FileSystemContract, ADirectorysStampMovesWithItsPermissionsAndName) {
  world().MakeDirectories(At("d"));
  const int64_t first = StampOf(At("d"));
  world().Tick();
  world().Chmod(At("d"), 0700);
  const int64_t second = StampOf(At("d"));
  EXPECT_GT(second, first);
  world().Tick();
  world().Rename(At("d"), At("e"));
  EXPECT_GT(StampOf(At("e")), second);
}

TEST_P(FileSystemContract, ADirectorysStampStandsWhenAFileOrGrandchildChanges) {
  world().MakeDirectories(At("d/sub"));
  world().WriteFile(At("d/file"), "");
  const int64_t before = StampOf(At("d"));
  world().Tick();
  world().WriteFile(At("d/file"), "more");
  world().WriteFile(At("d/sub/new"), "");
  world().Chmod(At("d/sub"), 0700);
  EXPECT_EQ(StampOf(At("d")), before);
}

TEST_P(FileSystemContract, TheStampIsTheLaterOfBothTimes) {
  world().MakeDirectories(At("d"));
  const int64_t future = (world().NowNs() / kSecondNs + 1000) * kSecondNs + 7;
  world().SetModifiedTime(At("d"), future);
  EXPECT_EQ(StampOf(At("d")), future);
  world().Tick();
  world().SetModifiedTime(At("d"), 5 * kSecondNs);
  const int64_t now = StampOf(At("d"));
  EXPECT_GT(now, 5 * kSecondNs);
  EXPECT_LT(now, future);
}

TEST_P(FileSystemContract, ReadLinkTellsTheTarget) {
  const std::string target = "any \xff\n thing/../x";
  world().MakeDirectories(At("d"));
  world().Symlink(target, At("d/link"));
  const DirectoryHandle directory = Open(At("d"));
  const Result<std::string> link = fs().ReadLink(directory, "link");
  ASSERT_TRUE(link.ok());
  EXPECT_EQ(link.value(), target);
  EXPECT_EQ(ErrorOf(fs().ReadLink(directory, ".")), EINVAL);
  EXPECT_EQ(ErrorOf(fs().ReadLink(directory, "missing")), ENOENT);
}

TEST_P(FileSystemContract, ALongTargetIsReadWhole) {
  const std::string target(4000, 'x');
  world().Symlink(target, At("link"));
  const Result<std::string> link = fs().ReadLink(DirectoryHandle(), At("link"));
  ASSERT_TRUE(link.ok());
  EXPECT_EQ(link.value(), target);
}

TEST_P(FileSystemContract, PathsMayBeLongerThanPathMax) {
  std::string path = world().root();
  uint64_t inode = 0;
  while (path.size() < 3 * PATH_MAX) {
    path += "/" + std::string(200, 'a' + path.size() % 26);
    ASSERT_EQ(ErrorOf(fs().MakeDirectory(path, 0700)), 0);
    inode = StatOf(path).inode;
  }
  const Result<DirectoryHandle> opened =
      fs().OpenDirectory(DirectoryHandle(), path, kNoFollow);
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(fs().Stat(opened.value(), "", kNoFollow)->inode, inode);
  EXPECT_EQ(StatOf(path + "/").inode, inode);
  EXPECT_EQ(StatOf(path + std::string(PATH_MAX, '/')).inode, inode);

  Result<std::unique_ptr<PendingFile>> file =
      fs().CreateFile(path + "/file", 0600);
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE(file.value()->Append("bytes").ok());
  ASSERT_TRUE(file.value()->Commit().ok());
  EXPECT_EQ(StatOf(path + "/file").size_bytes, 5);
  EXPECT_EQ(ErrorOf(fs().OpenFile(path + "/file", kNoFollow)), 0);
  EXPECT_EQ(ErrorOf(fs().ReadLink(DirectoryHandle(), path)), EINVAL);
  EXPECT_EQ(ErrorOf(fs().Rename(path + "/file", path + "/other")), 0);
  EXPECT_EQ(ErrorOf(fs().Remove(path + "/other")), 0);
  EXPECT_EQ(ErrorOf(Stat(path + "/other")), ENOENT);
}

TEST_P(FileSystemContract, LongPathsTellWhatIsWrong) {
  world().WriteFile(At("file"), "");
  std::string below;
  while (below.size() < 2 * PATH_MAX) below += "/" + std::string(200, 'a');
  EXPECT_EQ(ErrorOf(Stat(At("missing" + below))), ENOENT);
  EXPECT_EQ(ErrorOf(Stat(At("file" + below))), ENOTDIR);
  EXPECT_EQ(ErrorOf(Stat(At(std::string(2 * PATH_MAX, 'n')))), ENAMETOOLONG);
  EXPECT_EQ(ErrorOf(fs().OpenDirectory(DirectoryHandle(), At("file" + below),
                                       kFollow)),
            ENOTDIR);
}

TEST_P(FileSystemContract, LongPathsLeaveNoDescriptorOpen) {
  std::string path = world().root();
  while (path.size() < 2 * PATH_MAX) path += "/.";
  const int before = world().CountOpenFiles();
  EXPECT_EQ(ErrorOf(Stat(path)), 0);
  EXPECT_EQ(ErrorOf(Stat(path + "/missing")), ENOENT);
  EXPECT_EQ(world().CountOpenFiles(), before);
}

TEST_P(FileSystemContract, TreesMayBeDeep) {
  constexpr int kDepth = 3000;
  std::string path = world().root();
  for (int depth = 0; depth < kDepth; ++depth) {
    path += "/d";
    ASSERT_EQ(ErrorOf(fs().MakeDirectory(path, 0700)), 0) << depth;
  }
  DirectoryHandle at = Open(world().root());
  int depth = 0;
  for (;;) {
    Result<DirectoryHandle> below = fs().OpenDirectory(at, "d", kNoFollow);
    if (!below.ok()) break;
    at = std::move(below).value();
    ++depth;
  }
  EXPECT_EQ(depth, kDepth);
  EXPECT_EQ(fs().Stat(at, "", kNoFollow)->inode, StatOf(path).inode);
}

}  // namespace
}  // namespace finder
