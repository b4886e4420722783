#include "finder/results/command_run.h"

#include <errno.h>

#include <string>
#include <utility>
#include <vector>

#include "fs/fake/fake_child_process.h"
#include "fs/fake/fake_clock.h"
#include "gtest/gtest.h"

namespace finder {
namespace {

using From = ChildRead::From;
using How = ExitStatus::How;

// Keeps what is written, until it is told to fail.
class Sink : public OutputStream {
 public:
  Sink(std::string* all, std::string name)
      : all_(*all), name_(std::move(name)) {}
  Outcome Write(std::string_view bytes) override {
    if (error != 0) return SystemError(error);
    all_ += name_ + "(" + std::string(bytes) + ")";
    return {};
  }
  Outcome Close() override { return {}; }
  bool IsTerminal() const override { return false; }

  int error = 0;

 private:
  std::string& all_;
  const std::string name_;
};

class CommandRun : public testing::Test {
 protected:
  void Does(FakeChild child) {
    children_.Behave([child](const ChildCommand&) { return child; });
  }
  absl::StatusOr<CommandOutcome> Start() {
    return RunCommand(spec_, children_, clock_, out_, err_);
  }
  CommandOutcome Run() {
    absl::StatusOr<CommandOutcome> outcome = Start();
    EXPECT_TRUE(outcome.ok()) << outcome.status();
    return outcome.ok() ? *std::move(outcome) : CommandOutcome();
  }

  FakeClock clock_;
  FakeChildProcesses children_;
  std::string passed_on_;
  Sink out_{&passed_on_, "o"};
  Sink err_{&passed_on_, "e"};
  CommandSpec spec_ = {.arguments = {"generate", "-x"},
                       .environment = {"A=b"},
                       .recording = Recording::kOn,
                       .max_recorded_bytes = 1000,
                       .timeout_ns = std::nullopt};
};

TEST_F(CommandRun, PassesOnAndRecordsInTheOrderOfArrival) {
  Does({.writes = {{From::kOutput, "one\n"},
                   {From::kError, std::string("\0\xff", 2)},
                   {From::kOutput, "two"},
                   {From::kOutput, "three"}}});
  const CommandOutcome outcome = Run();
  const std::string bytes("\0\xff", 2);
  EXPECT_EQ(passed_on_, "o(one\n)e(" + bytes + ")o(two)o(three)");
  EXPECT_EQ(outcome.printed, "one\n" + bytes + "twothree");
  EXPECT_EQ(outcome.chunks,
            (std::vector<OutputChunk>{{PrintedStream::kStdout, 4},
                                      {PrintedStream::kStderr, 2},
                                      {PrintedStream::kStdout, 8}}));
  EXPECT_EQ(outcome.printed_hash, HashOf(outcome.printed));
  EXPECT_EQ(outcome.fault, "");
}

TEST_F(CommandRun, ReplaysWhatWasRecorded) {
  Does(
      {.writes = {
           {From::kError, "e1"}, {From::kOutput, "o1"}, {From::kError, "e2"}}});
  const CommandOutcome outcome = Run();
  passed_on_.clear();
  ReplayPrinted(outcome.chunks, outcome.printed, out_, err_);
  EXPECT_EQ(passed_on_, "e(e1)o(o1)e(e2)");
}

TEST_F(CommandRun, TellsHowItEnded) {
  Does({.status = {How::kExited, 7}});
  EXPECT_EQ(Run().status, (ExitStatus{How::kExited, 7}));
  Does({.status = {How::kSignalled, 9}});
  EXPECT_EQ(Run().status, (ExitStatus{How::kSignalled, 9}));
}

TEST_F(CommandRun, SeesOnlyTheEnvironmentItIsGivenAndNoInput) {
  Run();
  ASSERT_EQ(children_.commands().size(), 1u);
  const ChildCommand command = children_.commands()[0];
  EXPECT_EQ(command.arguments, spec_.arguments);
  EXPECT_EQ(command.environment, spec_.environment);
  EXPECT_EQ(command.in, ChildStream::kNull);
  EXPECT_TRUE(command.takes_signals);
  EXPECT_FALSE(command.own_group);
}

TEST_F(CommandRun, WithoutRecordingItHasTheStreamsItself) {
  spec_.recording = Recording::kOff;
  EXPECT_NE(Run().fault, "");
  const ChildCommand command = children_.commands()[0];
  EXPECT_EQ(command.in, ChildStream::kInherit);
  EXPECT_EQ(command.out, ChildStream::kInherit);
  EXPECT_EQ(command.err, ChildStream::kInherit);
}

TEST_F(CommandRun, MoreThanTheMostIsPassedOnAndNotRecorded) {
  const std::string half(600, 'x');
  Does({.writes = {{From::kOutput, half}, {From::kOutput, half}}});
  const CommandOutcome outcome = Run();
  EXPECT_EQ(outcome.fault, "it printed more than 1000 bytes");
  EXPECT_EQ(outcome.printed, "");
  EXPECT_EQ(passed_on_, "o(" + half + ")o(" + half + ")");
}

TEST_F(CommandRun, AReaderThatLeavesEndsTheCommandAsIfItHadWrittenItself) {
  out_.error = EPIPE;
  Does({.writes = {{From::kOutput, "lost"}, {From::kError, "shown"}}});
  const CommandOutcome outcome = Run();
  EXPECT_EQ(children_.signals(), std::vector<int>{kBrokenPipeSignal});
  EXPECT_EQ(outcome.out.error().code(), EPIPE);
  EXPECT_NE(outcome.fault, "");
  EXPECT_EQ(passed_on_, "e(shown)");
}

TEST_F(CommandRun, WhatCannotBeStartedIsToldAsAShellDoes) {
  Does({.start_error = ENOENT});
  EXPECT_TRUE(absl::IsNotFound(Start().status()));
  Does({.start_error = EACCES});
  EXPECT_TRUE(absl::IsPermissionDenied(Start().status()));
  Does({.start_error = EAGAIN});
  EXPECT_TRUE(absl::IsUnavailable(Start().status()));
}

TEST_F(CommandRun, FailuresAreKeptIfAskedForAndAccidentsNever) {
  EXPECT_EQ(ExitFault({How::kExited, 0}, false), "");
  EXPECT_NE(ExitFault({How::kExited, 1}, false), "");
  EXPECT_EQ(ExitFault({How::kExited, 1}, true), "");
  EXPECT_EQ(ExitFault({How::kExited, 125}, true), "");
  for (const int code : {126, 127, 130, 255}) {
    EXPECT_NE(ExitFault({How::kExited, code}, true), "") << code;
  }
  EXPECT_NE(ExitFault({How::kSignalled, 15}, true), "");
}

}  // namespace
}  // namespace finder
