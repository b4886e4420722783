// The command against a disk in memory: what goes out, what is said, and how it
// ends when the outside world fails. tests/cli has the same with real files.

#include "cmd/search/search_command.h"

#include <errno.h>

#include <optional>
#include <string>
#include <vector>

#include "cmd/upkeep_command.h"
#include "finder/cache/upkeep/upkeep.h"
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
using ::testing::StartsWith;

constexpr int64_t kHour = 3'600'000'000'000;

class SearchCommandTest : public CommandTest {
 protected:
  SearchCommandTest() {
    tree_.AddTree(
        "f src/main.c\n"
        "f src/lib/list.c\n"
        "f src/lib/list.h\n",
        "/work");
    clock_.Advance(kHour);
  }

  ExitCode Run(const std::vector<std::string>& arguments) {
    return RunInto(arguments, out_);
  }

  ExitCode RunInto(const std::vector<std::string>& arguments, FakeStream& out) {
    const auto command = ParseCommandLine(arguments);
    EXPECT_TRUE(command.ok()) << command.status();
    Program program = home_ ? NewProgram() : NewProgramWithCache();
    err_.is_terminal = err_is_terminal_;
    program.clock = program_clock_;
    program.variables.term = "xterm";
    program.variables.cache.home = home_;
    program.out = &out;
    return Search(*command, program);
  }

  bool err_is_terminal_ = false;
  // Where the cache is then, which nobody has asked for.
  std::optional<std::string> home_;
  Clock* program_clock_ = &clock_;
};

// Each look at it takes a second.
class SlowClock final : public FakeClock {
 public:
  int64_t BoottimeNs() override {
    Advance(1'000'000'000);
    return FakeClock::BoottimeNs();
  }
};

TEST_F(SearchCommandTest, ARunStartsUpkeepThatIsDueAndNoOther) {
  EXPECT_EQ(Run({}), ExitCode::kDone);
  EXPECT_TRUE(machine_.background().started().empty());
  clock_.Advance(kUpkeepIntervalNs);
  EXPECT_EQ(Run({}), ExitCode::kDone);
  ASSERT_EQ(machine_.background().started().size(), 1u);
  EXPECT_EQ(machine_.background().started()[0], UpkeepArguments("/cache"));
}

TEST_F(SearchCommandTest, ProgressIsErasedBeforeAnythingElseIsSaid) {
  SlowClock clock;
  program_clock_ = &clock;
  err_is_terminal_ = true;
  tree_.Chmod("/work/src/lib", 0);
  EXPECT_EQ(Run({"-j1"}), ExitCode::kIncomplete);
  const std::string line = "finder: 3 directories";
  EXPECT_EQ(err_.text, '\r' + line + '\r' + std::string(line.size(), ' ') +
                           "\rfinder: src/lib: Permission denied\n");
  EXPECT_EQ(out_.text, "src/main.c\n");
}

TEST_F(SearchCommandTest, ProgressNeedsATerminalAndNoSilence) {
  SlowClock clock;
  program_clock_ = &clock;
  EXPECT_EQ(Run({}), ExitCode::kDone);
  EXPECT_EQ(err_.text, "");
  err_is_terminal_ = true;
  EXPECT_EQ(Run({"-q"}), ExitCode::kDone);
  EXPECT_EQ(err_.text, "");
  EXPECT_EQ(Run({"--progress=never"}), ExitCode::kDone);
  EXPECT_EQ(err_.text, "");
}

TEST_F(SearchCommandTest, PrintsTheAnswersAndClosesTheOutput) {
  EXPECT_EQ(Run({"-e", "c"}), ExitCode::kDone);
  EXPECT_EQ(out_.text, "src/lib/list.c\nsrc/main.c\n");
  EXPECT_TRUE(out_.closed);
  EXPECT_EQ(err_.text, "");
}

TEST_F(SearchCommandTest, ASecondRunListsNothingAndOnlyNotesTheUse) {
  Run({});
  const std::string first = out_.text;
  files().calls().Reset();
  EXPECT_EQ(Run({"--stats=json"}), ExitCode::kDone);
  EXPECT_EQ(out_.text, first);
  EXPECT_EQ(files().calls().counters().list, 0);
  // The use of the entry, and the statistics of the cache.
  EXPECT_EQ(files().calls().counters().writes(), 2);
  EXPECT_THAT(err_.text, HasSubstr("\"list_calls\":0,\"matches\":3,"
                                   "\"cache\":\"warm\","));
}

TEST_F(SearchCommandTest, AMissingRootFailsAndStoresNothing) {
  EXPECT_EQ(Run({"nowhere", "-o", "/work/list"}), ExitCode::kFailed);
  EXPECT_EQ(err_.text,
            "finder: nowhere: No such file or directory; ROOT is where "
            "to search, -g NAME what for\n");
  EXPECT_FALSE(tree_.Exists("/work/list"));
  EXPECT_TRUE(tree_.Names("/cache/objects").empty());
  EXPECT_TRUE(tree_.Names("/cache/stage").empty());
}

TEST_F(SearchCommandTest, LostOutputIsAFailureButTheDatabaseIsSaved) {
  FakeStream full;
  full.write_error = ENOSPC;
  EXPECT_EQ(RunInto({}, full), ExitCode::kFailed);
  EXPECT_EQ(err_.text, "finder: standard output: No space left on device\n");
  EXPECT_EQ(tree_.Names("/cache/objects").size(), 1u);
}

TEST_F(SearchCommandTest, OutputLostOnClosingIsAFailure) {
  FakeStream late;
  late.close_error = EIO;
  EXPECT_EQ(RunInto({}, late), ExitCode::kFailed);
  EXPECT_EQ(err_.text, "finder: standard output: Input/output error\n");
}

TEST_F(SearchCommandTest, AReaderThatLeavesEndsTheRunQuietly) {
  FakeStream left;
  left.write_error = EPIPE;
  EXPECT_EQ(RunInto({}, left), ExitCode::kBrokenPipe);
  EXPECT_EQ(err_.text, "");
  EXPECT_EQ(tree_.Names("/cache/objects").size(), 1u);
}

TEST_F(SearchCommandTest, ADatabaseThatCannotBeWrittenIsALine) {
  Run({});  // makes the cache
  tree_.WriteFile("/work/src/new.c");
  files().calls().FailNthWrite(1, ENOSPC);
  EXPECT_EQ(Run({}), ExitCode::kDone);
  EXPECT_THAT(out_.text, StartsWith("src/"));
  EXPECT_THAT(err_.text, StartsWith("finder: /cache/"));
  EXPECT_THAT(err_.text, HasSubstr("No space left on device\n"));
}

TEST_F(SearchCommandTest, OneThatNobodyAskedForFailsInSilence) {
  home_ = "/home/me";
  tree_.MakeDirectories(*home_);
  tree_.Chown(*home_, FakeUser().id);
  Run({});
  EXPECT_EQ(tree_.Names("/home/me/.cache/finder/objects").size(), 1u);
  tree_.WriteFile("/work/src/new.c");
  for (const bool verbose : {false, true}) {
    files().calls().FailNthWrite(1, ENOSPC);
    EXPECT_EQ(Run(verbose ? std::vector<std::string>{"-v"}
                          : std::vector<std::string>{}),
              ExitCode::kDone);
    EXPECT_EQ(err_.text.find("No space left on device") != std::string::npos,
              verbose)
        << err_.text;
  }
}

TEST_F(SearchCommandTest, UnreadableDirectoriesAreReported) {
  tree_.Chmod("/work/src/lib", 0);
  EXPECT_EQ(Run({}), ExitCode::kIncomplete);
  EXPECT_EQ(out_.text, "src/main.c\n");
  EXPECT_EQ(err_.text, "finder: src/lib: Permission denied\n");
  EXPECT_EQ(Run({"--ignore-unreadable"}), ExitCode::kDone);
  EXPECT_EQ(err_.text, "");
}

TEST_F(SearchCommandTest, QuietTellsByItsCode) {
  EXPECT_EQ(Run({"-q", "-e", "c"}), ExitCode::kDone);
  EXPECT_EQ(Run({"-q", "-e", "java"}), ExitCode::kNo);
  EXPECT_EQ(out_.text, "");
  EXPECT_FALSE(out_.closed);
  tree_.Chmod("/work/src/lib", 0);
  EXPECT_EQ(Run({"-q", "-e", "c"}), ExitCode::kDone);
  EXPECT_EQ(Run({"-q", "-e", "java"}), ExitCode::kIncomplete);
}

TEST_F(SearchCommandTest, CountsAnswers) {
  EXPECT_EQ(Run({"--count"}), ExitCode::kDone);
  EXPECT_EQ(out_.text, "3\n");
}

TEST_F(SearchCommandTest, VerifyFindsWhatAStampDidNotTell) {
  Run({});
  EXPECT_EQ(Run({"--verify"}), ExitCode::kDone);
  EXPECT_EQ(out_.text, "");
  const FileStat old = tree_.Stat("/work/src");
  tree_.WriteFile("/work/src/new.c");
  tree_.RemoveAll("/work/src/main.c");
  tree_.SetStamp("/work/src", old.inode, old.change_ns);
  files().calls().Reset();
  EXPECT_EQ(Run({"--verify"}), ExitCode::kNo);
  EXPECT_EQ(out_.text, "- src/main.c\n+ src/new.c\n");
  // As for any warm run: the database stays.
  EXPECT_EQ(files().calls().counters().writes(), 2);
}

TEST_F(SearchCommandTest, AbsolutePathsOfSeveralRootsAreSorted) {
  EXPECT_EQ(Run({"-a", "src/lib", "../work/src", "-e", "c"}), ExitCode::kDone);
  EXPECT_EQ(out_.text, "/work/src/lib/list.c\n/work/src/main.c\n");
  EXPECT_EQ(Run({"-a", "-1", "src/lib", "../work/src"}), ExitCode::kDone);
  EXPECT_EQ(out_.text, "/work/src/lib/list.c\n");
  EXPECT_EQ(Run({"-a", "--count", "src/lib", "../work/src"}), ExitCode::kDone);
  EXPECT_EQ(out_.text, "3\n");
}

TEST_F(SearchCommandTest, NamesAreHarmlessOnATerminal) {
  tree_.WriteFile("/work/a\nb");
  FakeStream terminal;
  terminal.is_terminal = true;
  RunInto({"-d", "1"}, terminal);
  EXPECT_EQ(terminal.text, "a?b\n");
}

TEST_F(SearchCommandTest, MalformedPatternsFailBeforeAnythingIsDone) {
  EXPECT_EQ(Run({"-g", "[", "-o", "/work/list"}), ExitCode::kFailed);
  EXPECT_THAT(err_.text, StartsWith("finder: glob "));
  EXPECT_EQ(Run({"--regex", "("}), ExitCode::kFailed);
  EXPECT_EQ(Run({"-E", "["}), ExitCode::kFailed);
  EXPECT_TRUE(files().calls().log().empty());
}

TEST_F(SearchCommandTest, AnOutputFileLeavesStandardOutputAlone) {
  EXPECT_EQ(Run({"-o", "/work/list", "src"}), ExitCode::kDone);
  EXPECT_EQ(tree_.ReadFile("/work/list"),
            "src/lib/list.c\nsrc/lib/list.h\nsrc/main.c\n");
  EXPECT_EQ(out_.text, "");
  EXPECT_FALSE(out_.closed);
}

}  // namespace
}  // namespace finder
