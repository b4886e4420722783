// --exec and --exec-batch with commands that a test makes up: which are run, in
// which order their output goes out, and what comes of failures.
#include <errno.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_join.h"
#include "cmd/options/command_line.h"
#include "cmd/search/search_command.h"
#include "fs/child_process.h"
#include "fs/fake/disk/fake_tree.h"
#include "fs/fake/fake_child_process.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/cmd/command_test.h"

namespace finder {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr ExitStatus kExitedBy1 = {ExitStatus::How::kExited, 1};

// Writes its arguments as a line, and one to standard error.
FakeChild Echo(const ChildCommand& command) {
  const std::string line = absl::StrJoin(command.arguments, " ") + "\n";
  return {.writes = {{ChildRead::From::kOutput, line},
                     {ChildRead::From::kError, "e " + line}}};
}

class Execution : public CommandTest {
 protected:
  Execution() {
    for (const char* name : {"a.c", "b.c", "d/c.c", "-x.c"}) {
      tree_.WriteFile("/work/" + std::string(name));
    }
    children().Behave(Echo);
  }

  FakeChildProcesses& children() { return machine_.children(); }

  ExitCode Run(const std::vector<std::string>& arguments) {
    Program program = NewProgram();
    out_.write_error = write_error_;
    const auto command = ParseCommandLine(arguments);
    EXPECT_TRUE(command.ok()) << command.status();
    return command.ok() ? Search(*command, program) : ExitCode::kFailed;
  }
  std::string Refusal(const std::vector<std::string>& arguments) {
    return std::string(ParseCommandLine(arguments).status().message());
  }
  // The commands that were run, as lines.
  std::vector<std::string> Commands() {
    std::vector<std::string> lines;
    for (const ChildCommand& command : children().commands()) {
      lines.push_back(absl::StrJoin(command.arguments, " "));
    }
    return lines;
  }

  std::optional<int> write_error_;
};

TEST_F(Execution, OutputIsInTheOrderOfTheAnswersWhateverTheThreads) {
  for (const char* threads : {"2", "3", "16"}) {
    EXPECT_EQ(Run({"-j", threads, "-x", "p", "{/}"}), ExitCode::kDone);
    EXPECT_EQ(out_.text, "p -x.c\np a.c\np b.c\np c.c\n");
    EXPECT_EQ(err_.text, "e p -x.c\ne p a.c\ne p b.c\ne p c.c\n");
    EXPECT_TRUE(out_.closed);
  }
}

TEST_F(Execution, NoPathIsTakenForAnOption) {
  EXPECT_EQ(Run({"-x", "p"}), ExitCode::kDone);
  EXPECT_THAT(Commands(), UnorderedElementsAre("p ./-x.c", "p ./a.c", "p ./b.c",
                                               "p ./d/c.c"));
  EXPECT_EQ(Run({"d", "-x", "p"}), ExitCode::kDone);
  EXPECT_EQ(out_.text, "p d/c.c\n");
  EXPECT_EQ(Run({"-a", "-1", "-x", "p"}), ExitCode::kDone);
  EXPECT_EQ(out_.text, "p /work/-x.c\n");
}

TEST_F(Execution, OneThreadLeavesTheStreamsToTheCommands) {
  EXPECT_EQ(Run({"-j1", "-g", "a.c", "-x", "p"}), ExitCode::kDone);
  EXPECT_EQ(children().commands()[0].in, ChildStream::kInherit);
  EXPECT_EQ(children().commands()[0].out, ChildStream::kInherit);
  EXPECT_EQ(Run({"-j2", "-g", "a.c", "-x", "p"}), ExitCode::kDone);
  EXPECT_EQ(children().commands()[1].in, ChildStream::kNull);
  EXPECT_EQ(children().commands()[1].out, ChildStream::kPipe);
}

TEST_F(Execution, SeveralCommandsForAnAnswerEndWithTheFirstThatFails) {
  children().Behave([](const ChildCommand& command) {
    FakeChild child = Echo(command);
    if (command.arguments[1] == "./a.c") child.status = kExitedBy1;
    return child;
  });
  EXPECT_EQ(Run({"-g", "[ab].c", "-x", "p", ";", "-x", "q"}), ExitCode::kNo);
  EXPECT_EQ(out_.text, "p ./a.c\np ./b.c\nq ./b.c\n");
}

TEST_F(Execution, ACommandKilledByASignalHasFailed) {
  children().Behave([](const ChildCommand&) {
    return FakeChild{.status = {ExitStatus::How::kSignalled, 9}};
  });
  EXPECT_EQ(Run({"-g", "a.c", "-x", "p"}), ExitCode::kNo);
  EXPECT_EQ(Run({"-g", "a.c", "-X", "p"}), ExitCode::kNo);
}

TEST_F(Execution, AMissingProgramIsToldOnceAndEndsTheRun) {
  children().Behave(
      [](const ChildCommand&) { return FakeChild{.start_error = ENOENT}; });
  EXPECT_EQ(Run({"-x", "nowhere"}), ExitCode::kNo);
  EXPECT_EQ(err_.text, "finder: nowhere: No such file or directory\n");
  EXPECT_EQ(Run({"-X", "nowhere"}), ExitCode::kNo);
  EXPECT_EQ(err_.text, "finder: nowhere: No such file or directory\n");
  EXPECT_EQ(Run({"-g", "[ab].c", "-x", "{}"}), ExitCode::kNo);
  EXPECT_EQ(err_.text,
            "finder: ./a.c: No such file or directory\n"
            "finder: ./b.c: No such file or directory\n");
}

TEST_F(Execution, ALongOutputGoesOutWhole) {
  const std::string block(3 << 20, 'x');
  children().Behave([&block](const ChildCommand& command) {
    FakeChild child;
    for (int i = 0; i < 3; ++i) {
      child.writes.emplace_back(ChildRead::From::kOutput, block);
    }
    child.writes.emplace_back(ChildRead::From::kOutput,
                              command.arguments[1] + "\n");
    return child;
  });
  EXPECT_EQ(Run({"-j4", "-g", "[ab].c", "-x", "p"}), ExitCode::kDone);
  EXPECT_EQ(out_.text.size(), 6 * block.size() + 12);
  EXPECT_EQ(out_.text.substr(3 * block.size(), 6), "./a.c\n");
}

TEST_F(Execution, AnOutputThatCannotBeWrittenEndsTheRun) {
  write_error_ = ENOSPC;
  EXPECT_EQ(Run({"-j2", "-x", "p"}), ExitCode::kFailed);
  EXPECT_THAT(err_.text, HasSubstr("standard output: No space left"));
  write_error_ = EPIPE;
  EXPECT_EQ(Run({"-j2", "-x", "p"}), ExitCode::kBrokenPipe);
}

TEST_F(Execution, ABatchIsOneCommandForAllAnswers) {
  EXPECT_EQ(Run({"-X", "p", "{}", "end"}), ExitCode::kDone);
  EXPECT_THAT(Commands(), ElementsAre("p ./-x.c ./a.c ./b.c ./d/c.c end"));
  EXPECT_EQ(children().commands()[0].in, ChildStream::kInherit);
}

TEST_F(Execution, ABatchIsSplitWhereACommandLineEnds) {
  // Room for the program and the first two paths.
  children().SetMaxArgumentBytes(BytesOfArgument("p") +
                                 2 * BytesOfArgument("./a.c") + 1);
  EXPECT_EQ(Run({"-X", "p"}), ExitCode::kDone);
  EXPECT_THAT(Commands(),
              ElementsAre("p ./-x.c ./a.c", "p ./b.c", "p ./d/c.c"));
}

TEST_F(Execution, ABatchThatTheKernelRefusesIsHalved) {
  children().Behave([](const ChildCommand& command) {
    FakeChild child;
    if (command.arguments.size() > 2) child.start_error = E2BIG;
    return child;
  });
  EXPECT_EQ(Run({"-g", "[ab].c", "-X", "p"}), ExitCode::kDone);
  EXPECT_THAT(Commands(), ElementsAre("p ./a.c ./b.c", "p ./a.c", "p ./b.c"));
}

TEST_F(Execution, ABatchTakesNoMoreThanAsked) {
  EXPECT_EQ(Run({"--batch-size", "3", "-X", "p"}), ExitCode::kDone);
  EXPECT_THAT(Commands(), ElementsAre("p ./-x.c ./a.c ./b.c", "p ./d/c.c"));
}

TEST_F(Execution, AllBatchesAreRunThoughOneFails) {
  children().Behave([](const ChildCommand& command) {
    return FakeChild{.status = {ExitStatus::How::kExited,
                                command.arguments[0] == "p" ? 1 : 0}};
  });
  EXPECT_EQ(Run({"-g", "a.c", "-X", "p", ";", "-X", "q"}), ExitCode::kNo);
  EXPECT_THAT(Commands(), ElementsAre("p ./a.c", "q ./a.c"));
}

TEST_F(Execution, WithoutAnAnswerNothingIsRun) {
  EXPECT_EQ(Run({"-g", "none", "-X", "p"}), ExitCode::kDone);
  EXPECT_EQ(Run({"-g", "none", "-x", "p"}), ExitCode::kDone);
  EXPECT_THAT(Commands(), IsEmpty());
}

TEST_F(Execution, TheFirstAnswersAreEnough) {
  EXPECT_EQ(Run({"-1", "-x", "p"}), ExitCode::kDone);
  EXPECT_EQ(Run({"--max-results", "2", "-X", "p"}), ExitCode::kDone);
  EXPECT_THAT(Commands(), ElementsAre("p ./-x.c", "p ./-x.c ./a.c"));
}

TEST_F(Execution, MoreAnswersThanFitIntoTheQueueAreAllServed) {
  for (int i = 0; i < 5000; ++i) {
    tree_.WriteFile("/work/many/" + std::to_string(i));
  }
  EXPECT_EQ(Run({"many", "-j2", "-x", "p"}), ExitCode::kDone);
  EXPECT_THAT(Commands(), SizeIs(5000));
}

TEST_F(Execution, ACommandEndsAtASemicolonOrWithTheLine) {
  EXPECT_EQ(Run({"-x", "p", "-q", ";", "-g", "a.c"}), ExitCode::kDone);
  EXPECT_THAT(Commands(), ElementsAre("p -q ./a.c"));
  EXPECT_EQ(Run({"-xp", "-g", "b.c"}), ExitCode::kDone);
  EXPECT_EQ(out_.text, "p ./b.c\n");
  EXPECT_EQ(Run({"--exec=p", "-g", "b.c"}), ExitCode::kDone);
  EXPECT_EQ(out_.text, "p ./b.c\n");
  EXPECT_EQ(Run({"-g", "b.c", "-Lx", "p", "--", "x"}), ExitCode::kDone);
  EXPECT_EQ(out_.text, "p -- x ./b.c\n");
}

TEST_F(Execution, ACommandMustBeThere) {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{
           {"-x"}, {"-x", ";", "p"}, {"--exec="}, {"-x", ""}}) {
    EXPECT_THAT(Refusal(arguments), HasSubstr("--exec needs a command"));
  }
  EXPECT_EQ(Refusal({"--batch-size", "2"}), "--batch-size needs --exec-batch");
  EXPECT_EQ(Refusal({"-X", "p", ";", "-x", "q"}),
            "--exec and --exec-batch cannot be used together");
  EXPECT_EQ(Refusal({"--json", "-x", "q"}),
            "--exec and --json cannot be used together");
}

}  // namespace
}  // namespace finder
