// What every SharedFiles must do, run on the kernel's
// and on the fakes.
#include <errno.h>

#include <memory>
#include <string>
#include <utility>

#include "fs/fake/disk/fake_file_system.h"
#include "fs/fake/disk/fake_shared_files.h"
#include "fs/posix/files/posix_file_system.h"
#include "fs/posix/posix_shared_files.h"
#include "fs/shared_files.h"
#include "gtest/gtest.h"
#include "tests/fs/fake_world.h"
#include "tests/fs/file_system_contract.h"
#include "tests/fs/posix_world.h"

namespace finder {
namespace {

class CacheFilesContract : public FileSystemContract {
 protected:
  CacheFilesContract() {
    if (auto* fake = dynamic_cast<FakeFileSystem*>(&fs())) {
      shared_ = std::make_unique<FakeSharedFiles>(fake);
    } else {
      shared_ = std::make_unique<PosixSharedFiles>();
    }
  }

  Result<std::unique_ptr<SharedFile>> TryOpen(std::string_view name,
                                              SharedAccess access) {
    return shared_->Open(At(name), access, 0600);
  }
  std::unique_ptr<SharedFile> Open(
      std::string_view name,
      SharedAccess access = SharedAccess::kCreateReadWrite) {
    auto opened = TryOpen(name, access);
    EXPECT_EQ(ErrorOf(opened), 0);
    return std::move(opened).value();
  }
  bool GiveAway(std::string_view name) {
    return world().Chown(At(name), kOther);
  }
  int Lock(SharedFile& file, LockMode mode) {
    return ErrorOf(file.TryLock(mode));
  }

  static constexpr uint32_t kOther = 4711;

  std::unique_ptr<SharedFiles> shared_;
};

TEST_P(CacheFilesContract, OpenMakesAFileOnlyIfToldTo) {
  EXPECT_EQ(ErrorOf(TryOpen("file", SharedAccess::kRead)), ENOENT);
  EXPECT_EQ(ErrorOf(TryOpen("file", SharedAccess::kReadWrite)), ENOENT);
  Open("file");
  EXPECT_EQ(StatOf(At("file")).permissions, 0600u);
  EXPECT_EQ(ErrorOf(TryOpen("file", SharedAccess::kRead)), 0);
}

TEST_P(CacheFilesContract, OpenDoesNotFollowSymlinks) {
  world().WriteFile(At("file"), "");
  world().Symlink("file", At("link"));
  EXPECT_EQ(ErrorOf(TryOpen("link", SharedAccess::kRead)), ELOOP);
  EXPECT_EQ(ErrorOf(TryOpen("link", SharedAccess::kCreateReadWrite)), ELOOP);
}

TEST_P(CacheFilesContract, OpenAsksForPermission) {
  world().WriteFile(At("file"), "");
  world().Chmod(At("file"), 0400);
  EXPECT_EQ(ErrorOf(TryOpen("file", SharedAccess::kReadWrite)), EACCES);
  EXPECT_EQ(ErrorOf(TryOpen("file", SharedAccess::kRead)), 0);
}

TEST_P(CacheFilesContract, SharedLocksGoTogetherExclusiveOnesDoNot) {
  auto a = Open("file"), b = Open("file"), c = Open("file");
  EXPECT_EQ(Lock(*a, LockMode::kShared), 0);
  EXPECT_EQ(Lock(*b, LockMode::kShared), 0);
  EXPECT_EQ(Lock(*c, LockMode::kExclusive), EAGAIN);
  a.reset();
  EXPECT_EQ(Lock(*b, LockMode::kExclusive), 0);
  EXPECT_EQ(Lock(*c, LockMode::kShared), EAGAIN);
  b.reset();
  EXPECT_EQ(Lock(*c, LockMode::kShared), 0);
}

TEST_P(CacheFilesContract, AFailedChangeOfALockLosesIt) {
  auto a = Open("file"), b = Open("file"), c = Open("file");
  EXPECT_EQ(Lock(*a, LockMode::kShared), 0);
  EXPECT_EQ(Lock(*b, LockMode::kShared), 0);
  EXPECT_EQ(Lock(*a, LockMode::kExclusive), EAGAIN);
  b.reset();
  EXPECT_EQ(Lock(*c, LockMode::kExclusive), 0);
}

TEST_P(CacheFilesContract, LocksStayWithTheFileThatIsMoved) {
  auto a = Open("file");
  EXPECT_EQ(Lock(*a, LockMode::kShared), 0);
  world().Rename(At("file"), At("moved"));
  auto b = Open("moved"), c = Open("file");
  EXPECT_EQ(Lock(*b, LockMode::kExclusive), EAGAIN);
  EXPECT_EQ(Lock(*c, LockMode::kExclusive), 0);
}

TEST_P(CacheFilesContract, AReaderMayLockExclusively) {
  world().WriteFile(At("file"), "");
  auto reader = Open("file", SharedAccess::kRead);
  EXPECT_EQ(Lock(*reader, LockMode::kExclusive), 0);
}

TEST_P(CacheFilesContract, AppendedBytesCanBeReadFromTheStart) {
  auto a = Open("file"), b = Open("file");
  EXPECT_EQ(ErrorOf(a->Append("one ")), 0);
  EXPECT_EQ(ErrorOf(b->Append("two ")), 0);
  EXPECT_EQ(ErrorOf(a->Append("three")), 0);
  EXPECT_EQ(a->Read(100).value(), "one two three");
  EXPECT_EQ(b->Read(7).value(), "one two");
}

TEST_P(CacheFilesContract, ResizeCutsAndLengthensAndStamps) {
  auto file = Open("file");
  EXPECT_EQ(ErrorOf(file->Append("bytes")), 0);
  const int64_t before = file->Stat()->modified_ns;
  world().Tick();
  EXPECT_EQ(ErrorOf(file->Resize(7)), 0);
  EXPECT_EQ(file->Read(100).value(), std::string("bytes\0\0", 7));
  EXPECT_GT(file->Stat()->modified_ns, before);
  EXPECT_EQ(ErrorOf(file->Resize(2)), 0);
  EXPECT_EQ(file->Stat()->size_bytes, 2);
}

TEST_P(CacheFilesContract, AReaderCannotWrite) {
  world().WriteFile(At("file"), "x");
  auto file = Open("file", SharedAccess::kRead);
  EXPECT_EQ(ErrorOf(file->Append("y")), EBADF);
  EXPECT_EQ(ErrorOf(file->Resize(9)), EINVAL);
  EXPECT_EQ(world().ReadFile(At("file")), "x");
}

TEST_P(CacheFilesContract, ModifiedTimesAreSetToTheNanosecond) {
  auto file = Open("file");
  for (const int64_t ns :
       {int64_t{1'500'000'000'123'456'789}, int64_t{0}, int64_t{1}}) {
    EXPECT_EQ(ErrorOf(file->SetModifiedTime(ns)), 0);
    EXPECT_EQ(file->Stat()->modified_ns, ns);
    EXPECT_GT(file->Stat()->change_ns, ns);
  }
  EXPECT_EQ(ErrorOf(file->Touch()), 0);
  EXPECT_GT(file->Stat()->modified_ns, 1'500'000'000'000'000'000);
}

TEST_P(CacheFilesContract, AMemberOfTheGroupHasItsPermissionsAndNoOthers) {
  world().WriteFile(At("file"), "");
  world().Chmod(At("file"), 0060);
  if (!GiveAway("file")) GTEST_SKIP() << "takes root";
  EXPECT_EQ(ErrorOf(TryOpen("file", SharedAccess::kReadWrite)), 0);
  world().WriteFile(At("other"), "");
  world().Chmod(At("other"), 0606);
  ASSERT_TRUE(GiveAway("other"));
  EXPECT_EQ(ErrorOf(TryOpen("other", SharedAccess::kRead)), EACCES);
}

TEST_P(CacheFilesContract, OnlyItsOwnerChoosesTheTimeOfAFile) {
  world().WriteFile(At("file"), "");
  world().Chmod(At("file"), 0660);
  if (!GiveAway("file")) GTEST_SKIP() << "takes root";
  auto file = Open("file", SharedAccess::kReadWrite);
  const int64_t before = file->Stat()->modified_ns;
  EXPECT_EQ(ErrorOf(file->SetModifiedTime(1)), EPERM);
  EXPECT_EQ(file->Stat()->modified_ns, before);
  EXPECT_EQ(ErrorOf(shared_->SetPermissions(At("file"), 0666)), EPERM);
}

TEST_P(CacheFilesContract, WhoMayWriteMayTouchAndLengthen) {
  world().WriteFile(At("file"), "");
  world().Chmod(At("file"), 0660);
  if (!GiveAway("file")) GTEST_SKIP() << "takes root";
  auto file = Open("file", SharedAccess::kReadWrite);
  int64_t before = file->Stat()->modified_ns;
  world().Tick();
  EXPECT_EQ(ErrorOf(file->Touch()), 0);
  EXPECT_GT(file->Stat()->modified_ns, before);
  before = file->Stat()->modified_ns;
  world().Tick();
  EXPECT_EQ(ErrorOf(file->Resize(1)), 0);
  EXPECT_GT(file->Stat()->modified_ns, before);
}

TEST_P(CacheFilesContract, WhoMayOnlyReadMayNotTouch) {
  world().WriteFile(At("file"), "");
  world().Chmod(At("file"), 0640);
  if (!GiveAway("file")) GTEST_SKIP() << "takes root";
  EXPECT_EQ(ErrorOf(Open("file", SharedAccess::kRead)->Touch()), EACCES);
}

TEST_P(CacheFilesContract, AGroupsDirectoryHandsItsBitDown) {
  world().MakeDirectories(At("group"));
  world().Chmod(At("group"), 02770);
  EXPECT_EQ(ErrorOf(fs().MakeDirectory(At("group/below"), 0700)), 0);
  EXPECT_EQ(StatOf(At("group/below")).permissions, 02700u);
  Open("group/file");
  EXPECT_EQ(StatOf(At("group/file")).group, StatOf(At("group")).group);
}

TEST_P(CacheFilesContract, InAStickyDirectoryOthersThingsStay) {
  world().MakeDirectories(At("sticky/directory"));
  world().Symlink("x", At("sticky/link"));
  world().WriteFile(At("sticky/own"), "");
  world().Chmod(At("sticky"), 01777);
  for (const char* name : {"sticky/link", "sticky/directory", "sticky"}) {
    if (!GiveAway(name)) GTEST_SKIP() << "takes root";
  }
  EXPECT_EQ(StatOf(At("sticky/link")).owner, kOther);
  EXPECT_EQ(StatOf(At("sticky")).permissions, 01777u);
  EXPECT_EQ(ErrorOf(fs().Remove(At("sticky/link"))), EPERM);
  EXPECT_EQ(ErrorOf(fs().Rename(At("sticky/directory"), At("sticky/b"))),
            EPERM);
  EXPECT_EQ(ErrorOf(fs().Rename(At("sticky/own"), At("sticky/link"))), EPERM);
  EXPECT_EQ(ErrorOf(fs().Rename(At("sticky/own"), At("sticky/mine"))), 0);
  EXPECT_EQ(ErrorOf(fs().Remove(At("sticky/mine"))), 0);
}

TEST_P(CacheFilesContract, WholeFilesAreWrittenOverFromTheStart) {
  world().WriteFile(At("file"), "text");
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(ErrorOf(shared_->WriteOver(At("file"), "Text and more")), 0);
    EXPECT_EQ(world().ReadFile(At("file")), "Text and more");
  }
  EXPECT_EQ(ErrorOf(shared_->WriteOver(At("file"), "T")), 0);
  EXPECT_EQ(world().ReadFile(At("file")), "Text and more");
  EXPECT_EQ(ErrorOf(shared_->WriteOver(At("none"), "text")), ENOENT);
  world().Symlink("file", At("link"));
  EXPECT_EQ(ErrorOf(shared_->WriteOver(At("link"), "text")), ELOOP);
}

TEST_P(CacheFilesContract, WholeFilesAreReadAsAWhole) {
  std::string long_text;
  for (int i = 0; i < 20'000; ++i) long_text += std::to_string(i);
  for (const std::string& text :
       {std::string(), std::string("text"), std::string(4096, 'x'),
        std::string(8192, 'y'), long_text}) {
    world().WriteFile(At("file"), text);
    EXPECT_EQ(shared_->Read({}, At("file"), 1 << 20).value(), text);
    EXPECT_EQ(ErrorOf(shared_->Read({}, At("file"), text.size())), 0);
    if (text.empty()) continue;
    EXPECT_EQ(ErrorOf(shared_->Read({}, At("file"), text.size() - 1)), EFBIG);
  }
}

TEST_P(CacheFilesContract, WholeFilesAreReadRelativeToADirectory) {
  world().MakeDirectories(At("a/b"));
  world().WriteFile(At("a/b/file"), "text");
  const DirectoryHandle directory = FileSystemContract::Open(At("a"));
  EXPECT_EQ(shared_->Read(directory, "b/file", 100).value(), "text");
  EXPECT_EQ(ErrorOf(shared_->Read(directory, "file", 100)), ENOENT);
}

TEST_P(CacheFilesContract, WholeFilesAreNoSymlinksOrDirectories) {
  world().WriteFile(At("file"), "text");
  world().Symlink("file", At("link"));
  EXPECT_EQ(ErrorOf(shared_->Read({}, At("link"), 100)), ELOOP);
  EXPECT_EQ(ErrorOf(shared_->Read({}, world().root(), 100)), EISDIR);
}

TEST_P(CacheFilesContract, WholeFilesAreMadeOnce) {
  EXPECT_EQ(ErrorOf(shared_->Create(At("file"), "text", 0640)), 0);
  EXPECT_EQ(world().ReadFile(At("file")), "text");
  EXPECT_EQ(StatOf(At("file")).permissions, 0640u);
  EXPECT_EQ(ErrorOf(shared_->Create(At("file"), "more", 0600)), EEXIST);
  world().Symlink("nowhere", At("link"));
  EXPECT_EQ(ErrorOf(shared_->Create(At("link"), "more", 0600)), EEXIST);
  EXPECT_EQ(world().ReadFile(At("file")), "text");
}

TEST_P(CacheFilesContract, UniqueDirectoriesDiffer) {
  const auto a = shared_->MakeUniqueDirectory(world().root(), "p-", 0700);
  const auto b = shared_->MakeUniqueDirectory(world().root(), "p-", 0700);
  ASSERT_TRUE(a.ok() && b.ok());
  EXPECT_NE(a.value(), b.value());
  EXPECT_EQ(a->size(), At("p-").size() + 32);
  EXPECT_EQ(StatOf(a.value()).kind, EntryKind::kDirectory);
  EXPECT_EQ(ErrorOf(shared_->MakeUniqueDirectory(At("none"), "p-", 0700)),
            ENOENT);
}

TEST_P(CacheFilesContract, ExchangeSwapsWholeDirectories) {
  world().MakeDirectories(At("a"));
  world().MakeDirectories(At("b"));
  world().WriteFile(At("a/one"), "1");
  world().WriteFile(At("b/two"), "2");
  EXPECT_EQ(ErrorOf(shared_->Exchange(At("a"), At("b"))), 0);
  EXPECT_EQ(world().Names(At("a")), std::vector<std::string>{"two"});
  EXPECT_EQ(world().Names(At("b")), std::vector<std::string>{"one"});
  EXPECT_EQ(ErrorOf(shared_->Exchange(At("a"), At("none"))), ENOENT);
  EXPECT_EQ(ErrorOf(shared_->Exchange(At("none"), At("a"))), ENOENT);
}

TEST_P(CacheFilesContract, MoveToFreeReplacesNothing) {
  world().WriteFile(At("a"), "1");
  world().WriteFile(At("b"), "2");
  world().MakeDirectories(At("empty"));
  EXPECT_EQ(ErrorOf(shared_->MoveToFree(At("a"), At("b"))), EEXIST);
  EXPECT_EQ(ErrorOf(shared_->MoveToFree(At("a"), At("empty"))), EEXIST);
  EXPECT_EQ(ErrorOf(shared_->MoveToFree(At("a"), At("c"))), 0);
  EXPECT_EQ(world().ReadFile(At("b")), "2");
  EXPECT_EQ(world().ReadFile(At("c")), "1");
}

TEST_P(CacheFilesContract, ARenameReplacesAnEmptyDirectoryOnly) {
  world().MakeDirectories(At("full"));
  world().WriteFile(At("full/file"), "");
  world().MakeDirectories(At("empty"));
  world().MakeDirectories(At("other"));
  world().WriteFile(At("other/file"), "");
  EXPECT_EQ(ErrorOf(fs().Rename(At("full"), At("other"))), ENOTEMPTY);
  EXPECT_EQ(ErrorOf(fs().Rename(At("full"), At("empty"))), 0);
  EXPECT_EQ(world().Names(At("empty")), std::vector<std::string>{"file"});
}

TEST_P(CacheFilesContract, PermissionsAreSetWhateverTheUmask) {
  world().MakeDirectories(At("directory"));
  world().WriteFile(At("file"), "");
  world().Symlink("file", At("link"));
  EXPECT_EQ(ErrorOf(shared_->SetPermissions(At("directory"), 02770)), 0);
  EXPECT_EQ(ErrorOf(shared_->SetPermissions(At("file"), 0666)), 0);
  EXPECT_EQ(StatOf(At("directory")).permissions, 02770u);
  EXPECT_EQ(StatOf(At("file")).permissions, 0666u);
  EXPECT_EQ(ErrorOf(shared_->SetPermissions(At("link"), 0600)), ELOOP);
  EXPECT_EQ(ErrorOf(shared_->SetPermissions(At("none"), 0600)), ENOENT);
}

INSTANTIATE_TEST_SUITE_P(
    Every, CacheFilesContract,
    testing::Values(WorldKind{"Posix",
                              [] {
                                return std::make_unique<PosixWorld>(
                                    std::make_unique<PosixFileSystem>());
                              }},
                    WorldKind{"Fake",
                              [] { return std::make_unique<FakeWorld>(); }}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace finder
