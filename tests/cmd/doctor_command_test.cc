#include "cmd/doctor_command.h"

#include <string>

#include "fs/fake_clock.h"
#include "fs/fake_file_system.h"
#include "fs/fake_tree.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/cmd/fake_stream.h"

namespace finder {
namespace {

using ::testing::HasSubstr;

constexpr int64_t kSecond = 1'000'000'000;

class DoctorTest : public testing::Test {
 protected:
  DoctorTest() : tree_(&clock_), files_(&tree_) {
    tree_.MakeDirectories("/work/src");
    tree_.Chown("/work/src", FakeUser().id);
    files_.SetWorkingDirectory("/work");
  }

  ExitCode Run(const std::string& root) {
    const DoctorTools tools = {
        .mount_type = "ext4",
        .inotify_watches = 1234,
        .sleep = [this](int64_t ns) { clock_.Advance(ns); }};
    Session session;
    session.files = &files_;
    session.clock = &clock_;
    session.out = &out_;
    session.err = &err_;
    session.host.max_open_files = 77;
    session.working_directory = "/work";
    return Doctor(root, tools, session);
  }

  void Stamps(const FakeStampRule& rule) { tree_.SetStampRule("/work", rule); }

  FakeClock clock_;
  FakeTree tree_;
  FakeFileSystem files_;
  FakeStream out_;
  FakeStream err_;
};

TEST_F(DoctorTest, FineStampsAreSafe) {
  EXPECT_EQ(Run("src"), ExitCode::kDone) << err_.text;
  EXPECT_THAT(out_.text, HasSubstr("file system  ext4\n"));
  EXPECT_THAT(out_.text, HasSubstr("create       moves the stamp\n"));
  EXPECT_THAT(out_.text, HasSubstr("rename       moves the stamp\n"));
  EXPECT_THAT(out_.text, HasSubstr("descriptors  77\n"));
  EXPECT_THAT(out_.text, HasSubstr("inotify      1234 watches\n"));
  EXPECT_THAT(out_.text, HasSubstr("verdict      safe: "));
}

TEST_F(DoctorTest, LeavesNothingBehind) {
  Run("src");
  EXPECT_TRUE(tree_.Names("/work/src").empty());
}

TEST_F(DoctorTest, MeasuresStampsOfOneSecond) {
  Stamps({.granularity_ns = kSecond});
  EXPECT_EQ(Run("src"), ExitCode::kDone);
  EXPECT_THAT(out_.text, HasSubstr("granularity  1.000 s\n"));
  EXPECT_THAT(out_.text, HasSubstr("agrees with this machine's\n"));
}

TEST_F(DoctorTest, StampsOfThreeSecondsAreTooCoarse) {
  Stamps({.granularity_ns = 3 * kSecond});
  EXPECT_EQ(Run("src"), ExitCode::kNo);
  EXPECT_THAT(out_.text, HasSubstr("not safe: its stamps are too coarse"));
}

TEST_F(DoctorTest, AClockBehindIsNotSafe) {
  Stamps({.clock_offset_ns = -10 * kSecond});
  EXPECT_EQ(Run("src"), ExitCode::kNo);
  EXPECT_THAT(out_.text, HasSubstr("10.000 s behind this machine's\n"));
}

TEST_F(DoctorTest, AForeignClockBehindIsSafe) {
  Stamps({.clock_offset_ns = -10 * kSecond});
  tree_.SetTrust("/work", StampTrust::kServer);
  EXPECT_EQ(Run("src"), ExitCode::kDone);
  EXPECT_THAT(out_.text, HasSubstr("when two runs 2.500 s apart"));
}

TEST_F(DoctorTest, AMissingRootFails) {
  EXPECT_EQ(Run("missing"), ExitCode::kFailed);
  EXPECT_EQ(err_.text, "finder: missing: No such file or directory\n");
}

TEST_F(DoctorTest, WhatCannotBeWrittenToIsNotMeasured) {
  tree_.Chmod("/work/src", 0555);
  EXPECT_EQ(Run("src"), ExitCode::kFailed);
  EXPECT_EQ(err_.text, "finder: src: Permission denied\n");
}

}  // namespace
}  // namespace finder
