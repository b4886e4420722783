// The contract of OpenFile and ReadableFile, Rename, Remove and MakeDirectory.
#include <errno.h>

#include <memory>
#include <string>
#include <vector>

#include "fs/file_system.h"
#include "gtest/gtest.h"
#include "tests/fs/file_system_contract.h"

namespace finder {
namespace {

constexpr auto kFollow = SymlinkPolicy::kFollow;
constexpr auto kNoFollow = SymlinkPolicy::kNoFollow;
using Names = std::vector<std::string>;

// Up to `size` bytes at `offset`.
std::string ReadAt(ReadableFile& file, int64_t offset, size_t size) {
  std::string bytes(size, '?');
  const Result<size_t> got = file.ReadAt(offset, bytes.data(), size);
  EXPECT_TRUE(got.ok());
  bytes.resize(got.ok() ? got.value() : 0);
  return bytes;
}

TEST_P(FileSystemContract, ReadsAtAnyOffset) {
  world().WriteFile(At("file"), "0123456789");
  Result<std::unique_ptr<ReadableFile>> file =
      fs().OpenFile(At("file"), kNoFollow);
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(ReadAt(*file.value(), 0, 4), "0123");
  EXPECT_EQ(ReadAt(*file.value(), 7, 3), "789");
  EXPECT_EQ(ReadAt(*file.value(), 7, 100), "789");
  EXPECT_EQ(ReadAt(*file.value(), 10, 1), "");
  EXPECT_EQ(ReadAt(*file.value(), 1000, 1), "");
  EXPECT_EQ(ReadAt(*file.value(), 3, 0), "");
  EXPECT_EQ(ErrorOf(file.value()->ReadAt(-1, nullptr, 1)), EINVAL);
  const Result<FileStat> stat = file.value()->Stat();
  ASSERT_TRUE(stat.ok());
  EXPECT_EQ(stat->size_bytes, 10);
  EXPECT_EQ(stat->inode, StatOf(At("file")).inode);
}

TEST_P(FileSystemContract, OpensOnlyRegularFiles) {
  world().MakeDirectories(At("directory"));
  world().MakePipe(At("pipe"));
  world().WriteFile(At("file"), "");
  world().WriteFile(At("secret"), "");
  world().Chmod(At("secret"), 0);
  EXPECT_EQ(ErrorOf(fs().OpenFile(At("directory"), kNoFollow)), EISDIR);
  EXPECT_EQ(ErrorOf(fs().OpenFile(At("directory/"), kNoFollow)), EISDIR);
  EXPECT_EQ(ErrorOf(fs().OpenFile(At("pipe"), kFollow)), EINVAL);
  EXPECT_EQ(ErrorOf(fs().OpenFile(At("missing"), kFollow)), ENOENT);
  EXPECT_EQ(ErrorOf(fs().OpenFile(At("file/below"), kFollow)), ENOTDIR);
  EXPECT_EQ(ErrorOf(fs().OpenFile(At("secret"), kFollow)), EACCES);
  EXPECT_EQ(ErrorOf(fs().OpenFile("", kFollow)), ENOENT);
}

TEST_P(FileSystemContract, OpenFileFollowsSymlinksOnlyWhenAsked) {
  world().WriteFile(At("file"), "x");
  world().Symlink("file", At("link"));
  world().Symlink("loop", At("loop"));
  EXPECT_EQ(ErrorOf(fs().OpenFile(At("link"), kNoFollow)), ELOOP);
  EXPECT_EQ(ErrorOf(fs().OpenFile(At("loop"), kFollow)), ELOOP);
  Result<std::unique_ptr<ReadableFile>> file =
      fs().OpenFile(At("link"), kFollow);
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(ReadAt(*file.value(), 0, 9), "x");
}

TEST_P(FileSystemContract, AnOpenFileKeepsItsBytesWhenReplaced) {
  world().WriteFile(At("file"), "old");
  Result<std::unique_ptr<ReadableFile>> file =
      fs().OpenFile(At("file"), kNoFollow);
  ASSERT_TRUE(file.ok());
  world().WriteFile(At("new"), "new");
  world().Rename(At("new"), At("file"));
  EXPECT_EQ(ReadAt(*file.value(), 0, 9), "old");
  world().RemoveAll(At("file"));
  EXPECT_EQ(ReadAt(*file.value(), 0, 9), "old");
}

TEST_P(FileSystemContract, OpenFilesAreClosed) {
  world().WriteFile(At("file"), "");
  const int before = world().CountOpenFiles();
  {
    auto first = fs().OpenFile(At("file"), kNoFollow);
    auto second = fs().CreateFile(At("new"), 0600);
    EXPECT_GT(world().CountOpenFiles(), before + 1);
  }
  EXPECT_EQ(world().CountOpenFiles(), before);
}

TEST_P(FileSystemContract, RenameReplacesWhatIsThere) {
  world().WriteFile(At("a"), "a");
  world().WriteFile(At("b"), "b");
  world().MakeDirectories(At("d/full"));
  world().MakeDirectories(At("e"));
  EXPECT_EQ(ErrorOf(fs().Rename(At("a"), At("b"))), 0);
  EXPECT_EQ(world().ReadFile(At("b")), "a");
  EXPECT_EQ(ErrorOf(fs().Rename(At("d"), At("e"))), 0);
  EXPECT_EQ(world().Names(world().root()), (Names{"b", "e"}));
  EXPECT_EQ(world().Names(At("e")), (Names{"full"}));
}

TEST_P(FileSystemContract, RenameTellsWhatIsWrong) {
  world().WriteFile(At("file"), "");
  world().MakeDirectories(At("empty"));
  world().MakeDirectories(At("full/below"));
  world().MakeDirectories(At("closed"));
  world().Chmod(At("closed"), 0500);
  EXPECT_EQ(ErrorOf(fs().Rename(At("missing"), At("x"))), ENOENT);
  EXPECT_EQ(ErrorOf(fs().Rename(At("file"), At("missing/x"))), ENOENT);
  EXPECT_EQ(ErrorOf(fs().Rename(At("file"), At("empty"))), EISDIR);
  EXPECT_EQ(ErrorOf(fs().Rename(At("empty"), At("file"))), ENOTDIR);
  EXPECT_EQ(ErrorOf(fs().Rename(At("empty"), At("full"))), ENOTEMPTY);
  EXPECT_EQ(ErrorOf(fs().Rename(At("full"), At("full/below/x"))), EINVAL);
  EXPECT_EQ(ErrorOf(fs().Rename(At("file"), At("closed/x"))), EACCES);
  EXPECT_EQ(ErrorOf(fs().Rename(At("file"), At("file"))), 0);
}

TEST_P(FileSystemContract, RemovesWhatIsOfTheKindItIsTold) {
  world().MakeDirectories(At("d/empty"));
  world().MakeDirectories(At("d/full/x"));
  world().WriteFile(At("d/file"), "");
  world().Symlink("empty", At("d/link"));
  const DirectoryHandle base = Open(At("d"));
  const auto remove = [&](const char* name, EntryKind kind) {
    return ErrorOf(fs().RemoveAt(base, name, kind));
  };
  EXPECT_EQ(remove("file", EntryKind::kDirectory), ENOTDIR);
  EXPECT_EQ(remove("link", EntryKind::kDirectory), ENOTDIR);
  EXPECT_EQ(remove("full", EntryKind::kDirectory), ENOTEMPTY);
  EXPECT_EQ(remove("missing", EntryKind::kDirectory), ENOENT);
  EXPECT_EQ(remove("file", EntryKind::kFile), 0);
  EXPECT_EQ(remove("link", EntryKind::kSymlink), 0);
  EXPECT_EQ(remove("empty", EntryKind::kDirectory), 0);
  // A directory that has come in the place of a file.
  EXPECT_EQ(remove("full/x", EntryKind::kFile), 0);
  EXPECT_EQ(world().Names(At("d")), std::vector<std::string>{"full"});
}

TEST_P(FileSystemContract, RemovesFilesSymlinksAndEmptyDirectories) {
  world().WriteFile(At("file"), "");
  world().Symlink("kept", At("link"));
  world().MakeDirectories(At("empty"));
  world().MakeDirectories(At("kept/below"));
  EXPECT_EQ(ErrorOf(fs().Remove(At("file"))), 0);
  EXPECT_EQ(ErrorOf(fs().Remove(At("link"))), 0);
  EXPECT_EQ(ErrorOf(fs().Remove(At("empty"))), 0);
  EXPECT_EQ(ErrorOf(fs().Remove(At("kept"))), ENOTEMPTY);
  EXPECT_EQ(ErrorOf(fs().Remove(At("missing"))), ENOENT);
  EXPECT_EQ(ErrorOf(fs().Remove(At("missing/x"))), ENOENT);
  world().Chmod(At("kept"), 0500);
  EXPECT_EQ(ErrorOf(fs().Remove(At("kept/below"))), EACCES);
  EXPECT_EQ(world().Names(world().root()), (Names{"kept"}));
}

TEST_P(FileSystemContract, MakesOneDirectory) {
  world().WriteFile(At("file"), "");
  world().Symlink("nowhere", At("dangling"));
  EXPECT_EQ(ErrorOf(fs().MakeDirectory(At("new"), 0700)), 0);
  EXPECT_EQ(StatOf(At("new")).permissions, 0700u);
  EXPECT_EQ(StatOf(At("new")).kind, EntryKind::kDirectory);
  EXPECT_EQ(ErrorOf(fs().MakeDirectory(At("slash/"), 0700)), 0);
  EXPECT_EQ(ErrorOf(fs().MakeDirectory(At("new"), 0700)), EEXIST);
  EXPECT_EQ(ErrorOf(fs().MakeDirectory(At("file"), 0700)), EEXIST);
  EXPECT_EQ(ErrorOf(fs().MakeDirectory(At("dangling"), 0700)), EEXIST);
  EXPECT_EQ(ErrorOf(fs().MakeDirectory(At("a/b"), 0700)), ENOENT);
  EXPECT_EQ(ErrorOf(fs().MakeDirectory(At("file/b"), 0700)), ENOTDIR);
  world().Chmod(At("new"), 0500);
  EXPECT_EQ(ErrorOf(fs().MakeDirectory(At("new/b"), 0700)), EACCES);
}

}  // namespace
}  // namespace finder
