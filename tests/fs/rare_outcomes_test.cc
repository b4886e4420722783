// What the kernel may do, but seldom does: PosixFileSystem against calls that
// are interrupted, cut short, refused, or overtaken by another process.
#include <errno.h>
#include <linux/magic.h>
#include <signal.h>

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fs/file_details.h"
#include "fs/file_system.h"
#include "fs/posix/files/posix_file_system.h"
#include "fs/posix/posix_shared_files.h"
#include "gtest/gtest.h"
#include "tests/fs/child_process.h"
#include "tests/fs/posix_world.h"
#include "tests/fs/tampered_calls.h"

namespace finder {
namespace {

using Names = std::vector<std::string>;
using Kinds = std::map<std::string, EntryKind>;

constexpr auto kNoFollow = SymlinkPolicy::kNoFollow;

class RareOutcomes : public testing::Test {
 protected:
  std::string At(std::string_view name) const {
    return world_.root() + "/" + std::string(name);
  }
  Names NamesThere() { return world_.Names(world_.root()); }

  static Outcome Replace(FileSystem& fs, const std::string& path,
                         std::string_view bytes) {
    Result<std::unique_ptr<PendingFile>> file = fs.CreateFile(path, 0600);
    if (!file.ok()) return file.error();
    const Outcome appended = file.value()->Append(bytes);
    return appended.ok() ? file.value()->Commit() : appended;
  }

  Outcome ReplaceUnflushed(const std::string& path, std::string_view bytes) {
    Result<std::unique_ptr<PendingFile>> file =
        nameless_.CreateFile(path, 0600);
    if (!file.ok()) return file.error();
    const Outcome done = file.value()->Append(bytes);
    return done.ok() ? file.value()->CommitUnflushed() : done;
  }

  Kinds List() {
    Kinds kinds;
    const Result<DirectoryHandle> root =
        nameless_.OpenDirectory(DirectoryHandle(), world_.root(), kNoFollow);
    EXPECT_TRUE(root.ok());
    EXPECT_TRUE(nameless_
                    .List(root.value(),
                          [&kinds](std::string_view name, EntryKind kind) {
                            kinds.emplace(name, kind);
                          })
                    .ok());
    return kinds;
  }

  // Fails one kind of call.
  static Tampering Failing(Call failing, int error) {
    Tampering tampering;
    tampering.fail = [=](Call call) { return call == failing ? error : 0; };
    return tampering;
  }

  PosixWorld world_{std::make_unique<PosixFileSystem>()};
  PosixFileSystem nameless_;
  NamedTemporariesFileSystem named_;
};

TEST_F(RareOutcomes, KindsAreFoundWhereAListingDoesNotTell) {
  world_.WriteFile(At("file"), "");
  world_.MakeDirectories(At("directory"));
  world_.Symlink("directory", At("link"));
  world_.MakePipe(At("pipe"));
  const Kinds told = List();
  Tampering tampering;
  tampering.hide_kinds = true;
  const TamperedCalls calls(tampering);
  EXPECT_EQ(List(), told);
  EXPECT_EQ(List(), (Kinds{{"file", EntryKind::kFile},
                           {"directory", EntryKind::kDirectory},
                           {"link", EntryKind::kSymlink},
                           {"pipe", EntryKind::kOther}}));
  EXPECT_EQ(calls.made(Call::kStat), 8);
}

TEST_F(RareOutcomes, DetailsAreToldWithoutTheCallForThem) {
  world_.WriteFile(At("file"), "12345");
  const DirectoryHandle here;
  const auto told = nameless_.Details(here, At("file"), kNoFollow);
  ASSERT_TRUE(told.ok());
  for (const int error : {ENOSYS, EPERM}) {
    const TamperedCalls calls(Failing(Call::kStatExtended, error));
    const auto without = nameless_.Details(here, At("file"), kNoFollow);
    ASSERT_TRUE(without.ok());
    EXPECT_FALSE(without->born.has_value());
    FileDetails expected = told.value();
    expected.born.reset();
    EXPECT_EQ(without.value(), expected);
    const auto missing = nameless_.Details(here, At("missing"), kNoFollow);
    EXPECT_EQ(missing.error().code(), ENOENT);
  }
}

TEST_F(RareOutcomes, WhatVanishesBeforeItsKindIsKnownIsOther) {
  world_.WriteFile(At("file"), "");
  Tampering tampering;
  tampering.hide_kinds = true;
  tampering.before = [this](Call call) {
    if (call == Call::kStat) world_.RemoveAll(At("file"));
  };
  const TamperedCalls calls(tampering);
  EXPECT_EQ(List(), (Kinds{{"file", EntryKind::kOther}}));
}

TEST_F(RareOutcomes, AListingThatComesInManyPartsIsWhole) {
  Kinds expected;
  for (int i = 0; i < 40; ++i) {
    const std::string name = std::string(static_cast<size_t>(200 + i), 'n');
    world_.WriteFile(At(name), "");
    expected[name] = EntryKind::kFile;
  }
  Tampering tampering;
  tampering.most_list_bytes = 320;
  const TamperedCalls calls(tampering);
  EXPECT_EQ(List(), expected);
  EXPECT_GE(calls.made(Call::kList), 40);
}

TEST_F(RareOutcomes, InterruptedCallsAreMadeAgain) {
  Tampering tampering;
  tampering.interrupt = true;
  const TamperedCalls calls(tampering);
  for (FileSystem* fs : {static_cast<FileSystem*>(&nameless_),
                         static_cast<FileSystem*>(&named_)}) {
    EXPECT_TRUE(Replace(*fs, At("file"), "first").ok());
    EXPECT_TRUE(Replace(*fs, At("file"), "second").ok());
    EXPECT_TRUE(PosixSharedFiles().WriteOver(At("file"), "sec").ok());
    const auto file = fs->OpenFile(At("file"), kNoFollow);
    ASSERT_TRUE(file.ok());
    char bytes[8];
    const Result<size_t> size = file.value()->ReadAt(0, bytes, sizeof(bytes));
    ASSERT_TRUE(size.ok());
    EXPECT_EQ(std::string(bytes, size.value()), "second");
    const auto root =
        fs->OpenDirectory(DirectoryHandle(), world_.root(), kNoFollow);
    ASSERT_TRUE(root.ok());
    EXPECT_NE(fs->IdentifyVolume(root.value()).trust, StampTrust::kNever);
  }
  EXPECT_EQ(List(), (Kinds{{"file", EntryKind::kFile}}));
  for (const Call call :
       {Call::kOpen, Call::kOpenNameless, Call::kRead, Call::kWrite,
        Call::kSync, Call::kList, Call::kStatFileSystem}) {
    EXPECT_GE(calls.interrupted(call), 1) << static_cast<int>(call);
  }
}

TEST_F(RareOutcomes, ShortReadsAndWritesAreContinued) {
  const std::string text = "neither read nor written at once";
  Tampering tampering;
  tampering.most_bytes = 3;
  tampering.interrupt = true;
  const TamperedCalls calls(tampering);
  ASSERT_TRUE(Replace(nameless_, At("file"), text).ok());
  const auto file = nameless_.OpenFile(At("file"), kNoFollow);
  ASSERT_TRUE(file.ok());
  char bytes[100];
  const Result<size_t> size = file.value()->ReadAt(8, bytes, sizeof(bytes));
  ASSERT_TRUE(size.ok());
  EXPECT_EQ(std::string(bytes, size.value()), text.substr(8));
  EXPECT_GE(calls.made(Call::kWrite), 11);
  EXPECT_GE(calls.made(Call::kRead), 9);
}

TEST_F(RareOutcomes, ADiskThatFillsUpInTheMiddleOfAWriteLeavesTheOldFile) {
  world_.WriteFile(At("file"), "old");
  for (FileSystem* fs : {static_cast<FileSystem*>(&nameless_),
                         static_cast<FileSystem*>(&named_)}) {
    int writes = 0;
    Tampering tampering;
    tampering.most_bytes = 2;
    tampering.fail = [&writes](Call call) {
      return call == Call::kWrite && ++writes > 2 ? ENOSPC : 0;
    };
    const TamperedCalls calls(tampering);
    EXPECT_EQ(Replace(*fs, At("file"), "longer").error().code(), ENOSPC);
  }
  EXPECT_EQ(world_.ReadFile(At("file")), "old");
  EXPECT_EQ(NamesThere(), Names{"file"});
}

TEST_F(RareOutcomes, AFailedRenameLeavesTheOldFileAlone) {
  world_.WriteFile(At("file"), "old");
  for (FileSystem* fs : {static_cast<FileSystem*>(&nameless_),
                         static_cast<FileSystem*>(&named_)}) {
    const TamperedCalls calls(Failing(Call::kRename, EIO));
    EXPECT_EQ(Replace(*fs, At("file"), "new").error().code(), EIO);
  }
  EXPECT_EQ(world_.ReadFile(At("file")), "old");
  EXPECT_EQ(NamesThere(), Names{"file"});
}

TEST_F(RareOutcomes, WithoutNamelessFilesThereAreNamedOnes) {
  for (const int error : {EOPNOTSUPP, EISDIR, EINVAL, ENOENT}) {
    const TamperedCalls calls(Failing(Call::kOpenNameless, error));
    EXPECT_TRUE(Replace(nameless_, At("file"), "new").ok()) << error;
  }
  EXPECT_EQ(NamesThere(), Names{"file"});
}

TEST_F(RareOutcomes, AKillBetweenLinkAndRenameLeavesWhatTheNextWriterRemoves) {
  world_.WriteFile(At("file"), "old");
  EXPECT_EQ(SignalThatEnded([this] {
              Tampering tampering;
              tampering.before = [](Call call) {
                if (call == Call::kRename) raise(SIGKILL);
              };
              const TamperedCalls calls(tampering);
              return Replace(nameless_, At("file"), "half").ok() ? 1 : 2;
            }),
            SIGKILL);
  EXPECT_EQ(NamesThere(), (Names{".file.finder-0", "file"}));
  EXPECT_EQ(world_.ReadFile(At("file")), "old");
  EXPECT_TRUE(Replace(nameless_, At("file"), "new").ok());
  EXPECT_EQ(NamesThere(), Names{"file"});
  EXPECT_EQ(world_.ReadFile(At("file")), "new");
}

TEST_F(RareOutcomes, AFileSweptBeforeItIsLockedIsMadeAgain) {
  std::unique_ptr<PendingFile> other;
  Tampering tampering;
  tampering.before = [&](Call call) {
    // Another writer comes, finds the first file dead, and takes its name.
    if (call != Call::kLock || other != nullptr) return;
    other = named_.CreateFile(At("file"), 0600).value();
    EXPECT_EQ(NamesThere(), Names{".file.finder-0"});
  };
  const TamperedCalls calls(tampering);
  const auto first = named_.CreateFile(At("file"), 0600);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(NamesThere(), (Names{".file.finder-0", ".file.finder-1"}));
  ASSERT_TRUE(first.value()->Append("first").ok());
  ASSERT_TRUE(other->Append("other").ok() && other->Commit().ok());
  EXPECT_EQ(world_.ReadFile(At("file")), "other");
  ASSERT_TRUE(first.value()->Commit().ok());
  EXPECT_EQ(world_.ReadFile(At("file")), "first");
  EXPECT_EQ(NamesThere(), Names{"file"});
}

TEST_F(RareOutcomes, ANameThatMeansAnotherFileByNowIsNotRemoved) {
  world_.WriteFile(At(".file.finder-0"), "dead");
  bool replaced = false;
  Tampering tampering;
  tampering.before = [&](Call call) {
    if (call != Call::kLock || replaced) return;
    replaced = true;
    world_.RemoveAll(At(".file.finder-0"));
    world_.WriteFile(At(".file.finder-0"), "another");
  };
  const TamperedCalls calls(tampering);
  EXPECT_TRUE(Replace(nameless_, At("file"), "new").ok());
  EXPECT_TRUE(replaced);
  EXPECT_EQ(world_.ReadFile(At(".file.finder-0")), "another");
}

TEST_F(RareOutcomes, ADirectoryWhoseEndShowsIsNotAskedAgain) {
  world_.WriteFile(At("file"), "");
  for (const bool shows : {true, false}) {
    Tampering tampering;
    tampering.next_offset = shows ? std::numeric_limits<int64_t>::max() : 1;
    const TamperedCalls calls(tampering);
    EXPECT_EQ(List(), (Kinds{{"file", EntryKind::kFile}}));
    EXPECT_EQ(calls.made(Call::kList), shows ? 1 : 2);
  }
}

TEST_F(RareOutcomes, AKillAfterAnExchangeLeavesTheOldFileToTheNextWriter) {
  world_.WriteFile(At("file"), "old");
  EXPECT_EQ(SignalThatEnded([this] {
              Tampering tampering;
              // Once for the new file, and then for the old one.
              tampering.before = [locks = 0](Call call) mutable {
                if (call == Call::kLock && ++locks == 2) raise(SIGKILL);
              };
              const TamperedCalls calls(tampering);
              return ReplaceUnflushed(At("file"), "new").ok() ? 1 : 2;
            }),
            SIGKILL);
  EXPECT_EQ(NamesThere(), (Names{".file.finder-0", "file"}));
  EXPECT_EQ(world_.ReadFile(At("file")), "new");
  EXPECT_EQ(world_.ReadFile(At(".file.finder-0")), "old");
  EXPECT_TRUE(ReplaceUnflushed(At("file"), "newer").ok());
  EXPECT_EQ(NamesThere(), Names{"file"});
  EXPECT_EQ(world_.ReadFile(At("file")), "newer");
}

TEST_F(RareOutcomes, WhereNamesCannotBeExchangedTheFileIsRenamed) {
  world_.WriteFile(At("file"), "old");
  Tampering tampering;
  tampering.fail = [renames = 0](Call call) mutable {
    return call == Call::kRename && ++renames == 1 ? EINVAL : 0;
  };
  const TamperedCalls calls(tampering);
  EXPECT_TRUE(ReplaceUnflushed(At("file"), "new").ok());
  EXPECT_EQ(calls.made(Call::kRename), 2);
  EXPECT_EQ(world_.ReadFile(At("file")), "new");
  EXPECT_EQ(NamesThere(), Names{"file"});
}

TEST_F(RareOutcomes, ADirectoryThatWasExchangedIsPutBack) {
  world_.WriteFile(At("file"), "old");
  bool exchanged = false;
  Tampering tampering;
  tampering.before = [&](Call call) {
    if (call != Call::kRename || exchanged) return;
    exchanged = true;
    world_.RemoveAll(At("file"));
    world_.MakeDirectories(At("file/below"));
  };
  const TamperedCalls calls(tampering);
  EXPECT_EQ(ReplaceUnflushed(At("file"), "new").error().code(), EISDIR);
  EXPECT_TRUE(exchanged);
  EXPECT_EQ(NamesThere(), Names{"file"});
  EXPECT_EQ(world_.Names(At("file")), Names{"below"});
}

TEST_F(RareOutcomes, WithoutLocksNothingIsLeft) {
  world_.WriteFile(At("file"), "old");
  const TamperedCalls calls(Failing(Call::kLock, ENOLCK));
  EXPECT_TRUE(Replace(nameless_, At("file"), "new").ok());
  EXPECT_EQ(Replace(named_, At("file"), "newer").error().code(), ENOLCK);
  EXPECT_EQ(world_.ReadFile(At("file")), "new");
  EXPECT_EQ(NamesThere(), Names{"file"});
}

TEST_F(RareOutcomes, WhereOtherHostsWriteNothingIsTakenForDead) {
  world_.WriteFile(At(".file.finder-0"), "of another host");
  Tampering tampering;
  tampering.file_system = NFS_SUPER_MAGIC;
  const TamperedCalls calls(tampering);
  for (FileSystem* fs : {static_cast<FileSystem*>(&nameless_),
                         static_cast<FileSystem*>(&named_)}) {
    EXPECT_TRUE(Replace(*fs, At("file"), "new").ok());
  }
  EXPECT_EQ(NamesThere(), (Names{".file.finder-0", "file"}));
  EXPECT_EQ(calls.made(Call::kLock), 0);
}

}  // namespace
}  // namespace finder
