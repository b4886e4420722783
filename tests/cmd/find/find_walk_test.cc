// Where `finder find` goes, in which order, and what it costs.

#include <errno.h>

#include <string>

#include "gtest/gtest.h"
#include "tests/cmd/find/find_test.h"

namespace finder {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

class FindWalkTest : public FindTest {};

TEST_F(FindWalkTest, ContentsComeFirstWithDepth) {
  tree_.AddTree("f t/a\nf t/b/c\nd t/e\n", "/work");
  EXPECT_EQ(Find({"t", "-depth"}), "t/a\nt/b/c\nt/b\nt/e\nt\n");
  EXPECT_EQ(Find({"t", "-d", "-maxdepth", "1"}), "t/a\nt/b\nt/e\nt\n");
  EXPECT_EQ(Find({"t", "-depth", "-mindepth", "2"}), "t/b/c\n");
}

TEST_F(FindWalkTest, PruneHasNoEffectWithDepth) {
  tree_.AddTree("f t/b/c\n", "/work");
  EXPECT_EQ(Find({"t", "-name", "b", "-prune", "-o", "-print"}), "t\n");
  EXPECT_EQ(Find({"t", "-depth", "-name", "b", "-prune", "-o", "-print"}),
            "t/b/c\nt\n");
}

TEST_F(FindWalkTest, PruneBehindATestOfTheFile) {
  tree_.AddTree("f t/b/c\nf t/d/c\n", "/work");
  tree_.Chmod("/work/t/b", 0700);
  EXPECT_EQ(Find({"t", "-perm", "700", "-prune", "-o", "-name", "c"}),
            "t/b\nt/d/c\n");
}

TEST_F(FindWalkTest, QuitEndsTheWalkAtOnce) {
  tree_.AddTree("f t/a\nf t/b\nf u/a\n", "/work");
  EXPECT_EQ(Find({"t", "u", "-name", "a", "-print", "-quit"}), "t/a\n");
  EXPECT_EQ(Find({"t", "u", "-print", "-size", "0", "-quit"}), "t\nt/a\n");
}

TEST_F(FindWalkTest, SymlinksAreFollowedAsAskedFor) {
  tree_.AddTree("f d/c\nl l -> d\nl d/m -> .\nl n -> no\n", "/work");
  EXPECT_EQ(Find({"l"}), "l\n");
  EXPECT_EQ(Find({"-H", "l"}), "l\nl/c\nl/m\n");
  EXPECT_EQ(Find({"-H", "n"}), "n\n");
  EXPECT_EQ(Find({"-H", "-P", "l"}), "l\n");
  EXPECT_EQ(Find({"l", "-follow", "-name", "c"}), "l/c\n");
  EXPECT_EQ(code_, ExitCode::kNo);
  EXPECT_EQ(err_.text, "finder: l/m: the same as a directory above it\n");
}

TEST_F(FindWalkTest, OtherFileSystemsAreNamedButNotEntered) {
  tree_.AddTree("f t/m/c\nf t/a\n", "/work");
  tree_.Mount("/work/t/m");
  tree_.WriteFile("/work/t/m/d");
  EXPECT_EQ(Find({"t", "-xdev"}), "t\nt/a\nt/m\n");
  EXPECT_EQ(Find({"t", "-mount"}), "t\nt/a\nt/m\n");
  EXPECT_EQ(Find({"t"}), "t\nt/a\nt/m\nt/m/d\n");
}

TEST_F(FindWalkTest, UnreadableDirectoriesAreReportedAndVisited) {
  tree_.AddTree("f t/s/c\nf t/z\n", "/work");
  tree_.Chmod("/work/t/s", 0);
  tree_.Chown("/work/t/s", 1);
  EXPECT_EQ(Find({"t"}), "t\nt/s\nt/z\n");
  EXPECT_EQ(code_, ExitCode::kNo);
  EXPECT_EQ(err_.text, "finder: t/s: Permission denied\n");
  EXPECT_EQ(Find({"t", "-depth"}), "t/s\nt/z\nt\n");
  EXPECT_EQ(code_, ExitCode::kNo);
  EXPECT_EQ(Find({"t/s"}), "t/s\n");
  EXPECT_EQ(Find({"t", "-name", "s", "-prune", "-o", "-print"}), "t\nt/z\n");
  EXPECT_EQ(code_, ExitCode::kDone);
}

TEST_F(FindWalkTest, MissingOperandsAreReported) {
  tree_.AddTree("f t/a\n", "/work");
  EXPECT_EQ(Find({"no", "t/a", ""}), "t/a\n");
  EXPECT_EQ(code_, ExitCode::kNo);
  EXPECT_EQ(err_.text,
            "finder: no: No such file or directory\n"
            "finder: '': No such file or directory\n");
}

TEST_F(FindWalkTest, OnlyEntriesInQuestionAreAsked) {
  tree_.AddTree("f t/a.c\nf t/b.c\nf t/b.h\nf t/d/e.c\n", "/work");
  clock_.Advance(10 * kSecond);
  FindWarm({"t"});
  files().calls().Reset();
  EXPECT_EQ(FindWarm({"t", "-name", "*.c", "-size", "0", "-links", "1"}),
            "t/a.c\nt/b.c\nt/d/e.c\n");
  // The operand, and each of the three once.
  EXPECT_EQ(files().calls().counters().details, 4);
  EXPECT_EQ(files().calls().counters().list, 0) << "it is warm";
}

TEST_F(FindWalkTest, ManyEntriesAreAskedOnceEachAndStayInOrder) {
  std::string expected;
  for (int i = 10000; i < 15000; ++i) {
    const std::string name = "t/" + std::to_string(i);
    tree_.WriteFile("/work/" + name);
    expected += name + '\n';
  }
  files().calls().Reset();
  EXPECT_EQ(Find({"t", "-mindepth", "1", "-size", "0"}), expected);
  EXPECT_EQ(files().calls().counters().details, 5001);
}

TEST_F(FindWalkTest, FilesThatVanishAreReportedUnlessThatIsExpected) {
  tree_.AddTree("f t/a\nf t/b\n", "/work");
  // The first is for the operand.
  files().calls().FailNthCall(Operation::kDetails, 2, ENOENT);
  EXPECT_EQ(Find({"t", "-type", "f", "-size", "0"}), "t/b\n");
  EXPECT_EQ(err_.text, "finder: t/a: No such file or directory\n");
  EXPECT_EQ(code_, ExitCode::kNo);
  files().calls().FailNthCall(Operation::kDetails, 2, ENOENT);
  EXPECT_EQ(Find({"t", "-ignore_readdir_race", "-type", "f", "-size", "0"}),
            "t/b\n");
  EXPECT_EQ(err_.text, "");
  EXPECT_EQ(code_, ExitCode::kDone);
}

TEST_F(FindWalkTest, OutputThatIsLostEndsTheWalk) {
  tree_.AddTree("f t/a\n", "/work");
  Program program = NewProgram();
  out_.write_error = ENOSPC;
  CommandLine command;
  command.operands = {"t"};
  EXPECT_EQ(RunFind(command, program), ExitCode::kNo);
  EXPECT_EQ(err_.text, "finder: standard output: No space left on device\n");
}

}  // namespace
}  // namespace finder
