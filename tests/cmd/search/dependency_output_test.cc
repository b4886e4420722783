// Models of build tools against a disk in memory, on which files come at
// every moment of a run: nothing is missed, and a tree that rests comes to rest
// with them.
#include "cmd/search/dependency_output.h"

#include <sstream>
#include <string>
#include <vector>

#include "cmd/search/plan_command.h"
#include "cmd/search/search_command.h"
#include "fs/fake/disk/fake_file_system.h"
#include "fs/fake/disk/fake_tree.h"
#include "fs/fake/fake_clock.h"
#include "gtest/gtest.h"
#include "tests/cmd/fake_stream.h"

namespace finder {
namespace {

constexpr int64_t kMs = 1'000'000;
constexpr int64_t kSecond = 1000 * kMs;

// One rule of a build that calls finder, and one that uses the list.
class Build {
 public:
  Build(const FakeStampRule& rule, bool use_plan)
      : tree_(&clock_), files_(&tree_), use_plan_(use_plan) {
    tree_.SetStampRule("/", rule);
    tree_.AddTree("f src/a/x.c\nd src/b\nd out\n", "/work");
    tree_.WriteFile("/work/plan", R"({"roots": ["src"], "lists": [{
        "output": "out/list", "globs": ["*.c"]}], "depfile": "out/list.d"})");
    files_.SetWorkingDirectory("/work");
  }
  virtual ~Build() = default;

  FakeClock& clock() { return clock_; }
  FakeTree& tree() { return tree_; }
  FakeFileSystem& files() { return files_; }
  int runs() const { return runs_; }

  // Brings the list up to date, or only asks whether it is.
  virtual void MakeList() = 0;
  // What is made of it.
  void MakePack() {
    if (!tree_.Exists("/work/out/pack") ||
        TimeOf("out/list") > TimeOf("out/pack")) {
      tree_.WriteFile("/work/out/pack", tree_.ReadFile("/work/out/list"));
    }
  }
  std::string Pack() const { return tree_.ReadFile("/work/out/pack"); }

  // Makes the list until it is up to date; false if it never is.
  bool ComesToRest() {
    for (int attempt = 0; attempt < 4; ++attempt) {
      const int before = runs_;
      MakeList();
      if (runs_ == before) return true;
    }
    return false;
  }

 protected:
  int64_t TimeOf(const std::string& path) const {
    return tree_.Stat("/work/" + path).modified_ns;
  }
  ExitCode RunFinder(std::vector<std::string> arguments) {
    ++runs_;
    const std::vector<std::string> source =
        use_plan_ ? std::vector<std::string>{"--plan", "plan"}
                  : std::vector<std::string>{
                        "-g",        "*.c",        "-o", "out/list",
                        "--depfile", "out/list.d", "src"};
    arguments.insert(arguments.end(), {"-j1", "--no-cache"});
    arguments.insert(arguments.end(), source.begin(), source.end());
    const auto command = ParseCommandLine(arguments);
    EXPECT_TRUE(command.ok()) << command.status();
    FakeStream out;
    FakeStream err;
    Program program;
    program.files = &files_;
    program.clock = &clock_;
    program.out = &out;
    program.err = &err;
    program.host.processors = 1;
    program.host.max_open_files = 1024;
    program.working_directory = "/work";
    const ExitCode code =
        command->plan ? RunPlan(*command, program) : Search(*command, program);
    EXPECT_EQ(err.text, "");
    return code;
  }

  // Whether one of the directories in the depfile has gone or is newer.
  bool HasNewer(int64_t time_ns) const {
    std::istringstream words(tree_.ReadFile("/work/out/list.d"));
    std::string word;
    while (words >> word) {
      if (word == "\\" || word.ends_with(':')) continue;
      if (!tree_.Exists("/work/" + word) || TimeOf(word) > time_ns) return true;
    }
    return false;
  }

 private:
  FakeClock clock_;
  FakeTree tree_;
  FakeFileSystem files_;
  const bool use_plan_;
  int runs_ = 0;
};

// As finder.mk and doc/examples/ninja: a stamp is the target.
class StampBuild : public Build {
 public:
  static constexpr bool kRests = true;
  using Build::Build;
  void MakeList() override {
    if (tree().Exists("/work/out/stamp") && !HasNewer(TimeOf("out/stamp"))) {
      return;
    }
    EXPECT_EQ(RunFinder({"--depfile-stamp", "out/stamp"}), ExitCode::kDone);
  }
};

// A rule whose target is the list itself. If the list stays the same, it stays
// older than what has changed.
class PlainBuild : public Build {
 public:
  static constexpr bool kRests = false;
  using Build::Build;
  void MakeList() override {
    if (tree().Exists("/work/out/list") && !HasNewer(TimeOf("out/list"))) {
      return;
    }
    EXPECT_EQ(RunFinder({}), ExitCode::kDone);
  }
};

struct Case {
  std::string name;
  FakeStampRule rule;
  StampTrust trust = StampTrust::kLocal;
};

class DependencyOutputTest : public testing::TestWithParam<Case> {
 protected:
  // Creates files in both directories before call `n` of a run that has a
  // change to tell; nothing of it may be missed. Returns whether there was one.
  template <typename Kind>
  bool Check(int n, bool use_plan) {
    SCOPED_TRACE(testing::Message() << "before call " << n);
    Kind build(GetParam().rule, use_plan);
    build.tree().SetTrust("/", GetParam().trust);
    build.MakeList();
    build.MakePack();
    EXPECT_TRUE(build.ComesToRest());
    build.MakePack();
    EXPECT_EQ(build.Pack(), "src/a/x.c\n");

    // Right after the pack was made, for all a clock can tell.
    build.tree().WriteFile("/work/src/a/y.c");
    int calls = 0;
    bool created = false;
    int looks = 0;
    build.files().calls().OnCall([&](Operation operation, std::string_view) {
      // One wait for a coarse clock is like the next.
      if (operation == Operation::kSetTime && ++looks > 40) return;
      if (operation == Operation::kStat && looks > 40 && looks % 64 != 0)
        return;
      if (++calls != n) return;
      created = true;
      build.tree().WriteFile("/work/src/a/z.c");
      build.tree().WriteFile("/work/src/b/z.c");
    });
    build.MakeList();
    build.files().calls().OnCall(nullptr);
    // Here somebody may stop the build, and start another one.
    EXPECT_TRUE(build.ComesToRest() || !Kind::kRests);
    build.MakePack();
    EXPECT_EQ(build.Pack(), created
                                ? "src/a/x.c\nsrc/a/y.c\nsrc/a/z.c\nsrc/b/z.c\n"
                                : "src/a/x.c\nsrc/a/y.c\n");
    return created;
  }

  template <typename Kind>
  void CheckEveryMoment(bool use_plan) {
    int n = 1;
    while (Check<Kind>(n, use_plan) && !HasFailure()) ++n;
    EXPECT_GT(n, 20);
  }
};

TEST_P(DependencyOutputTest, AStampAsTargetMissesNothingThatComesDuringARun) {
  CheckEveryMoment<StampBuild>(false);
}

TEST_P(DependencyOutputTest, AListAsTargetMissesNothingEither) {
  CheckEveryMoment<PlainBuild>(false);
}

TEST_P(DependencyOutputTest, ThePlansOutputsMissNothingEither) {
  CheckEveryMoment<StampBuild>(true);
  CheckEveryMoment<PlainBuild>(true);
}

INSTANTIATE_TEST_SUITE_P(
    Every, DependencyOutputTest,
    testing::Values(Case{"Exact", {}}, Case{"TickOf4Ms", {.tick_ns = 4 * kMs}},
                    Case{"TickOf10Ms", {.tick_ns = 10 * kMs}},
                    Case{"StepsOf100Ns",
                         {.granularity_ns = 100, .tick_ns = 4 * kMs}},
                    Case{"StepsOf10Ms", {.granularity_ns = 10 * kMs}},
                    Case{"StepsOf1S", {.granularity_ns = kSecond}},
                    Case{"StepsOf2S", {.granularity_ns = 2 * kSecond}},
                    Case{"AServerAhead",
                         {.tick_ns = 4 * kMs, .clock_offset_ns = 7 * kSecond},
                         StampTrust::kServer},
                    Case{"AServerBehind",
                         {.granularity_ns = 1000,
                          .tick_ns = 4 * kMs,
                          .clock_offset_ns = -7 * kSecond},
                         StampTrust::kServer}),
    [](const auto& info) { return info.param.name; });

TEST(DependencyOutput, OnAnotherFineFileSystemTimesCompare) {
  StampBuild build({.tick_ns = 4 * kMs}, false);
  build.tree().Mount("/work/src/b");
  build.tree().SetStampRule("/work/src/b", {.tick_ns = 4 * kMs});
  build.clock().Advance(4 * kMs);
  build.tree().WriteFile("/work/src/b/1.c");
  EXPECT_TRUE(build.ComesToRest());
}

void ExpectAskedEveryTime(const FakeStampRule& rule, StampTrust trust) {
  StampBuild build({.tick_ns = 4 * kMs}, false);
  build.tree().Mount("/work/src/b");
  build.tree().SetStampRule("/work/src/b", rule);
  build.tree().SetTrust("/work/src/b", trust);
  build.clock().Advance(4 * kMs);
  build.tree().WriteFile("/work/src/b/1.c");
  EXPECT_FALSE(build.ComesToRest());
  build.MakePack();
  EXPECT_EQ(build.Pack(), "src/a/x.c\nsrc/b/1.c\n");
}

TEST(DependencyOutput, OnAnotherCoarseFileSystemFinderIsAskedEveryTime) {
  ExpectAskedEveryTime({.granularity_ns = 2 * kSecond}, StampTrust::kLocal);
}

TEST(DependencyOutput, WhereTimesDoNotTellFinderIsAskedEveryTime) {
  for (const StampTrust trust :
       {StampTrust::kServer, StampTrust::kMount, StampTrust::kNever}) {
    ExpectAskedEveryTime({.tick_ns = 4 * kMs}, trust);
  }
}

TEST(DependencyOutput, WithoutAWorkingClockFinderIsAskedEveryTime) {
  StampBuild build({.granularity_ns = 3600 * kSecond}, false);
  EXPECT_FALSE(build.ComesToRest());
}

}  // namespace
}  // namespace finder
