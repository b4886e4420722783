// --print-format over a disk in memory.
#include <errno.h>

#include <string>
#include <vector>

#include "cmd/options/command_line.h"
#include "cmd/search/search_command.h"
#include "fs/fake/disk/fake_tree.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/cmd/command_test.h"

namespace finder {
namespace {

using ::testing::HasSubstr;

class PrintFormatOption : public CommandTest {
 protected:
  PrintFormatOption() {
    tree_.WriteFile("/work/src/a.c", "12345");
    tree_.WriteFile("/work/src/in/b.c", "1");
    tree_.Symlink("a.c", "/work/src/link");
  }

  std::string Run(const std::vector<std::string>& arguments) {
    Program program = NewProgram();
    const auto command = ParseCommandLine(arguments);
    EXPECT_TRUE(command.ok()) << command.status();
    if (command.ok()) code_ = Search(*command, program);
    return out_.text;
  }

  ExitCode code_ = ExitCode::kDone;
};

TEST_F(PrintFormatOption, TellsWhatIsKnownOfAPathAsFindDoes) {
  EXPECT_EQ(Run({"src", "--print-format", "%p %f %h %P %H %d %y %l|\\n"}),
            "src/a.c a.c src a.c src 1 f |\n"
            "src/in/b.c b.c src/in in/b.c src 2 f |\n"
            "src/link link src link src 1 l a.c|\n");
}

TEST_F(PrintFormatOption, AFileAsRootIsItsOwnStart) {
  EXPECT_EQ(Run({"src/a.c", "--print-format", "%p %H %d,%P\\n"}),
            "src/a.c src/a.c 0,\n");
}

TEST_F(PrintFormatOption, RootsWithinOneAnotherKeepTheirDepths) {
  EXPECT_EQ(Run({"src", "src/in", "-e", "c", "--print-format", "%d %p\\n"}),
            "1 src/a.c\n2 src/in/b.c\n");
}

TEST_F(PrintFormatOption, AsksTheFileOnceIfItMust) {
  files().calls().Reset();
  EXPECT_EQ(Run({"src", "-e", "c", "--print-format", "%s %m %s\\n"}),
            "5 644 5\n1 644 1\n");
  files().calls().FailPath("/work/src/a.c", EACCES);
  EXPECT_EQ(Run({"src", "-e", "c", "--print-format", "%s\\n"}), "1\n");
  EXPECT_EQ(code_, ExitCode::kIncomplete);
  EXPECT_EQ(err_.text, "finder: src/a.c: Permission denied\n");
}

TEST_F(PrintFormatOption, WhatIsMalformedOrNotCheapIsRefused) {
  EXPECT_EQ(Run({"--print-format", "%u"}), "");
  EXPECT_EQ(code_, ExitCode::kFailed);
  EXPECT_THAT(err_.text, HasSubstr("--print-format: %u, %g and %F"));
  EXPECT_EQ(ParseCommandLine({"--print-format", "%p", "-0"}).status().message(),
            "--print-format and --print0 cannot be used together");
  EXPECT_FALSE(ParseCommandLine({"--print-format", ""}).ok());
}

}  // namespace
}  // namespace finder
