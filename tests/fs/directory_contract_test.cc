// The contract of OpenDirectory and List.
#include <errno.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fs/file_system.h"
#include "gtest/gtest.h"
#include "tests/fs/file_system_contract.h"

namespace finder {
namespace {

using Entries = std::map<std::string, EntryKind>;
constexpr auto kFollow = SymlinkPolicy::kFollow;
constexpr auto kNoFollow = SymlinkPolicy::kNoFollow;

TEST_P(FileSystemContract, ListsEveryEntryWithItsKind) {
  world().WriteFile(At("file"), "");
  world().MakeDirectories(At("directory"));
  world().Symlink("directory", At("link"));
  world().Symlink("nowhere", At("dangling"));
  world().MakePipe(At("pipe"));
  EXPECT_EQ(List(world().root()), (Entries{{"file", EntryKind::kFile},
                                           {"directory", EntryKind::kDirectory},
                                           {"link", EntryKind::kSymlink},
                                           {"dangling", EntryKind::kSymlink},
                                           {"pipe", EntryKind::kOther}}));
}

TEST_P(FileSystemContract, ListsNothingInAnEmptyDirectory) {
  EXPECT_EQ(List(world().root()), Entries());
}

TEST_P(FileSystemContract, NamesAreBytes) {
  std::vector<std::string> names = {"caf\xe9.c",    "new\nline", "q\"uo'te",
                                    "back\\slash",  " ",         "-n",
                                    "\xef\xbf\xbd", "...",       ".x"};
  names.push_back(std::string(255, 'n'));
  for (int byte = 1; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    if (c != '/' && c != '.') names.push_back(std::string(1, c));
  }
  Entries expected;
  for (const std::string& name : names) {
    world().WriteFile(At(name), "");
    expected[name] = EntryKind::kFile;
  }
  EXPECT_EQ(List(world().root()), expected);
  for (const std::string& name : names) {
    EXPECT_EQ(StatOf(At(name)).kind, EntryKind::kFile) << name;
  }
}

TEST_P(FileSystemContract, ListsDirectoriesLargerThanOneBuffer) {
  Entries expected;
  for (int i = 0; i < 3000; ++i) {
    const std::string name = "a-rather-long-name-" + std::to_string(i);
    world().WriteFile(At(name), "");
    expected[name] = EntryKind::kFile;
  }
  EXPECT_EQ(List(world().root()), expected);
}

TEST_P(FileSystemContract, AVisitorMayListInTurn) {
  for (const char* path : {"a/1", "a/2", "b/3", "b/4"}) {
    world().MakeDirectories(At(path));
  }
  Entries all;
  const DirectoryHandle root = Open(world().root());
  const Outcome listed = fs().List(root, [&](std::string_view name, EntryKind) {
    for (const auto& [below, kind] : List(At(name))) {
      all[std::string(name) + "/" + below] = kind;
    }
  });
  EXPECT_TRUE(listed.ok());
  EXPECT_EQ(all.size(), 4u);
  EXPECT_TRUE(all.contains("b/4"));
}

TEST_P(FileSystemContract, OpensRelativeToADirectory) {
  world().MakeDirectories(At("a/b/c"));
  const DirectoryHandle a = Open(At("a"));
  const Result<DirectoryHandle> c = fs().OpenDirectory(a, "b/c", kNoFollow);
  ASSERT_TRUE(c.ok());
  EXPECT_EQ(fs().Stat(c.value(), "", kNoFollow)->inode,
            StatOf(At("a/b/c")).inode);
  const Result<DirectoryHandle> up =
      fs().OpenDirectory(c.value(), "../..", kNoFollow);
  ASSERT_TRUE(up.ok());
  EXPECT_EQ(fs().Stat(up.value(), "", kNoFollow)->inode, StatOf(At("a")).inode);
}

TEST_P(FileSystemContract, AbsolutePathIgnoresTheBase) {
  world().MakeDirectories(At("a"));
  world().MakeDirectories(At("b"));
  const Result<DirectoryHandle> b =
      fs().OpenDirectory(Open(At("a")), At("b"), kNoFollow);
  ASSERT_TRUE(b.ok());
  EXPECT_EQ(fs().Stat(b.value(), "", kNoFollow)->inode, StatOf(At("b")).inode);
}

TEST_P(FileSystemContract, OpenDirectoryTellsWhatIsWrong) {
  world().WriteFile(At("file"), "");
  const DirectoryHandle root = Open(world().root());
  EXPECT_EQ(ErrorOf(fs().OpenDirectory(root, "missing", kNoFollow)), ENOENT);
  EXPECT_EQ(ErrorOf(fs().OpenDirectory(root, "missing/x", kNoFollow)), ENOENT);
  EXPECT_EQ(ErrorOf(fs().OpenDirectory(root, "", kNoFollow)), ENOENT);
  EXPECT_EQ(ErrorOf(fs().OpenDirectory(root, "file", kNoFollow)), ENOTDIR);
  EXPECT_EQ(ErrorOf(fs().OpenDirectory(root, "file", kFollow)), ENOTDIR);
  EXPECT_EQ(ErrorOf(fs().OpenDirectory(root, "file/x", kFollow)), ENOTDIR);
  EXPECT_EQ(ErrorOf(fs().OpenDirectory(root, std::string(256, 'n'), kFollow)),
            ENAMETOOLONG);
}

TEST_P(FileSystemContract, OpenDirectoryDoesNotWaitForAPipe) {
  world().MakePipe(At("pipe"));
  EXPECT_EQ(ErrorOf(fs().OpenDirectory(DirectoryHandle(), At("pipe"), kFollow)),
            ENOTDIR);
}

TEST_P(FileSystemContract, OpenDirectoryFollowsSymlinksOnlyWhenAsked) {
  world().MakeDirectories(At("d/e"));
  world().Symlink("d", At("link"));
  world().Symlink("nowhere", At("dangling"));
  world().Symlink("loop", At("loop"));
  const DirectoryHandle root = Open(world().root());
  EXPECT_EQ(ErrorOf(fs().OpenDirectory(root, "link", kNoFollow)), ENOTDIR);
  EXPECT_EQ(ErrorOf(fs().OpenDirectory(root, "link", kFollow)), 0);
  // On the way, and before a slash, symlinks are always followed.
  EXPECT_EQ(ErrorOf(fs().OpenDirectory(root, "link/e", kNoFollow)), 0);
  EXPECT_EQ(ErrorOf(fs().OpenDirectory(root, "link/", kNoFollow)), 0);
  EXPECT_EQ(ErrorOf(fs().OpenDirectory(root, "dangling", kFollow)), ENOENT);
  EXPECT_EQ(ErrorOf(fs().OpenDirectory(root, "dangling", kNoFollow)), ENOTDIR);
  EXPECT_EQ(ErrorOf(fs().OpenDirectory(root, "loop", kFollow)), ELOOP);
  EXPECT_EQ(ErrorOf(fs().OpenDirectory(root, "loop", kNoFollow)), ENOTDIR);
}

TEST_P(FileSystemContract, AHandleFollowsItsDirectoryWhenThatIsRenamed) {
  world().MakeDirectories(At("old/below"));
  const DirectoryHandle directory = Open(At("old"));
  world().Rename(At("old"), At("new"));
  world().MakeDirectories(At("old"));
  EXPECT_EQ(ErrorOf(fs().Stat(directory, "below", kNoFollow)), 0);
  EXPECT_EQ(fs().Stat(directory, "", kNoFollow)->inode,
            StatOf(At("new")).inode);
}

TEST_P(FileSystemContract, ARemovedDirectoryHoldsNothing) {
  world().MakeDirectories(At("gone/below"));
  const DirectoryHandle directory = Open(At("gone"));
  world().RemoveAll(At("gone"));
  EXPECT_EQ(ErrorOf(fs().Stat(directory, "", kNoFollow)), 0);
  EXPECT_EQ(ErrorOf(fs().Stat(directory, "below", kNoFollow)), ENOENT);
  EXPECT_EQ(ErrorOf(fs().OpenDirectory(directory, "below", kNoFollow)), ENOENT);
  EXPECT_EQ(ErrorOf(fs().List(directory, [](std::string_view, EntryKind) {})),
            ENOENT);
}

TEST_P(FileSystemContract, ADirectoryThatMayNotBeReadFailsWithEacces) {
  world().MakeDirectories(At("unreadable/below"));
  world().Chmod(At("unreadable"), 0311);
  EXPECT_EQ(ErrorOf(fs().OpenDirectory(DirectoryHandle(), At("unreadable"),
                                       kNoFollow)),
            EACCES);
  EXPECT_EQ(ErrorOf(Stat(At("unreadable/below"))), 0);
  EXPECT_EQ(List(At("unreadable/below")), Entries());
}

TEST_P(FileSystemContract, ADirectoryThatMayNotBeSearchedShowsOnlyNames) {
  world().MakeDirectories(At("unsearchable/below"));
  world().Chmod(At("unsearchable"), 0600);
  EXPECT_EQ(List(At("unsearchable")),
            (Entries{{"below", EntryKind::kDirectory}}));
  EXPECT_EQ(ErrorOf(Stat(At("unsearchable/below"))), EACCES);
  EXPECT_EQ(
      ErrorOf(fs().OpenDirectory(Open(At("unsearchable")), "below", kNoFollow)),
      EACCES);
}

TEST_P(FileSystemContract, HandlesCloseOnceWhereverTheyAreMoved) {
  const int before = world().CountOpenFiles();
  {
    DirectoryHandle first = Open(world().root());
    DirectoryHandle second = std::move(first);
    EXPECT_FALSE(first.is_open());  // NOLINT: moved from on purpose
    EXPECT_TRUE(second.is_open());
    DirectoryHandle third = Open(world().root());
    EXPECT_EQ(world().CountOpenFiles(), before + 2);
    third = std::move(second);
    third.Close();
    EXPECT_FALSE(third.is_open());
    third.Close();
  }
  EXPECT_EQ(world().CountOpenFiles(), before);
}

TEST_P(FileSystemContract, ManyDirectoriesMayBeOpen) {
  const int before = world().CountOpenFiles();
  {
    std::vector<DirectoryHandle> opened;
    opened.reserve(300);
    for (int i = 0; i < 300; ++i) opened.push_back(Open(world().root()));
    for (const DirectoryHandle& handle : opened) {
      EXPECT_EQ(ErrorOf(fs().Stat(handle, "", kNoFollow)), 0);
    }
  }
  EXPECT_EQ(world().CountOpenFiles(), before);
}

TEST_P(FileSystemContract, RunningOutOfDescriptorsIsTold) {
  world().WriteFile(At("file"), "");
  EXPECT_EQ(ErrorOf(fs().OpenFile(At("file"), kNoFollow)), 0);
  world().LimitOpenFiles(2);
  DirectoryHandle first = Open(world().root());
  DirectoryHandle second = Open(world().root());
  EXPECT_EQ(ErrorOf(fs().OpenDirectory(first, ".", kNoFollow)), EMFILE);
  EXPECT_EQ(ErrorOf(fs().OpenFile(At("file"), kNoFollow)), EMFILE);
  EXPECT_EQ(ErrorOf(fs().Stat(first, "file", kNoFollow)), 0);
  second.Close();
  EXPECT_EQ(ErrorOf(fs().OpenDirectory(first, ".", kNoFollow)), 0);
}

// Local, or of an overlay, as the root of a container.
TEST_P(FileSystemContract, TheVolumeOfARootIsKnownAndTheSameBelowIt) {
  const Volume volume = fs().IdentifyVolume(Open(world().root()));
  EXPECT_TRUE(volume.trust == StampTrust::kLocal ||
              volume.trust == StampTrust::kLayers);
  EXPECT_NE(volume.identity, "");
  ASSERT_TRUE(fs().MakeDirectory(At("directory"), 0755).ok());
  EXPECT_EQ(fs().IdentifyVolume(Open(At("directory"))), volume);
}

}  // namespace
}  // namespace finder
