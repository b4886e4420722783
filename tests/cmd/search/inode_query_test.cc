// --size, --newer, --changed-within and --changed-before over a disk in memory:
// what they answer in each form of output, and which inodes they look at.
#include <errno.h>

#include <string>
#include <vector>

#include "cmd/options/command_line.h"
#include "cmd/search/check_command.h"
#include "cmd/search/plan_command.h"
#include "cmd/search/search_command.h"
#include "fs/fake/disk/fake_file_system.h"
#include "fs/fake/disk/fake_tree.h"
#include "fs/fake/fake_clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/cmd/command_test.h"

namespace finder {
namespace {

using ::testing::HasSubstr;

constexpr int64_t kHour = 3'600'000'000'000;

// /work has four files of 0 to 3000 bytes in two directories, modified one to
// four hours ago, and a symlink to the largest.
class InodeQuery : public CommandTest {
 protected:
  InodeQuery() {
    tree_.WriteFile("/work/a/empty.c");
    tree_.WriteFile("/work/a/small.c", std::string(10, 'x'));
    tree_.WriteFile("/work/b/large.c", std::string(3000, 'x'));
    tree_.WriteFile("/work/b/note.txt", std::string(1000, 'x'));
    tree_.Symlink("b/large.c", "/work/link");
    tree_.MakeDirectories("/out");
    clock_.Advance(10 * kHour);
    SetAge("/work/a/empty.c", 1);
    SetAge("/work/a/small.c", 2);
    SetAge("/work/b/large.c", 3);
    SetAge("/work/b/note.txt", 4);
    SetAge("/work/link", 9);
    clock_.Advance(kHour / 2);
  }

  void SetAge(const std::string& path, int hours) {
    tree_.SetModifiedTime(path, clock_.RealtimeNs() - hours * kHour);
  }

  // What a run prints.
  std::string Run(const std::vector<std::string>& arguments) {
    files().calls().Reset();
    Program program = NewProgramWithCache();
    const auto command = ParseCommandLine(arguments);
    EXPECT_TRUE(command.ok()) << command.status();
    if (!command.ok()) return "";
    if (command->plan) {
      code_ = RunPlan(*command, program);
    } else if (command->output.telling != Telling::kAnswers) {
      code_ = Check(*command, program);
    } else {
      code_ = Search(*command, program);
    }
    return out_.text;
  }

  // How many stats more than without `filter` a run with it makes.
  int StatsFor(std::vector<std::string> arguments,
               const std::vector<std::string>& filter) {
    Run(arguments);
    Run(arguments);
    const int without = files().calls().counters().stat;
    arguments.insert(arguments.end(), filter.begin(), filter.end());
    Run(arguments);
    return files().calls().counters().stat - without;
  }

  std::string Refusal(const std::vector<std::string>& arguments) {
    return std::string(ParseCommandLine(arguments).status().message());
  }

  ExitCode code_ = ExitCode::kDone;
};

TEST_F(InodeQuery, SizesAreOfRegularFiles) {
  EXPECT_EQ(Run({"--size", "+1k"}), "b/large.c\nb/note.txt\n");
  EXPECT_EQ(Run({"-L", "--size", "+1k"}), "b/large.c\nb/note.txt\nlink\n");
  EXPECT_EQ(Run({"--size", "-10b"}), "a/empty.c\na/small.c\n");
  EXPECT_EQ(Run({"--size", "10b"}), "a/small.c\n");
  EXPECT_EQ(Run({"-t", "d", "--size", "+0b"}), "");
}

TEST_F(InodeQuery, AllSizesAndTimesMustHold) {
  EXPECT_EQ(Run({"--size", "+1b", "--size", "-1k"}), "a/small.c\nb/note.txt\n");
  EXPECT_EQ(Run({"--changed-within", "4h", "--changed-before", "2h"}),
            "a/small.c\nb/large.c\n");
}

TEST_F(InodeQuery, TimesAreTheEntrysOwnUnlessSymlinksAreFollowed) {
  EXPECT_EQ(Run({"--changed-within", "4h"}),
            "a/empty.c\na/small.c\nb/large.c\n");
  EXPECT_EQ(Run({"-L", "--changed-within", "4h"}),
            "a/empty.c\na/small.c\nb/large.c\nlink\n");
}

TEST_F(InodeQuery, NewerTakesAFileOrATime) {
  EXPECT_EQ(Run({"--newer", "b/large.c"}), "a/empty.c\na/small.c\n");
  EXPECT_EQ(Run({"--newer", "2h"}), "a/empty.c\n");
  tree_.WriteFile("/work/2h");
  SetAge("/work/2h", 0);
  EXPECT_EQ(Run({"--newer", "./2h"}), "");
}

TEST_F(InodeQuery, AFileToCompareWithMustBeThere) {
  EXPECT_EQ(Run({"--newer", "nowhere"}), "");
  EXPECT_EQ(code_, ExitCode::kFailed);
  EXPECT_EQ(err_.text,
            "finder: --newer: 'nowhere' is no time, and as a file: No such "
            "file or directory\n");
  EXPECT_EQ(files().calls().counters().list, 0);
}

TEST_F(InodeQuery, MalformedValuesAreRefusedBeforeTheRun) {
  EXPECT_EQ(Refusal({"--size", "10"}),
            "--size: '10' has no unit: b, k, m, g, t, ki, mi, gi or ti");
  EXPECT_THAT(Refusal({"--changed-within", "soon"}),
              HasSubstr("--changed-within: 'soon' is neither a duration"));
  EXPECT_THAT(Refusal({"--changed-before", ""}), HasSubstr("is empty"));
}

TEST_F(InodeQuery, OnlyWhatMatchesByNameIsLookedAt) {
  EXPECT_EQ(StatsFor({"-g", "*.c"}, {"--size", "+1k"}), 3);
  EXPECT_EQ(out_.text, "b/large.c\n");
  EXPECT_EQ(StatsFor({"-g", "none"}, {"--size", "+1k"}), 0);
  EXPECT_EQ(StatsFor({"-e", "c"}, {"--size", "+1k", "--newer", "9h"}), 3);
  EXPECT_EQ(StatsFor({"-t", "d"}, {"--size", "+1k"}), 0);
}

TEST_F(InodeQuery, EveryFormOfOutputAppliesThem) {
  EXPECT_EQ(Run({"--size", "+1k", "--count"}), "2\n");
  EXPECT_EQ(Run({"--size", "3000b", "-e", "c", "--json"}),
            "{\"path\":\"b/large.c\",\"type\":\"f\"}\n");
  EXPECT_EQ(Run({"--size", "+1k", "-e", "c", "-a"}), "/work/b/large.c\n");
  Run({"--size", "+1m", "-q"});
  EXPECT_EQ(code_, ExitCode::kNo);
  Run({"--size", "+1k", "-q"});
  EXPECT_EQ(code_, ExitCode::kDone);
  Run({"--size", "+1k", "-o", "/out/list"});
  EXPECT_EQ(tree_.ReadFile("/out/list"), "b/large.c\nb/note.txt\n");
}

TEST_F(InodeQuery, TheFirstAnswersEndTheRun) {
  EXPECT_EQ(Run({"--size", "+1b", "-1", "--no-cache"}), "a/small.c\n");
  // Not b, and neither of its files.
  EXPECT_EQ(files().calls().counters().list, 2);
  EXPECT_EQ(Run({"--size", "+1b", "--max-results", "2"}),
            "a/small.c\nb/large.c\n");
}

TEST_F(InodeQuery, AnEntryIsAskedOnceThoughTheRunLooksOftenForEnough) {
  Run({"--size", "+1m", "-q", "--no-cache", "--stats=json"});
  EXPECT_THAT(err_.text, HasSubstr("\"entries_asked\":5"));
}

TEST_F(InodeQuery, FirstLooksBelowADirectoryWithoutAnAnswer) {
  tree_.WriteFile("/work/a/in/huge.c", std::string(5000, 'x'));
  tree_.WriteFile("/work/b/in/huge.c", std::string(5000, 'x'));
  EXPECT_EQ(Run({"--size", "+2k", "-e", "c", "--first"}),
            "a/in/huge.c\nb/large.c\n");
}

TEST_F(InodeQuery, AWarmRunLooksAtSizesAnew) {
  EXPECT_EQ(Run({"--size", "+2k", "-e", "c"}), "b/large.c\n");
  // No directory has changed.
  tree_.WriteFile("/work/a/small.c", std::string(4000, 'x'));
  EXPECT_EQ(Run({"--size", "+2k", "-e", "c"}), "a/small.c\nb/large.c\n");
  EXPECT_EQ(files().calls().counters().list, 0);
}

TEST_F(InodeQuery, CheckTellsAChangeOfSizeAlone) {
  Run({"--check", "--size", "+2k", "-e", "c"});
  Run({"--check", "--size", "+2k", "-e", "c"});
  EXPECT_EQ(code_, ExitCode::kDone);
  tree_.WriteFile("/work/a/small.c", std::string(4000, 'x'));
  Run({"--check", "--size", "+2k", "-e", "c"});
  EXPECT_EQ(code_, ExitCode::kNo);
}

TEST_F(InodeQuery, SinceLastTellsWhatTimeDoesToAnAnswer) {
  Run({"--since-last", "--changed-within", "3h"});
  EXPECT_EQ(out_.text, "A a/empty.c\nA a/small.c\n");
  clock_.Advance(kHour);
  EXPECT_EQ(Run({"--since-last", "--changed-within", "3h"}), "D a/small.c\n");
}

TEST_F(InodeQuery, APlanHasListsWithAndWithoutThem) {
  tree_.WriteFile("/out/plan.json",
                  "{\"lists\": [{\"output\": \"/out/all\"}, {\"output\": "
                  "\"/out/large\", \"sizes\": [\"+2k\"]}]}");
  Run({"--plan", "/out/plan.json"});
  EXPECT_EQ(code_, ExitCode::kDone) << err_.text;
  EXPECT_EQ(tree_.ReadFile("/out/large"), "b/large.c\n");
  EXPECT_EQ(tree_.ReadFile("/out/all"),
            "a/empty.c\na/small.c\nb/large.c\nb/note.txt\nlink\n");
}

// A depfile names directories, and an edit of a file moves none of them.
TEST_F(InodeQuery, NoDepfileCanStandForThem) {
  EXPECT_EQ(Refusal({"-o", "l", "--depfile", "l.d", "--size", "+1k"}),
            "--depfile and --size cannot be used together");
  tree_.WriteFile("/out/plan.json",
                  "{\"lists\": [{\"output\": \"/out/l\", \"newer\": "
                  "[\"1h\"]}], \"depfile\": \"/out/l.d\"}");
  Run({"--plan", "/out/plan.json"});
  EXPECT_EQ(code_, ExitCode::kFailed);
  EXPECT_THAT(err_.text, HasSubstr("depfile"));
  EXPECT_FALSE(tree_.Exists("/out/l"));
}

TEST_F(InodeQuery, AnEntryThatIsGoneIsNoAnswerAndNoError) {
  tree_.Symlink("nowhere", "/work/dangling");
  EXPECT_EQ(Run({"-L", "--size", "+2k", "-t", "l"}), "link\n");
  EXPECT_EQ(code_, ExitCode::kDone);
}

TEST_F(InodeQuery, AnEntryThatCannotBeAskedMakesTheAnswerIncomplete) {
  files().calls().FailPath(Operation::kStat, "/work/b/note.txt", EACCES);
  EXPECT_EQ(Run({"--size", "+1k", "-e", "txt,c"}), "b/large.c\n");
  EXPECT_EQ(code_, ExitCode::kIncomplete);
  EXPECT_EQ(err_.text, "finder: b/note.txt: Permission denied\n");
}

}  // namespace
}  // namespace finder
