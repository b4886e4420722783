#include "cmd/dispatch.h"

#include <errno.h>

#include <string>
#include <utility>
#include <vector>

#include "cmd/options/subcommand_table.h"
#include "fs/fake/disk/fake_tree.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/cmd/command_test.h"
#include "tests/cmd/fake_stream.h"

namespace finder {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class DispatchTest : public CommandTest {
 protected:
  DispatchTest() { tree_.WriteFile("/work/doctor/a.c"); }

  ExitCode Run(const std::vector<std::string>& arguments) {
    Program program = ProgramOn(machine_.machine(), out_, err_);
    program.working_directory = working_directory_;
    return Dispatch(arguments, program);
  }

  std::string working_directory_ = "/work";
};

TEST_F(DispatchTest, AWordIsASubcommandAndAPathIsNone) {
  EXPECT_EQ(Run({"doctor", "--help"}), ExitCode::kDone);
  EXPECT_THAT(out_.text, StartsWith("Usage: finder doctor"));
  out_.text.clear();
  EXPECT_EQ(Run({"--no-cache", "./doctor"}), ExitCode::kDone) << err_.text;
  EXPECT_EQ(out_.text, "doctor/a.c\n");
}

TEST_F(DispatchTest, DirectoriesThatBeginWithASubcommandsNameAreAHint) {
  tree_.MakeDirectories("/work/why");
  Run({"why", "doctor"});
  EXPECT_THAT(err_.text,
              StartsWith("finder: 'why' is taken for the subcommand; for the "
                         "directory say ./why, or -- before all roots\n"));
  err_.text.clear();
  Run({"why", "nowhere"});
  EXPECT_THAT(err_.text, Not(HasSubstr("taken for the subcommand")));
  err_.text.clear();
  Run({"find", "doctor"});
  EXPECT_THAT(err_.text, Not(HasSubstr("taken for the subcommand")));
}

TEST_F(DispatchTest, BehindTwoDashesAWordIsARoot) {
  EXPECT_EQ(Run({"--no-cache", "--", "doctor"}), ExitCode::kDone);
  EXPECT_EQ(Run({"--", "doctor", "nowhere"}), ExitCode::kFailed);
  EXPECT_EQ(out_.text, "doctor/a.c\n");
}

TEST_F(DispatchTest, EverySubcommandHelpsOrIsNotAvailable) {
  for (const SubcommandSpec& spec : AllSubcommands()) {
    out_.text.clear();
    err_.text.clear();
    const ExitCode code = Run({std::string(spec.word), "-h"});
    if (spec.available()) {
      EXPECT_EQ(code, ExitCode::kDone);
      EXPECT_THAT(out_.text, HasSubstr(std::string(spec.synopsis)));
    } else {
      EXPECT_EQ(code, ExitCode::kFailed);
      EXPECT_THAT(err_.text, HasSubstr("not available in this version"));
    }
  }
}

TEST_F(DispatchTest, ASubcommandHasOneHelp) {
  for (const SubcommandSpec& spec : AllSubcommands()) {
    if (!spec.available()) continue;
    const std::string word(spec.word);
    out_.text.clear();
    EXPECT_EQ(Run({word, "--help"}), ExitCode::kDone);
    const std::string help = std::exchange(out_.text, {});
    EXPECT_EQ(Run({word, "-h"}), ExitCode::kDone);
    EXPECT_EQ(out_.text, help);
  }
  out_.text.clear();
  EXPECT_EQ(Run({"cache", "info", "-h"}), ExitCode::kDone);
  EXPECT_THAT(out_.text, StartsWith("Usage: finder cache"));
}

TEST_F(DispatchTest, TheShortHelpIsNotTheWholeOne) {
  EXPECT_EQ(Run({"-h"}), ExitCode::kDone);
  const std::string brief = std::exchange(out_.text, {});
  EXPECT_EQ(Run({"--help"}), ExitCode::kDone);
  EXPECT_THAT(brief, Not(HasSubstr("Exit codes:")));
  EXPECT_THAT(out_.text, HasSubstr("Exit codes:"));
  EXPECT_LT(brief.size(), out_.text.size() / 3);
}

TEST_F(DispatchTest, HelpNeedsNoWorkingDirectoryAndAnAnswerDoes) {
  working_directory_.clear();
  EXPECT_EQ(Run({"--help"}), ExitCode::kDone);
  EXPECT_EQ(Run({"doctor", "--help"}), ExitCode::kDone);
  EXPECT_EQ(Run({}), ExitCode::kFailed);
  EXPECT_THAT(err_.text, HasSubstr("working directory"));
}

TEST_F(DispatchTest, HelpThatIsLostIsAFailure) {
  out_.write_error = ENOSPC;
  EXPECT_EQ(Run({"--help"}), ExitCode::kFailed);
  EXPECT_THAT(err_.text, HasSubstr("standard output: No space left"));
  out_.write_error = EPIPE;
  EXPECT_EQ(Run({"--version"}), ExitCode::kBrokenPipe);
}

TEST_F(DispatchTest, AnOptionThatASubcommandDoesNotTakeIsAnError) {
  EXPECT_EQ(Run({"doctor", "--json"}), ExitCode::kFailed);
  EXPECT_EQ(err_.text,
            "finder: doctor: takes no option '--json'; finder doctor --help "
            "lists those it takes\n");
}

}  // namespace
}  // namespace finder
