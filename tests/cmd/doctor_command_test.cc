#include "cmd/doctor_command.h"

#include <string>

#include "fs/fake/disk/fake_file_system.h"
#include "fs/fake/disk/fake_tree.h"
#include "fs/fake/fake_clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/cmd/command_test.h"
#include "tests/cmd/fake_stream.h"

namespace finder {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr int64_t kSecond = 1'000'000'000;

class DoctorTest : public CommandTest {
 protected:
  DoctorTest() {
    tree_.MakeDirectories("/work/src");
    tree_.Chown("/work/src", FakeUser().id);
  }

  ExitCode Run(const std::string& root) {
    const DoctorTools tools = {
        .mount_type = mount_type_,
        .inotify_watches = 1234,
        .sleep = [this](int64_t ns) { clock_.Advance(ns); }};
    Program program = NewProgram();
    program.host.max_open_files = max_open_files_;
    return Doctor(root, tools, program);
  }

  void Stamps(const FakeStampRule& rule) { tree_.SetStampRule("/work", rule); }

  std::string mount_type_ = "ext4";
  int64_t max_open_files_ = 20'000;
};

TEST_F(DoctorTest, FineStampsAreSafe) {
  EXPECT_EQ(Run("src"), ExitCode::kDone) << err_.text;
  EXPECT_THAT(out_.text,
              HasSubstr("file system  ext4; its stamps are believed\n"));
  EXPECT_THAT(out_.text,
              HasSubstr("create       moves the stamp of the directory, "
                        "so it is noticed\n"));
  EXPECT_THAT(out_.text,
              HasSubstr("rename       moves the stamp of the directory, "
                        "so it is noticed\n"));
  EXPECT_THAT(out_.text,
              HasSubstr("descriptors  20,000 may be open at once, enough "
                        "for all threads\n"));
  EXPECT_THAT(out_.text, HasSubstr("inotify      1,234 watches; not used"));
  EXPECT_THAT(out_.text, HasSubstr("verdict      safe: "));
}

TEST_F(DoctorTest, LeavesNothingBehind) {
  Run("src");
  EXPECT_TRUE(tree_.Names("/work/src").empty());
}

TEST_F(DoctorTest, MeasuresStampsOfOneSecond) {
  Stamps({.granularity_ns = kSecond});
  EXPECT_EQ(Run("src"), ExitCode::kDone);
  EXPECT_THAT(out_.text, HasSubstr("granularity  1.000 s, fine enough\n"));
  EXPECT_THAT(out_.text, HasSubstr("clock        this machine's, and right\n"));
}

TEST_F(DoctorTest, StampsOfThreeSecondsAreTooCoarse) {
  Stamps({.granularity_ns = 3 * kSecond});
  EXPECT_EQ(Run("src"), ExitCode::kNo);
  EXPECT_THAT(out_.text, HasSubstr("not safe: its stamps are too coarse"));
  EXPECT_THAT(out_.text, HasSubstr("too coarse to tell two changes apart; use "
                                   "--no-cache\n"));
}

TEST_F(DoctorTest, AClockBehindIsNotSafe) {
  Stamps({.clock_offset_ns = -10 * kSecond});
  EXPECT_EQ(Run("src"), ExitCode::kNo);
  EXPECT_THAT(out_.text,
              HasSubstr("but 10.000 s behind: changes could be missed; "
                        "set the clocks alike, or use --no-cache\n"));
}

TEST_F(DoctorTest, AForeignClockBehindIsSafe) {
  Stamps({.clock_offset_ns = -10 * kSecond});
  tree_.SetTrust("/work", StampTrust::kServer);
  EXPECT_EQ(Run("src"), ExitCode::kDone);
  EXPECT_THAT(out_.text, HasSubstr("when two runs 2.500 s apart"));
  EXPECT_THAT(out_.text, HasSubstr("10.000 s behind, which is allowed for\n"));
}

TEST_F(DoctorTest, AClockAheadIsSafeAndCostsTime) {
  Stamps({.clock_offset_ns = 10 * kSecond});
  EXPECT_EQ(Run("src"), ExitCode::kDone);
  EXPECT_THAT(out_.text, HasSubstr("10.000 s ahead: what changes is listed "
                                   "again for that long; set the clocks"));
}

TEST_F(DoctorTest, FewDescriptorsAreToldHowToBeMore) {
  max_open_files_ = 77;
  EXPECT_EQ(Run("src"), ExitCode::kDone);
  EXPECT_THAT(out_.text, HasSubstr("descriptors  77 may be open at once, so "
                                   "that few threads work; raise it with "
                                   "ulimit -n 1024\n"));
}

TEST_F(DoctorTest, WhereStampsProveNothingACacheIsNoGainAndNothingIsTouched) {
  mount_type_ = "proc";
  tree_.SetTrust("/work", StampTrust::kNever);
  tree_.Chmod("/work/src", 0555);
  EXPECT_EQ(Run("src"), ExitCode::kNo) << err_.text;
  EXPECT_THAT(out_.text, HasSubstr("file system  proc; its stamps prove "
                                   "nothing, so all of it is listed"));
  EXPECT_THAT(out_.text, HasSubstr("verdict      no gain: "));
  EXPECT_THAT(out_.text, Not(HasSubstr("granularity")));
}

TEST_F(DoctorTest, AnImageIsBelievedAsLongAsItStaysMounted) {
  mount_type_ = "squashfs";
  tree_.SetTrust("/work", StampTrust::kMount);
  tree_.Chmod("/work/src", 0555);
  EXPECT_EQ(Run("src"), ExitCode::kDone) << err_.text;
  EXPECT_THAT(out_.text, HasSubstr("squashfs; its stamps are believed as long "
                                   "as it stays mounted\n"));
  EXPECT_THAT(out_.text, HasSubstr("verdict      safe, until it is mounted"));
}

TEST_F(DoctorTest, AnImageOnAKernelThatDoesNotTellMountsIsNoGain) {
  tree_.SetVolume("/work", {StampTrust::kMount, "image", ""});
  EXPECT_EQ(Run("src"), ExitCode::kNo) << err_.text;
  EXPECT_THAT(out_.text, HasSubstr("does not tell one mount of it from"));
}

TEST_F(DoctorTest, AMergedDirectoryOfAnOverlayIsNamed) {
  tree_.SetTrust("/work", StampTrust::kLayers);
  EXPECT_EQ(Run("src"), ExitCode::kDone) << err_.text;
  EXPECT_THAT(out_.text, Not(HasSubstr("merged")));
  tree_.SetMerged("/work/src", true);
  EXPECT_EQ(Run("src"), ExitCode::kDone) << err_.text;
  EXPECT_THAT(out_.text, HasSubstr("root         merged from several layers"));
}

TEST_F(DoctorTest, AMissingRootFails) {
  EXPECT_EQ(Run("missing"), ExitCode::kFailed);
  EXPECT_EQ(err_.text, "finder: missing: No such file or directory\n");
}

TEST_F(DoctorTest, WhatCannotBeWrittenToIsNotMeasured) {
  tree_.Chmod("/work/src", 0555);
  EXPECT_EQ(Run("src"), ExitCode::kFailed);
  EXPECT_EQ(err_.text,
            "finder: src: no directory can be made there to measure with: "
            "Permission denied; name one on the same file system that you may "
            "write to\n");
}

}  // namespace
}  // namespace finder
