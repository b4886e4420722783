// Which stamps are believed on which file systems: doc/consistency.md, "Which
// file systems are believed".
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/finder_fixture.h"

namespace finder {
namespace {

using Lines = std::vector<std::string>;

class VolumeTest : public testing::Test {
 protected:
  VolumeTest() {
    machine_.tree.AddTree("f a/x\nf a/b/y\n", "/src");
    machine_.tree.MakeDirectories("/src/m");
  }

  static View Source() { return FinderFixture::ViewOf({"/src"}); }

  // A file system at /src/m with one directory, whose stamps are always the
  // same: as in an image that is made anew with times of its maker's choice.
  void MountImage(const std::string& file, uint64_t device,
                  const Volume& volume) {
    machine_.tree.Mount("/src/m");
    machine_.tree.WriteFile("/src/m/d/" + file);
    machine_.tree.SetDevice("/src/m", device);
    machine_.tree.SetVolume("/src/m", volume);
    machine_.tree.SetStamp("/src/m", 100, kMadeNs);
    machine_.tree.SetStamp("/src/m/d", 101, kMadeNs);
    machine_.Age();
  }
  void Replace(const std::string& file, uint64_t device, const Volume& volume) {
    machine_.tree.Unmount("/src/m");
    MountImage(file, device, volume);
  }

  // Runs until every stamp that ever will be is believed.
  void Settle() {
    for (int i = 0; i < 3; ++i) {
      machine_.Age();
      machine_.Warm(Source());
    }
  }
  // What a warm run answers, which is what a cold one does.
  Lines Answer() {
    const RunResult warm = machine_.Warm(Source());
    EXPECT_EQ(warm.metrics.cache, CacheState::kWarm)
        << warm.metrics.cache_reason;
    EXPECT_EQ(warm.lines, machine_.Cold(Source()).lines);
    return warm.lines;
  }
  int ListCalls() { return machine_.Warm(Source()).calls.list; }

  // A change that does not move the directory's stamp.
  void AddUnseen(const std::string& path) {
    const std::string directory = path.substr(0, path.rfind('/'));
    const FileStat before = machine_.tree.Stat(directory);
    machine_.tree.WriteFile(path);
    machine_.tree.SetStamp(directory, before.inode, before.change_ns);
  }

  static constexpr int64_t kMadeNs = 1'000'000'000 * kSecondNs;
  static constexpr char kSeenX[] = "f /src/m/d/x";
  FinderFixture machine_;
};

Volume Image(const std::string& mount) {
  return {StampTrust::kMount, "image", mount};
}
Volume Disk(const std::string& identity) {
  return {StampTrust::kLocal, identity, ""};
}

TEST_F(VolumeTest, WhereStampsProveNothingAllIsListedOnEveryRun) {
  machine_.tree.SetTrust("/src", StampTrust::kNever);
  Settle();
  AddUnseen("/src/a/b/new");
  EXPECT_EQ(Answer().size(), 3u);
  EXPECT_EQ(ListCalls(), 4);
}

TEST_F(VolumeTest, ListingAgainWithoutAChangeWritesNothing) {
  machine_.tree.SetTrust("/src", StampTrust::kNever);
  Settle();
  const RunResult run = machine_.Warm(Source());
  EXPECT_EQ(run.calls.list, 4);
  EXPECT_FALSE(run.metrics.database_written);
}

TEST_F(VolumeTest, OneThatProvesNothingInsideOneThatDoes) {
  MountImage("x", 7, {StampTrust::kNever, "fuse", ""});
  Settle();
  AddUnseen("/src/m/d/new");
  EXPECT_EQ(Answer().size(), 4u);
  EXPECT_EQ(ListCalls(), 2);
}

TEST_F(VolumeTest, WhatIsBelievedNoMoreIsListedAgain) {
  Settle();
  EXPECT_EQ(ListCalls(), 0);
  machine_.tree.SetTrust("/src", StampTrust::kNever);
  AddUnseen("/src/a/b/new");
  EXPECT_EQ(Answer().size(), 3u);
}

TEST_F(VolumeTest, AnotherImageInTheSamePlaceIsListed) {
  MountImage("x", 7, Image("first"));
  Settle();
  Replace("y", 7, Image("second"));
  EXPECT_EQ(Answer(), (Lines{"f /src/a/b/y", "f /src/a/x", "f /src/m/d/y"}));
}

TEST_F(VolumeTest, AnImageIsBelievedWhileItStaysMounted) {
  MountImage("x", 7, Image("first"));
  Settle();
  EXPECT_EQ(ListCalls(), 0);
}

TEST_F(VolumeTest, AnImageIsNotBelievedAfterAReboot) {
  MountImage("x", 7, Image("first"));
  Settle();
  machine_.host.boot_id = "second boot";
  machine_.clock.Reboot();
  Replace("y", 7, Image("first"));
  EXPECT_EQ(Answer().back(), "f /src/m/d/y");
}

TEST_F(VolumeTest, AnImageWhoseMountIsNotToldIsNeverBelieved) {
  MountImage("x", 7, Image(""));
  Settle();
  EXPECT_EQ(ListCalls(), 2);
  Replace("y", 7, Image(""));
  EXPECT_EQ(Answer().back(), "f /src/m/d/y");
}

TEST_F(VolumeTest, AnotherDiskUnderTheSameNumberIsListed) {
  MountImage("x", 7, Disk("one"));
  Settle();
  Replace("y", 7, Disk("two"));
  EXPECT_EQ(Answer().back(), "f /src/m/d/y");
}

// As a btrfs subvolume in the place of another: both tops have inode 256.
TEST_F(VolumeTest, AnotherDiskUnderAnotherNumberIsNotTakenForTheFirst) {
  MountImage("x", 7, Disk("one"));
  Settle();
  Replace("y", 8, Disk("two"));
  EXPECT_EQ(Answer().back(), "f /src/m/d/y");
}

TEST_F(VolumeTest, ADiskInsideARootStaysWarmUnderAnotherNumber) {
  MountImage("x", 7, Disk("one"));
  Settle();
  machine_.tree.SetDevice("/src/m", 8);
  EXPECT_EQ(ListCalls(), 0);
  EXPECT_EQ(Answer().back(), kSeenX);
  EXPECT_FALSE(machine_.Warm(Source()).metrics.database_written);
}

TEST_F(VolumeTest, OneWithoutAnIdentityIsListedOnEveryRun) {
  MountImage("x", 7, Disk(""));
  Settle();
  Replace("y", 7, Disk(""));
  EXPECT_EQ(Answer().back(), "f /src/m/d/y");
}

// A copy with the same identity beside the first, as of a snapshot.
TEST_F(VolumeTest, TwoOfOneIdentityAtATimeAreKeptApart) {
  machine_.tree.MakeDirectories("/src/n");
  MountImage("x", 7, Disk("one"));
  machine_.tree.Mount("/src/n");
  machine_.tree.WriteFile("/src/n/d/y");
  machine_.tree.SetDevice("/src/n", 8);
  machine_.tree.SetVolume("/src/n", Disk("one"));
  Settle();
  EXPECT_EQ(ListCalls(), 0);
  EXPECT_EQ(Answer().back(), "f /src/n/d/y");
}

TEST_F(VolumeTest, WhatIsHiddenFromTheRunThatMeetsAnotherDiskIsListedLater) {
  MountImage("x", 7, Disk("one"));
  Settle();
  Replace("y", 7, Disk("two"));
  View hiding = Source();
  hiding.exclude_dirs = {"d"};
  machine_.Warm(hiding);
  machine_.Age();
  machine_.Warm(hiding);
  EXPECT_EQ(Answer().back(), "f /src/m/d/y");
}

// A run that looks no deeper than the top meets what is mounted there by its
// name only, and must say nothing of it.
TEST_F(VolumeTest, WhatWasNotNeededWhileAnotherDiskWasThereIsListedLater) {
  Query shallow;
  shallow.max_depth = 1;
  Query as_deep_as_the_disk;
  as_deep_as_the_disk.max_depth = 2;
  Options options = FinderFixture::OptionsOf(Source());
  options.store_unchanged = true;
  for (const Query& query : {shallow, as_deep_as_the_disk}) {
    MountImage("x", 7, Disk("one"));
    Settle();
    Replace("y", 7, Disk("two"));
    for (int i = 0; i < 2; ++i) {
      EXPECT_TRUE(machine_.RunScoped(options, query).metrics.database_written);
      machine_.Age();
    }
    EXPECT_EQ(Answer().back(), "f /src/m/d/y");
    machine_.tree.Unmount("/src/m");
  }
}

TEST_F(VolumeTest, WhatWasNotNeededIsNotBelievedWhereStampsProveNothing) {
  machine_.tree.SetTrust("/src", StampTrust::kNever);
  Settle();
  AddUnseen("/src/a/b/new");
  Query query;
  query.max_depth = 1;
  Options options = FinderFixture::OptionsOf(Source());
  options.store_unchanged = true;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(machine_.RunScoped(options, query).calls.list, 1);
    machine_.Age();
  }
  query.max_depth.reset();
  query.max_results = 2;
  EXPECT_EQ(machine_.RunScoped(options, query).lines,
            (Lines{"f /src/a/b/new", "f /src/a/b/y"}));
  EXPECT_EQ(Answer().size(), 3u);
}

class OverlayTest : public VolumeTest {
 protected:
  OverlayTest() {
    machine_.tree.SetVolume("/src",
                            {StampTrust::kLayers, "overlay", "first mount"});
    machine_.tree.SetMerged("/src/a", true);
  }
};

TEST_F(OverlayTest, AMergedDirectoryIsListedOnEveryRunAndNoOther) {
  Settle();
  EXPECT_EQ(ListCalls(), 1);
  AddUnseen("/src/a/of the lower layer");
  EXPECT_EQ(Answer().size(), 3u);
}

TEST_F(OverlayTest, ADirectoryThatBecomesMergedIsListed) {
  Settle();
  machine_.tree.SetMerged("/src/a/b", true);
  AddUnseen("/src/a/b/of the lower layer");
  EXPECT_EQ(Answer().size(), 3u);
}

TEST_F(OverlayTest, ADirectoryThatIsMergedNoMoreIsListed) {
  Settle();
  machine_.tree.SetMerged("/src/a", false);
  AddUnseen("/src/a/no more of the lower layer");
  EXPECT_EQ(Answer().size(), 3u);
  EXPECT_EQ(ListCalls(), 0);
}

TEST_F(OverlayTest, AnotherMountIsListedWhole) {
  Settle();
  machine_.tree.SetVolume("/src",
                          {StampTrust::kLayers, "overlay", "second mount"});
  AddUnseen("/src/a/b/of another lower layer");
  EXPECT_EQ(Answer().size(), 3u);
  EXPECT_EQ(ListCalls(), 1);
}

TEST_F(OverlayTest, AMergedRootIsListedOnEveryRun) {
  machine_.tree.SetMerged("/src", true);
  Settle();
  AddUnseen("/src/of the lower layer");
  EXPECT_EQ(Answer().size(), 3u);
}

// As the top of a btrfs subvolume, which may be removed while it is mounted.
TEST_F(VolumeTest, TheTopOfASubvolumeIsListedOnEveryRun) {
  MountImage("x", 7, Disk("one"));
  machine_.tree.SetStamp("/src/m", 256, kMadeNs);
  machine_.tree.SetMerged("/src/m", true);
  Settle();
  EXPECT_EQ(ListCalls(), 1);
  AddUnseen("/src/m/new");
  EXPECT_EQ(Answer().back(), "f /src/m/new");
}

TEST_F(VolumeTest, AServersDirectoriesAreOpenedForTheirStamps) {
  machine_.tree.SetTrust("/src", StampTrust::kServer);
  Settle();
  const RunResult run = machine_.Warm(Source());
  EXPECT_EQ(run.calls.list, 0);
  // The root and three more, twice each: to open is to ask the server.
  EXPECT_EQ(run.calls.open_directory, 4);
}

TEST_F(VolumeTest, AnUnreadableDirectoryOfAServerIsReported) {
  machine_.tree.SetTrust("/src", StampTrust::kServer);
  Settle();
  machine_.tree.Chmod("/src/a/b", 0);
  const RunResult warm = machine_.Warm(Source());
  EXPECT_EQ(warm.diagnostics, machine_.Cold(Source()).diagnostics);
  EXPECT_EQ(warm.diagnostics.size(), 1u);
}

// Each mount of an image takes a place in the header until nothing lies there.
TEST_F(VolumeTest, ManyMountsOneAfterTheOtherDoNotFillTheDatabase) {
  MountImage("x", 7, Image("mount"));
  Settle();
  size_t most = 0;
  for (int i = 0; i < 60; ++i) {
    Replace("x", 7, Image("mount " + std::to_string(i)));
    machine_.Warm(Source());
    const std::string text = machine_.tree.ReadFile(FinderFixture::kDatabase);
    const size_t header = text.find('\n', text.find('\n') + 1);
    most = std::max(most, header);
  }
  EXPECT_LT(most, 2000u);
  EXPECT_EQ(Answer().back(), kSeenX);
}

}  // namespace
}  // namespace finder
