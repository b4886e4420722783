#include "finder/results/hashes/file_hashes.h"

#include <errno.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "finder/results/hashes/kept_hashes.h"
#include "fs/fake/disk/fake_file_system.h"
#include "fs/fake/disk/fake_tree.h"
#include "fs/fake/fake_clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace finder {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int64_t kSecondNs = 1'000'000'000;

class FileHashesTest : public testing::Test {
 protected:
  FileHashesTest() : tree_(&clock_), files_(&tree_) {
    host_.boot_id = "boot";
    tree_.WriteFile("/src/a", "one");
    tree_.WriteFile("/src/b", "two");
    clock_.Advance(10 * kSecondNs);
  }

  // One run after another: each knows what the one before has kept.
  std::unique_ptr<FileHashes> NewRun() {
    files_.calls().Reset();
    return std::make_unique<FileHashes>(files_, clock_, host_, pool_, kept_);
  }
  std::vector<FileFact> Run(const std::vector<std::string>& paths) {
    auto hashes = NewRun();
    std::vector<FileFact> facts = hashes->Look(paths);
    if (hashes->has_news()) kept_ = hashes->Encode();
    read_ = hashes->counts().read;
    return facts;
  }
  FileFact RunOne(const std::string& path) { return Run({path}).front(); }

  FakeClock clock_;
  FakeTree tree_;
  FakeFileSystem files_;
  Host host_;
  ThreadPool pool_{4};
  std::string kept_;
  uint64_t read_ = 0;
};

TEST_F(FileHashesTest, AFileIsKnownByItsContents) {
  const std::vector<FileFact> facts = Run({"/src/a", "/src/b"});
  EXPECT_EQ(facts[0].kind, FileKind::kFile);
  EXPECT_EQ(facts[0].hash, HashOf("one"));
  EXPECT_EQ(facts[1].hash, HashOf("two"));
  EXPECT_EQ(read_, 2);
}

TEST_F(FileHashesTest, AnEmptyFileAndALargeOne) {
  std::string large(3 << 20, 'x');
  large += "end";
  tree_.WriteFile("/src/large", large);
  tree_.WriteFile("/src/empty", "");
  const std::vector<FileFact> facts = Run({"/src/large", "/src/empty"});
  EXPECT_EQ(facts[0].hash, HashOf(large));
  EXPECT_EQ(facts[1].hash, HashOf(""));
}

TEST_F(FileHashesTest, WhatIsKnownIsStattedAndNotRead) {
  std::vector<std::string> paths;
  for (int i = 0; i < 1000; ++i) {
    paths.push_back("/src/" + std::to_string(i));
    tree_.WriteFile(paths.back(), std::to_string(i));
  }
  clock_.Advance(10 * kSecondNs);
  const std::vector<FileFact> cold = Run(paths);
  EXPECT_EQ(read_, 1000);
  const std::vector<FileFact> warm = Run(paths);
  EXPECT_EQ(read_, 0);
  EXPECT_EQ(cold, warm);
  EXPECT_EQ(files_.calls().counters().open_file, 0);
  // One for each, and one of a directory to know the file system; of several
  // threads each may ask.
  EXPECT_LE(files_.calls().counters().stat, 1000 + 4);
}

TEST_F(FileHashesTest, AChangedFileIsReadAgain) {
  Run({"/src/a", "/src/b"});
  tree_.WriteFile("/src/a", "six");
  EXPECT_EQ(RunOne("/src/a").hash, HashOf("six"));
  EXPECT_EQ(read_, 1);
  // What was not looked at is still known.
  RunOne("/src/b");
  EXPECT_EQ(read_, 0);
}

TEST_F(FileHashesTest, SizeAndModificationTimeAloneProveNothing) {
  RunOne("/src/a");
  const int64_t modified_ns = tree_.Stat("/src/a").modified_ns;
  tree_.WriteFile("/src/a", "six");
  tree_.SetModifiedTime("/src/a", modified_ns);
  clock_.Advance(10 * kSecondNs);
  EXPECT_EQ(RunOne("/src/a").hash, HashOf("six"));
}

TEST_F(FileHashesTest, AFileThatHasJustChangedIsReadUntilItsStampProvesIt) {
  tree_.WriteFile("/src/a", "six");
  EXPECT_FALSE(RunOne("/src/a").proven);
  // Within the same tick.
  tree_.WriteFile("/src/a", "ten");
  EXPECT_EQ(RunOne("/src/a").hash, HashOf("ten"));
  clock_.Advance(3 * kSecondNs);
  EXPECT_TRUE(RunOne("/src/a").proven);
  EXPECT_EQ(read_, 1);
  RunOne("/src/a");
  EXPECT_EQ(read_, 0);
}

TEST_F(FileHashesTest, AClockThatWasSetBackProvesNothing) {
  RunOne("/src/a");
  clock_.SetBack(3600 * kSecondNs);
  RunOne("/src/a");
  EXPECT_EQ(read_, 1);
}

TEST_F(FileHashesTest, AnotherFileSystemUnderTheNumberIsReadAgain) {
  tree_.MakeDirectories("/disk");
  tree_.Mount("/disk");
  tree_.WriteFile("/disk/a", "one");
  clock_.Advance(10 * kSecondNs);
  RunOne("/disk/a");
  RunOne("/disk/a");
  EXPECT_EQ(read_, 0);
  Volume other = tree_.GetVolume("/disk");
  other.identity = "another";
  tree_.SetVolume("/disk", other);
  RunOne("/disk/a");
  EXPECT_EQ(read_, 1);
}

TEST_F(FileHashesTest, AFileSystemUnderAnotherNumberIsStillKnown) {
  tree_.MakeDirectories("/disk");
  tree_.Mount("/disk");
  tree_.WriteFile("/disk/a", "one");
  clock_.Advance(10 * kSecondNs);
  RunOne("/disk/a");
  tree_.SetDevice("/disk", 4711);
  EXPECT_EQ(RunOne("/disk/a").hash, HashOf("one"));
  EXPECT_EQ(read_, 0);
}

TEST_F(FileHashesTest, NothingIsBelievedWhereStampsProveNothing) {
  tree_.SetTrust("/", StampTrust::kNever);
  EXPECT_FALSE(RunOne("/src/a").proven);
  RunOne("/src/a");
  EXPECT_EQ(read_, 1);
}

TEST_F(FileHashesTest, OnAServerTheStampIsThatOfAnOpenedFile) {
  tree_.SetTrust("/", StampTrust::kServer);
  clock_.Advance(2 * kForeignTrustAgeNs);
  RunOne("/src/a");
  RunOne("/src/a");
  EXPECT_EQ(read_, 0);
  EXPECT_EQ(files_.calls().counters().open_file, 1);
  EXPECT_EQ(files_.calls().counters().read, 0);
}

TEST_F(FileHashesTest, DamagedHashesAreNone) {
  Run({"/src/a", "/src/b"});
  const std::string whole = kept_;
  for (size_t i = 0; i < whole.size(); ++i) {
    kept_ = whole;
    kept_[i] ^= 0x20;
    auto hashes = NewRun();
    const std::vector<std::string> path = {"/src/a"};
    EXPECT_EQ(hashes->Look(path).front().hash, HashOf("one")) << i;
    EXPECT_EQ(hashes->counts().read, 1) << i;
    EXPECT_EQ(DecodeHashes(std::string_view(whole).substr(0, i)), std::nullopt);
  }
}

TEST_F(FileHashesTest, WhatIsNoFileIsKnownByKind) {
  tree_.MakePipe("/src/pipe");
  tree_.WriteFile("/src/secret", "x");
  tree_.Chmod("/src/secret", 0);
  const std::vector<FileFact> facts =
      Run({"/src", "/src/pipe", "/src/none", "/src/a/none", "/src/secret"});
  EXPECT_EQ(facts[0].kind, FileKind::kDirectory);
  EXPECT_EQ(facts[1].kind, FileKind::kOther);
  EXPECT_EQ(facts[2].kind, FileKind::kAbsent);
  EXPECT_EQ(facts[3].kind, FileKind::kAbsent);
  EXPECT_EQ(facts[4].kind, FileKind::kUnreadable);
}

TEST_F(FileHashesTest, TheExecutableBitCounts) {
  const FileFact plain = RunOne("/src/a");
  tree_.Chmod("/src/a", 0755);
  const FileFact executable = RunOne("/src/a");
  EXPECT_FALSE(plain.executable);
  EXPECT_TRUE(executable.executable);
  EXPECT_FALSE(plain == executable);
}

TEST_F(FileHashesTest, ASymlinkIsItsTextAndWhatItLeadsTo) {
  tree_.Symlink("a", "/src/link");
  tree_.Symlink("b", "/src/other");
  tree_.Symlink("none", "/src/dangling");
  const FileFact link = RunOne("/src/link");
  EXPECT_EQ(link.kind, FileKind::kSymlink);
  EXPECT_FALSE(link == RunOne("/src/other"));
  EXPECT_EQ(RunOne("/src/dangling").kind, FileKind::kSymlink);
  EXPECT_TRUE(link == RunOne("/src/link"));
  tree_.WriteFile("/src/a", "six");
  EXPECT_FALSE(link == RunOne("/src/link"));
}

TEST_F(FileHashesTest, ChangesAreFoundAfterwards) {
  const std::vector<std::string> paths = {"/src/a", "/src/b", "/src/c", "/src"};
  auto hashes = NewRun();
  const std::vector<FileFact> facts = hashes->Look(paths);
  EXPECT_THAT(hashes->Changed(paths, facts), IsEmpty());
  EXPECT_EQ(hashes->counts().read, 2);
  tree_.WriteFile("/src/c", "came");
  tree_.RemoveAll("/src/b");
  EXPECT_THAT(hashes->Changed(paths, facts), ElementsAre(1, 2));
  tree_.WriteFile("/src/a", "one");  // the same, but written
  EXPECT_THAT(hashes->Changed(paths, facts), ElementsAre(0, 1, 2));
}

TEST_F(FileHashesTest, AChangeWithinTheTickOfAYoungFileIsFound) {
  tree_.WriteFile("/src/a", "six");
  const std::vector<std::string> paths = {"/src/a"};
  auto hashes = NewRun();
  const std::vector<FileFact> facts = hashes->Look(paths);
  EXPECT_THAT(hashes->Changed(paths, facts), IsEmpty());
  tree_.WriteFile("/src/a", "ten");
  EXPECT_THAT(hashes->Changed(paths, facts), ElementsAre(0));
}

TEST_F(FileHashesTest, ByStampNothingIsRead) {
  const std::vector<std::string> paths = {"/src/a", "/src/none"};
  auto hashes = NewRun();
  const std::vector<FileFact> facts = hashes->LookAtStamps(paths);
  EXPECT_EQ(hashes->counts().read, 0);
  EXPECT_THAT(hashes->Changed(paths, facts), IsEmpty());
  tree_.WriteFile("/src/a", "one");
  EXPECT_THAT(hashes->Changed(paths, facts), ElementsAre(0));
  const std::vector<FileFact> later = hashes->LookAtStamps(paths);
  EXPECT_FALSE(later[0] == facts[0]);
  EXPECT_TRUE(later[1] == facts[1]);
}

TEST_F(FileHashesTest, AReadErrorIsNoContents) {
  files_.calls().FailPath(Operation::kRead, "/src/a", EIO);
  const FileFact fact = RunOne("/src/a");
  EXPECT_EQ(fact.kind, FileKind::kUnreadable);
  files_.calls().ClearFaults();
  EXPECT_EQ(RunOne("/src/a").hash, HashOf("one"));
}

}  // namespace
}  // namespace finder
