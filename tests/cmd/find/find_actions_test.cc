// The actions of find(1) on a fake machine: what each node hands on to what
// does the work. What commands and deletions do is tested in
// tests/cmd/actions/, formats in tests/cmd/format/.
#include <errno.h>

#include <string>
#include <vector>

#include "fs/child_process.h"
#include "gtest/gtest.h"
#include "tests/cmd/find/find_test.h"

namespace finder {
namespace {

using How = ExitStatus::How;
using Names = std::vector<std::string>;

class FindActionsTest : public FindTest {
 protected:
  FindActionsTest() { tree_.AddTree("f t/a\nf t/d/b\nl t/l -> a\n", "/work"); }

  std::string Commands() {
    std::string lines;
    for (const ChildCommand& command : machine_.children().commands()) {
      for (const std::string& word : command.arguments) lines += word + " ";
      lines.back() = '\n';
    }
    return lines;
  }
  const std::string& Written(const std::string& path) {
    return machine_.output_files().files[path].bytes;
  }
};

TEST_F(FindActionsTest, PrintfPrintsOnlyItsFormat) {
  EXPECT_EQ(Find({"t", "-printf", R"(%P %y %d %l\n)"}),
            " d 0 \na f 1 \nd d 1 \nd/b f 2 \nl l 1 a\n");
  EXPECT_EQ(code_, ExitCode::kDone);
}

TEST_F(FindActionsTest, PrintfIsNoTestOfWhatItNeeds) {
  EXPECT_EQ(Find({"t", "-name", "b", "-printf", "%s %p\\n", "-print"}),
            "0 t/d/b\nt/d/b\n");
}

TEST_F(FindActionsTest, OddFormatsAreWarnedOfAndMalformedOnesRefused) {
  EXPECT_EQ(Find({"t", "-maxdepth", "0", "-printf", "%z\\n"}), "%z\n");
  EXPECT_EQ(err_.text,
            "finder: find: warning: -printf '%z\\n': unrecognized format "
            "directive '%z'\n");
  EXPECT_EQ(code_, ExitCode::kDone);
  EXPECT_EQ(Refusal({"t", "-printf", "%"}),
            "-printf '%': '%' at the end of the format");
  EXPECT_EQ(Refusal({"t", "-fprintf", "f"}),
            "-fprintf 'f': the format is missing");
}

TEST_F(FindActionsTest, FilesAreMadeEvenIfNothingIsWritten) {
  EXPECT_EQ(Find({"t", "-false", "-fprint", "out"}), "");
  EXPECT_EQ(machine_.output_files().files["out"].times_opened, 1);
  EXPECT_FALSE(machine_.output_files().files["out"].open);
}

TEST_F(FindActionsTest, AFileOfTwoNamesHasOneStream) {
  auto& files = machine_.output_files().files;
  files["out"].inode = 7;
  files["./out"].inode = 7;
  EXPECT_EQ(Find({"t", "-name", "[ab]", "-fprint", "out", "-fprintf", "./out",
                  "%f\\n"}),
            "");
  EXPECT_EQ(Written("out"), "t/a\na\nt/d/b\nb\n");
  EXPECT_EQ(Written("./out"), "");
}

TEST_F(FindActionsTest, StandardStreamsAreFilesToo) {
  EXPECT_EQ(Find({"t/a", "-print", "-fprint", "/dev/stdout", "-fprint0",
                  "/dev/stderr"}),
            "t/a\nt/a\n");
  EXPECT_EQ(err_.text, std::string("t/a\0", 4));
}

TEST_F(FindActionsTest, AFullDiskIsToldOfWithThePath) {
  machine_.output_files().files["out"].write_error = ENOSPC;
  EXPECT_EQ(Find({"t", "-fprint", "out", "-print"}),
            "t\nt/a\nt/d\nt/d/b\nt/l\n");
  EXPECT_EQ(code_, ExitCode::kNo);
  EXPECT_EQ(err_.text,
            "finder: out: cannot be written: No space left on device\n");
}

TEST_F(FindActionsTest, AFileThatCannotBeOpenedIsRefused) {
  machine_.output_files().files["no/out"].open_error = ENOENT;
  EXPECT_EQ(Refusal({"t", "-fprint", "no/out"}),
            "-fprint 'no/out': No such file or directory");
}

TEST_F(FindActionsTest, ListsHaveALineForEachEntry) {
  const std::string lines = Find({"t/l", "-ls", "-fls", "out"});
  EXPECT_NE(lines.find("lrwxrwxrwx   1 "), std::string::npos) << lines;
  EXPECT_TRUE(lines.ends_with(" t/l -> a\n")) << lines;
  EXPECT_EQ(Written("out"), lines);
}

TEST_F(FindActionsTest, AnExecIsATest) {
  machine_.children().Behave([](const ChildCommand& command) -> FakeChild {
    return {.status = {How::kExited, command.arguments[1] == "t/a" ? 0 : 1}};
  });
  EXPECT_EQ(Find({"t", "-exec", "test", "{}", ";", "-print"}), "t/a\n");
  EXPECT_EQ(code_, ExitCode::kDone);
  EXPECT_EQ(Commands(), "test t\ntest t/a\ntest t/d\ntest t/d/b\ntest t/l\n");
}

TEST_F(FindActionsTest, ABatchRunsInTheEndEvenAfterQuit) {
  EXPECT_EQ(Find({"t", "-exec", "echo", "{}", "+", "-name", "a", "-quit"}), "");
  EXPECT_EQ(Commands(), "echo t t/a\n");
}

TEST_F(FindActionsTest, AFailedBatchMakesFindFail) {
  machine_.children().Behave(
      [](const ChildCommand&) -> FakeChild { return {.start_error = ENOENT}; });
  EXPECT_EQ(Find({"t/a", "-exec", "nosuch", "{}", "+"}), "");
  EXPECT_EQ(code_, ExitCode::kNo);
  EXPECT_EQ(err_.text, "finder: nosuch: No such file or directory\n");
}

TEST_F(FindActionsTest, WhatIsPrintedComesBeforeTheCommand) {
  std::string printed;
  machine_.children().Behave([&](const ChildCommand&) -> FakeChild {
    printed += "<" + out_.text + ">";
    return {};
  });
  Find({"t/d", "-print", "-exec", "echo", ";"});
  EXPECT_EQ(printed, "<t/d\n><t/d\nt/d/b\n>");
}

TEST_F(FindActionsTest, MalformedCommandsAreRefused) {
  EXPECT_EQ(Refusal({"t", "-exec", "echo"}),
            "-exec has no end: ';' or '{} +' is missing");
  EXPECT_EQ(Refusal({"t", "-ok", ";"}), "-ok has no command");
}

TEST_F(FindActionsTest, ADangerousPathIsRefusedInDirectories) {
  Program program = NewProgram();
  program.variables.path = "/bin:";
  CommandLine command;
  command.operands = {"t", "-execdir", "true", ";"};
  EXPECT_EQ(RunFind(command, program), ExitCode::kNo);
  EXPECT_TRUE(err_.text.starts_with(
      "finder: find: -execdir: the current directory is in $PATH"));
  EXPECT_EQ(Commands(), "");
}

TEST_F(FindActionsTest, DeleteTakesWhatIsBelowFirst) {
  EXPECT_EQ(Find({"t", "-delete", "-print"}), "t/a\nt/d/b\nt/d\nt/l\nt\n");
  EXPECT_EQ(code_, ExitCode::kDone);
  EXPECT_EQ(tree_.Names("/work"), Names());
}

TEST_F(FindActionsTest, WhatCannotBeDeletedMakesFindFail) {
  EXPECT_EQ(Find({"t", "-name", "d", "-delete"}), "");
  EXPECT_EQ(code_, ExitCode::kNo);
  EXPECT_EQ(err_.text, "finder: t/d: cannot be deleted: Directory not empty\n");
}

TEST_F(FindActionsTest, TheNextRunKnowsWhatWasDeletedInTheSameMoment) {
  FindWarm({"t"});
  EXPECT_EQ(FindWarm({"t", "-name", "b", "-delete"}), "");
  EXPECT_EQ(FindWarm({"t"}), "t\nt/a\nt/d\nt/l\n");
}

}  // namespace
}  // namespace finder
