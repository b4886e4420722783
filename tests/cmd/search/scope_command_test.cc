// How little of a disk in memory the commands look at when little is asked for.
#include <string>
#include <vector>

#include "cmd/find/find_command.h"
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
#include "tests/cmd/fake_stream.h"

namespace finder {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr int64_t kHour = 3'600'000'000'000;
constexpr int kModules = 30;
constexpr int kDirectories = 1 + 3 * kModules;

// /work holds 30 modules m10 to m39, each with code.c, test/t.c and
// test/data/d.txt; m25 has a build.txt.
class ScopeCommand : public CommandTest {
 protected:
  ScopeCommand() {
    for (int i = 10; i < 10 + kModules; ++i) {
      const std::string module = "/work/m" + std::to_string(i);
      tree_.WriteFile(module + "/code.c");
      tree_.WriteFile(module + "/test/t.c");
      tree_.WriteFile(module + "/test/data/d.txt");
    }
    tree_.WriteFile("/work/m25/build.txt");
    tree_.MakeDirectories("/out");
    clock_.Advance(kHour);
  }

  Program NextProgram() {
    files().calls().Reset();
    return has_cache_ ? NewProgramWithCache() : NewProgram();
  }

  // How many directories a run lists, those of the cache included.
  int ListsOf(const std::vector<std::string>& arguments) {
    Program program = NextProgram();
    const auto command = ParseCommandLine(arguments);
    EXPECT_TRUE(command.ok()) << command.status();
    if (command->plan) {
      code_ = RunPlan(*command, program);
    } else if (command->output.telling != Telling::kAnswers) {
      code_ = Check(*command, program);
    } else {
      code_ = Search(*command, program);
    }
    return files().calls().counters().list;
  }

  // The same of `finder find`.
  int ListsOfFind(const std::vector<std::string>& arguments) {
    Program program = NextProgram();
    CommandLine command;
    command.operands = arguments;
    code_ = RunFind(command, program);
    return files().calls().counters().list;
  }

  bool has_cache_ = false;
  ExitCode code_ = ExitCode::kDone;
};

TEST_F(ScopeCommand, DepthFirstAnswerAndPlaceBoundTheWalk) {
  EXPECT_EQ(ListsOf({"-d", "1"}), 1);
  EXPECT_EQ(ListsOf({"-d", "2", "-t", "f"}), 1 + kModules);
  EXPECT_EQ(ListsOf({"-1"}), 2);
  EXPECT_EQ(out_.text, "m10/code.c\n");
  EXPECT_EQ(ListsOf({"--max-results", "2"}), 4);
  EXPECT_EQ(ListsOf({"--at", "m25/test"}), 4);
  EXPECT_EQ(ListsOf({"-g", "m25/test/*.c"}), 4);
  EXPECT_EQ(ListsOf({"-q", "-g", "t.c"}), 4);
  EXPECT_EQ(code_, ExitCode::kDone);
  EXPECT_EQ(ListsOf({"-q", "-g", "none"}), kDirectories);
  EXPECT_EQ(code_, ExitCode::kNo);
}

// The first found is the first of all.
TEST_F(ScopeCommand, TheFirstAnswerIsThatOfAWholeWalk) {
  EXPECT_LT(ListsOf({"-1", "-g", "build.txt"}), kDirectories * 3 / 4);
  EXPECT_EQ(out_.text, "m25/build.txt\n");
  EXPECT_EQ(ListsOf({"-1", "-g", "build.txt", "m30", "m20", "m25"}), 4);
  EXPECT_EQ(out_.text, "m25/build.txt\n");
}

TEST_F(ScopeCommand, WhatCannotBeReadBehindTheAnswerIsNotComplainedOf) {
  tree_.Chmod("/work/m20", 0);
  EXPECT_EQ(ListsOf({"-1", "-g", "code.c"}), 2);
  EXPECT_EQ(code_, ExitCode::kDone);
  EXPECT_EQ(err_.text, "");
  ListsOf({"-1", "-g", "build.txt"});
  EXPECT_EQ(code_, ExitCode::kIncomplete);
  EXPECT_THAT(err_.text, HasSubstr("m20"));
}

TEST_F(ScopeCommand, APlanNeedsWhatItsListsNeedTogether) {
  tree_.WriteFile("/out/plan", R"({"lists":[{"output":"/out/a","maxDepth":1},)"
                               R"({"output":"/out/b","at":["m25"]}]})");
  EXPECT_EQ(ListsOf({"--plan", "/out/plan"}), 1 + 3);
}

TEST_F(ScopeCommand, ADepfileDoesNotDependOnWhatTheFirstAnswerIs) {
  EXPECT_EQ(ListsOf({"-1", "-o", "/out/list", "--depfile", "/out/list.d"}),
            kDirectories);
  EXPECT_EQ(ListsOf({"-d", "2", "-o", "/out/list", "--depfile", "/out/d"}),
            1 + kModules);
  const std::string depfile = tree_.ReadFile("/out/d");
  EXPECT_THAT(depfile, HasSubstr("m25"));
  EXPECT_THAT(depfile, Not(HasSubstr("test")));
}

// Nor does it when the answer is where the cache says.
TEST_F(ScopeCommand, ADepfileOfAWarmRunNamesWhereAnswersCouldComeFrom) {
  has_cache_ = true;
  ListsOf({"--count"});
  clock_.Advance(kHour);
  ListsOf({"-1", "-o", "/out/list", "--depfile", "/out/d"});
  EXPECT_EQ(tree_.ReadFile("/out/list"), "m10/code.c\n");
  EXPECT_THAT(tree_.ReadFile("/out/d"), HasSubstr("m39/test/data"));
}

// What is kept is the answer, and no more was looked at than that needed.
TEST_F(ScopeCommand, WhatABoundedCheckKeepsSaysNothingOfTheRest) {
  has_cache_ = true;
  const std::vector<std::string> whole = {"--check"};
  const std::vector<std::string> shallow = {"--check", "-d", "2"};
  const std::vector<std::string> first = {"--check", "-1", "-g", "t.c"};
  for (const auto& check : {whole, shallow, first, whole, shallow, first}) {
    ListsOf(check);
    clock_.Advance(kHour);
  }
  EXPECT_EQ(code_, ExitCode::kDone);
  const auto codes = [&] {
    std::vector<ExitCode> all;
    for (const auto& check : {first, shallow, whole}) {
      ListsOf(check);
      all.push_back(code_);
    }
    return all;
  };
  const ExitCode same = ExitCode::kDone;
  const ExitCode changed = ExitCode::kNo;
  tree_.WriteFile("/work/m20/test/data/new");
  EXPECT_THAT(codes(), ElementsAre(same, same, changed));
  EXPECT_THAT(codes(), ElementsAre(same, same, same));
  tree_.WriteFile("/work/m20/new");
  EXPECT_THAT(codes(), ElementsAre(same, changed, changed));
  tree_.WriteFile("/work/m10/a/t.c");
  EXPECT_THAT(codes(), ElementsAre(changed, same, changed));
  EXPECT_THAT(codes(), ElementsAre(same, same, same));
}

TEST_F(ScopeCommand, ADepfileNamesWhereAPatternCanMatch) {
  ListsOf({"-g", "m25/**/*.c", "-o", "/out/list", "--depfile", "/out/d"});
  const std::string depfile = tree_.ReadFile("/out/d");
  EXPECT_THAT(depfile, HasSubstr("m25/test/data"));
  EXPECT_THAT(depfile, Not(HasSubstr("m10")));
}

TEST_F(ScopeCommand, MaxdepthBoundsFind) {
  EXPECT_EQ(ListsOfFind({".", "-maxdepth", "1", "-name", "m25"}), 1);
  EXPECT_EQ(out_.text, "./m25\n");
  EXPECT_EQ(ListsOfFind({".", "-maxdepth", "0"}), 0);
  EXPECT_EQ(out_.text, ".\n");
  EXPECT_EQ(ListsOfFind({".", "-maxdepth", "2", "-name", "code.c"}),
            1 + kModules);
  EXPECT_EQ(ListsOfFind({".", "-name", "nothing"}), kDirectories);
}

TEST_F(ScopeCommand, QuitEndsTheWalkOfFind) {
  EXPECT_EQ(ListsOfFind({".", "-name", "t.c", "-print", "-quit"}), 4);
  EXPECT_EQ(out_.text, "./m10/test/t.c\n");
  EXPECT_EQ(ListsOfFind({".", "-name", "m1*", "-quit"}), 1);
  EXPECT_EQ(out_.text, "");
}

TEST_F(ScopeCommand, QuitGivesWhatAWholeWalkWouldHaveGivenFirst) {
  for (const char* name :
       {"code.c", "build.txt", "test", "d.txt", "m39", "none", "*.c", "m2*"}) {
    for (const bool prunes : {false, true}) {
      std::vector<std::string> find = {"."};
      if (prunes) {
        for (const char* word : {"-name", "m1*", "-prune", "-o"}) {
          find.emplace_back(word);
        }
      }
      find.insert(find.end(), {"-name", name, "-print"});
      has_cache_ = !prunes;
      ListsOfFind(find);
      const std::string first = out_.text.substr(0, out_.text.find('\n') + 1);
      find.emplace_back("-quit");
      ListsOfFind(find);
      EXPECT_EQ(out_.text, first) << name << prunes;
    }
  }
}

}  // namespace
}  // namespace finder
