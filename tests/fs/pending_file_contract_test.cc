// The contract of CreateFile and PendingFile.
#include <errno.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fs/file_system.h"
#include "gtest/gtest.h"
#include "tests/fs/file_system_contract.h"

namespace finder {
namespace {

using Names = std::vector<std::string>;

// A pending file that must be possible.
std::unique_ptr<PendingFile> Create(FileSystem& fs, const std::string& path,
                                    std::string_view bytes) {
  Result<std::unique_ptr<PendingFile>> file = fs.CreateFile(path, 0600);
  EXPECT_TRUE(file.ok()) << path;
  if (!file.ok()) return nullptr;
  EXPECT_TRUE(file.value()->Append(bytes).ok());
  return std::move(file).value();
}

TEST_P(FileSystemContract, ANewFileAppearsWholeAtCommit) {
  std::unique_ptr<PendingFile> file = Create(fs(), At("file"), "one,");
  EXPECT_EQ(ErrorOf(Stat(At("file"))), ENOENT);
  EXPECT_TRUE(file->Append("two").ok());
  EXPECT_EQ(ErrorOf(Stat(At("file"))), ENOENT);
  EXPECT_TRUE(file->Commit().ok());
  EXPECT_EQ(world().ReadFile(At("file")), "one,two");
  EXPECT_EQ(world().Names(world().root()), (Names{"file"}));
  EXPECT_EQ(StatOf(At("file")).permissions, 0600u);
  EXPECT_EQ(StatOf(At("file")).owner, world().user_id());
}

TEST_P(FileSystemContract, PermissionsAreThoseAskedForLessTheUmask) {
  Result<std::unique_ptr<PendingFile>> file = fs().CreateFile(At("f"), 0666);
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE(file.value()->Commit().ok());
  EXPECT_EQ(StatOf(At("f")).permissions, 0644u);
}

TEST_P(FileSystemContract, AnAbandonedFileLeavesNothing) {
  world().WriteFile(At("file"), "old");
  Create(fs(), At("file"), "new").reset();
  Create(fs(), At("other"), "new").reset();
  EXPECT_EQ(world().ReadFile(At("file")), "old");
  EXPECT_EQ(world().Names(world().root()), (Names{"file"}));
}

TEST_P(FileSystemContract, CommitReplacesAFileButNotItsInode) {
  world().WriteFile(At("file"), "old");
  world().HardLink(At("file"), At("link"));
  EXPECT_TRUE(Create(fs(), At("file"), "new")->Commit().ok());
  EXPECT_EQ(world().ReadFile(At("file")), "new");
  EXPECT_EQ(world().ReadFile(At("link")), "old");
  EXPECT_EQ(world().Names(world().root()), (Names{"file", "link"}));
}

TEST_P(FileSystemContract, CommitReplacesASymlinkAndNotItsTarget) {
  world().WriteFile(At("target"), "untouched");
  world().Symlink("target", At("link"));
  EXPECT_TRUE(Create(fs(), At("link"), "new")->Commit().ok());
  EXPECT_EQ(StatOf(At("link")).kind, EntryKind::kFile);
  EXPECT_EQ(world().ReadFile(At("link")), "new");
  EXPECT_EQ(world().ReadFile(At("target")), "untouched");
}

TEST_P(FileSystemContract, CommitDoesNotReplaceADirectory) {
  world().MakeDirectories(At("directory"));
  std::unique_ptr<PendingFile> file = Create(fs(), At("directory"), "new");
  EXPECT_EQ(ErrorOf(file->Commit()), EISDIR);
  file.reset();
  EXPECT_EQ(StatOf(At("directory")).kind, EntryKind::kDirectory);
  EXPECT_EQ(world().Names(world().root()), (Names{"directory"}));
}

TEST_P(FileSystemContract, AnUnflushedCommitLeavesTheSame) {
  world().WriteFile(At("file"), "old");
  world().WriteFile(At("second name"), "linked");
  world().HardLink(At("second name"), At("hard link"));
  world().WriteFile(At("target"), "untouched");
  world().Symlink("target", At("symlink"));
  for (const char* name : {"file", "file", "hard link", "new", "symlink"}) {
    std::unique_ptr<PendingFile> file = Create(fs(), At(name), "new");
    EXPECT_TRUE(file->CommitUnflushed().ok());
    EXPECT_EQ(ErrorOf(file->CommitUnflushed()), EINVAL);
    EXPECT_EQ(StatOf(At(name)).kind, EntryKind::kFile) << name;
    EXPECT_EQ(world().ReadFile(At(name)), "new") << name;
  }
  EXPECT_EQ(world().ReadFile(At("second name")), "linked");
  EXPECT_EQ(world().ReadFile(At("target")), "untouched");
  EXPECT_EQ(
      world().Names(world().root()),
      (Names{"file", "hard link", "new", "second name", "symlink", "target"}));
}

TEST_P(FileSystemContract, AnUnflushedCommitDoesNotReplaceADirectory) {
  world().MakeDirectories(At("directory"));
  std::unique_ptr<PendingFile> file = Create(fs(), At("directory"), "new");
  EXPECT_EQ(ErrorOf(file->CommitUnflushed()), EISDIR);
  file.reset();
  EXPECT_EQ(StatOf(At("directory")).kind, EntryKind::kDirectory);
  EXPECT_EQ(world().Names(world().root()), (Names{"directory"}));
}

TEST_P(FileSystemContract, TheLastOfTwoUnflushedCommitsStays) {
  std::unique_ptr<PendingFile> first = Create(fs(), At("file"), "first");
  std::unique_ptr<PendingFile> second = Create(fs(), At("file"), "second");
  EXPECT_TRUE(second->CommitUnflushed().ok());
  EXPECT_TRUE(first->CommitUnflushed().ok());
  EXPECT_EQ(world().ReadFile(At("file")), "first");
  EXPECT_EQ(world().Names(world().root()), (Names{"file"}));
}

TEST_P(FileSystemContract, CommitHappensOnce) {
  std::unique_ptr<PendingFile> file = Create(fs(), At("file"), "x");
  EXPECT_TRUE(file->Commit().ok());
  world().RemoveAll(At("file"));
  EXPECT_EQ(ErrorOf(file->Commit()), EINVAL);
  EXPECT_EQ(world().Names(world().root()), Names());
}

TEST_P(FileSystemContract, TheLastOfTwoCommitsStays) {
  std::unique_ptr<PendingFile> first = Create(fs(), At("file"), "first");
  std::unique_ptr<PendingFile> second = Create(fs(), At("file"), "second");
  EXPECT_TRUE(second->Commit().ok());
  EXPECT_EQ(world().ReadFile(At("file")), "second");
  EXPECT_TRUE(first->Commit().ok());
  EXPECT_EQ(world().ReadFile(At("file")), "first");
  EXPECT_EQ(world().Names(world().root()), (Names{"file"}));
}

TEST_P(FileSystemContract, WhatAKilledWriterLeftGoesWithTheNextWrite) {
  world().WriteFile(At("file"), "old");
  world().WriteFile(At(".file.finder-0"), "half");
  world().WriteFile(At(".file.finder-9"), "");
  world().WriteFile(At(".file.finder-f"), "half");
  std::unique_ptr<PendingFile> file = Create(fs(), At("file"), "new");
  EXPECT_TRUE(file->Commit().ok());
  EXPECT_EQ(world().ReadFile(At("file")), "new");
  EXPECT_EQ(world().Names(world().root()), (Names{"file"}));
}

TEST_P(FileSystemContract, WhatAKilledWriterOfALongNameLeftGoesToo) {
  const std::string name(255, 'n');
  world().WriteFile(At(".finder-3"), "half");
  EXPECT_TRUE(Create(fs(), At(name), "new")->Commit().ok());
  EXPECT_EQ(world().Names(world().root()), (Names{name}));
}

TEST_P(FileSystemContract, WhatOnlyLooksLikeATemporaryStays) {
  world().WriteFile(At("target"), "");
  world().Symlink("target", At(".file.finder-0"));
  world().MakeDirectories(At(".file.finder-1"));
  world().MakePipe(At(".file.finder-2"));
  world().HardLink(At("target"), At(".file.finder-3"));
  world().WriteFile(At(".file.finder-g"), "");
  world().WriteFile(At(".file.finder-"), "");
  world().WriteFile(At(".other.finder-4"), "");
  world().WriteFile(At("file"), "old");
  const Names before = world().Names(world().root());
  EXPECT_TRUE(Create(fs(), At("file"), "new")->Commit().ok());
  EXPECT_EQ(world().ReadFile(At("file")), "new");
  EXPECT_EQ(world().ReadFile(At("target")), "");
  EXPECT_EQ(world().Names(world().root()), before);
}

TEST_P(FileSystemContract, ManyWritersAtOnceLeaveEachOtherAlone) {
  std::vector<std::unique_ptr<PendingFile>> files(40);
  for (auto& file : files) file = Create(fs(), At("file"), "same");
  while (!files.empty()) {
    EXPECT_TRUE(files.back()->Commit().ok());
    files.pop_back();
  }
  EXPECT_EQ(world().Names(world().root()), (Names{"file"}));
}

TEST_P(FileSystemContract, CreateFileTellsWhatIsWrong) {
  world().WriteFile(At("file"), "");
  world().MakeDirectories(At("closed"));
  world().Chmod(At("closed"), 0500);
  EXPECT_EQ(ErrorOf(fs().CreateFile(At("missing/file"), 0600)), ENOENT);
  EXPECT_EQ(ErrorOf(fs().CreateFile(At("file/below"), 0600)), ENOTDIR);
  EXPECT_EQ(ErrorOf(fs().CreateFile(At("closed/file"), 0600)), EACCES);
  EXPECT_EQ(ErrorOf(fs().CreateFile("", 0600)), ENOENT);
  EXPECT_EQ(ErrorOf(fs().CreateFile(At("new/"), 0600)), EISDIR);
  EXPECT_EQ(ErrorOf(fs().CreateFile(At("."), 0600)), EISDIR);
  EXPECT_EQ(ErrorOf(fs().CreateFile("/", 0600)), EISDIR);
}

TEST_P(FileSystemContract, CommitIntoARemovedDirectoryFails) {
  world().MakeDirectories(At("d"));
  std::unique_ptr<PendingFile> file = Create(fs(), At("d/file"), "x");
  // A named temporary file goes with its directory.
  world().RemoveAll(At("d"));
  EXPECT_EQ(ErrorOf(file->Commit()), ENOENT);
}

TEST_P(FileSystemContract, CommitFollowsARenamedDirectory) {
  world().MakeDirectories(At("old"));
  std::unique_ptr<PendingFile> file = Create(fs(), At("old/file"), "x");
  world().Rename(At("old"), At("new"));
  EXPECT_TRUE(file->Commit().ok());
  EXPECT_EQ(world().Names(At("new")), (Names{"file"}));
}

TEST_P(FileSystemContract, NamesOfFullLengthCanBeWritten) {
  for (const size_t length : {230, 237, 238, 239, 255}) {
    const std::string name(length, 'n');
    for (const char* bytes : {"first", "second"}) {
      ASSERT_TRUE(Create(fs(), At(name), bytes)->Commit().ok()) << length;
      EXPECT_EQ(world().ReadFile(At(name)), bytes);
    }
  }
  EXPECT_EQ(world().Names(world().root()).size(), 5u);
}

TEST_P(FileSystemContract, LargeAndEmptyFilesAreWhole) {
  std::string large;
  for (int i = 0; large.size() < 3'000'000; ++i) large += std::to_string(i);
  std::unique_ptr<PendingFile> file = Create(fs(), At("large"), large);
  EXPECT_TRUE(file->Append(large).ok());
  EXPECT_TRUE(file->Commit().ok());
  EXPECT_EQ(world().ReadFile(At("large")), large + large);
  EXPECT_TRUE(Create(fs(), At("empty"), "")->Commit().ok());
  EXPECT_EQ(world().ReadFile(At("empty")), "");
}

TEST_P(FileSystemContract, ATimeGivenToAPendingFileSurvivesItsCommit) {
  constexpr int64_t kThenNs = 1'234'567'890'123'456'000;
  std::unique_ptr<PendingFile> file = Create(fs(), At("file"), "x");
  EXPECT_EQ(ErrorOf(file->SetModifiedTime(kThenNs)), 0);
  EXPECT_EQ(file->Stat()->modified_ns, kThenNs);
  EXPECT_EQ(file->Stat()->size_bytes, 1);
  EXPECT_TRUE(file->Commit().ok());
  EXPECT_EQ(StatOf(At("file")).modified_ns, kThenNs);
}

TEST_P(FileSystemContract, APendingFileTellsTheFileSystemsClock) {
  std::unique_ptr<PendingFile> file = Create(fs(), At("file"), "x");
  EXPECT_EQ(ErrorOf(file->SetModifiedTime(1)), 0);
  EXPECT_EQ(ErrorOf(file->Touch()), 0);
  const int64_t before = file->Stat()->modified_ns;
  world().MakeDirectories(At("d"));
  EXPECT_GE(StatOf(At("d")).modified_ns, before);
  world().Tick();
  EXPECT_EQ(ErrorOf(file->Touch()), 0);
  EXPECT_GT(file->Stat()->modified_ns, before);
}

TEST_P(FileSystemContract, CommitStampsTheDirectory) {
  world().MakeDirectories(At("d"));
  const int64_t before = StampOf(At("d"));
  world().Tick();
  std::unique_ptr<PendingFile> file = Create(fs(), At("d/file"), "x");
  world().Tick();
  EXPECT_TRUE(file->Commit().ok());
  EXPECT_GT(StampOf(At("d")), before);
}

}  // namespace
}  // namespace finder
