// What a run costs that needs only a part of the view, counted call by call. A
// run that may use a database looks first how large that is: a stat of its file
// comes on top.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "finder/facade/finder.h"
#include "tests/support/finder_fixture.h"

namespace finder {
namespace {

using Lines = std::vector<std::string>;

constexpr int kModules = 40;
constexpr int kParts = 10;
constexpr int kDirectories = 1 + kModules * (1 + kParts);
constexpr int kDatabaseStat = 1;

// /src holds 40 modules of 10 parts each.
class ScopeCost : public testing::Test {
 protected:
  ScopeCost() {
    for (int module = 10; module < 10 + kModules; ++module) {
      for (int part = 0; part < kParts; ++part) {
        machine_.tree.WriteFile("/src/m" + std::to_string(module) + "/p" +
                                std::to_string(part) + "/code.c");
      }
    }
    machine_.tree.WriteFile("/src/readme");
    machine_.Age();
  }

  static Options WithCache() {
    return FinderFixture::OptionsOf(FinderFixture::ViewOf({"/src"}));
  }
  static Options WithoutCache() {
    Options options = WithCache();
    options.cache = CacheUse::kNone;
    return options;
  }
  // As for --import: the run needs the database in any case, and stores one.
  static Options WithDatabase() {
    Options options = WithCache();
    options.store_unchanged = true;
    return options;
  }
  static Query Shallow(uint32_t depth) {
    Query query;
    query.max_depth = depth;
    return query;
  }
  static Query At(const std::string& place) {
    Query query;
    query.at = {place};
    return query;
  }
  static Query First(const std::string& name) {
    Query query;
    query.names = {name};
    query.max_results = 1;
    return query;
  }

  void FillDatabase() {
    machine_.Run(WithCache());
    machine_.Age();
  }

  FinderFixture machine_;
};

TEST_F(ScopeCost, DepthBoundsAWalk) {
  const RunResult top = machine_.RunScoped(WithoutCache(), Shallow(1));
  EXPECT_EQ(top.lines, Lines{"f /src/readme"});
  EXPECT_EQ(top.calls.list, 1);
  EXPECT_EQ(top.calls.stat, 1);
  EXPECT_EQ(machine_.RunScoped(WithoutCache(), Shallow(2)).calls.list,
            1 + kModules);
  EXPECT_EQ(machine_.RunScoped(WithoutCache(), Shallow(3)).calls.list,
            kDirectories);
}

TEST_F(ScopeCost, DirectoriesAtTheLastLevelAreOnlyNamed) {
  Query query = Shallow(1);
  query.types.directories = true;
  const RunResult run = machine_.RunScoped(WithoutCache(), query);
  EXPECT_EQ(run.lines.size(), size_t{kModules});
  EXPECT_EQ(run.calls.list, 1);
  EXPECT_EQ(run.calls.stat, 1);
}

TEST_F(ScopeCost, APlaceBoundsAWalkToItAndTheWayThere) {
  const RunResult run = machine_.RunScoped(WithoutCache(), At("/src/m20/p3"));
  EXPECT_EQ(run.lines, Lines{"f /src/m20/p3/code.c"});
  EXPECT_EQ(run.calls.list, 3);
  Query glob;
  glob.globs = {"/src/m20/**/*.c"};
  EXPECT_EQ(machine_.RunScoped(WithoutCache(), glob).calls.list, 2 + kParts);
}

TEST_F(ScopeCost, TheFirstAnswerEndsAWalkWithItsDirectory) {
  const RunResult run = machine_.RunScoped(WithoutCache(), First("code.c"));
  EXPECT_EQ(run.lines, Lines{"f /src/m10/p0/code.c"});
  EXPECT_EQ(run.calls.list, 3) << "/src, m10, m10/p0";
}

// A quarter more at most.
TEST_F(ScopeCost, LaterAnswersEndAWalkSoonBehindThem) {
  Query query = First("code.c");
  query.max_results = 100;
  const RunResult run = machine_.RunScoped(WithoutCache(), query);
  EXPECT_EQ(run.lines.size(), 100u);
  EXPECT_GE(run.calls.list, 111);
  EXPECT_LE(run.calls.list, 111 * 5 / 4);
}

TEST_F(ScopeCost, AnAnswerThatIsNotThereCostsAWholeWalkAndNoMore) {
  const RunResult run = machine_.RunScoped(WithoutCache(), First("no.c"));
  EXPECT_TRUE(run.lines.empty());
  EXPECT_EQ(run.calls.list, kDirectories);
}

TEST_F(ScopeCost, ThreadsEndAWalkSoon) {
  Options options = WithoutCache();
  options.threads = 4;
  EXPECT_EQ(machine_.RunScoped(options, First("code.c")).calls.list, 3);
}

TEST_F(ScopeCost, FewDirectoriesAreListedRatherThanADatabaseRead) {
  FillDatabase();
  const RunResult run = machine_.RunScoped(WithCache(), Shallow(1));
  EXPECT_EQ(run.lines, Lines{"f /src/readme"});
  EXPECT_EQ(run.metrics.bytes_read, 0u);
  EXPECT_EQ(run.metrics.cache_reason, "few directories were needed");
  EXPECT_EQ(run.calls.list, 1);
  EXPECT_EQ(run.calls.stat, 1 + kDatabaseStat);
  EXPECT_EQ(run.calls.writes(), 0);
  EXPECT_EQ(machine_.Run(WithCache()).calls.list, 0) << "nothing is forgotten";
}

TEST_F(ScopeCost, OtherwiseADatabaseVerifiesWhatIsNeededAlone) {
  FillDatabase();
  const RunResult run = machine_.RunScoped(WithDatabase(), Shallow(2));
  EXPECT_EQ(run.metrics.cache, CacheState::kWarm);
  EXPECT_EQ(run.calls.list, 0);
  EXPECT_EQ(run.metrics.stat_calls, uint64_t{1 + kModules});
  const RunResult place = machine_.RunScoped(WithDatabase(), At("/src/m20/p3"));
  EXPECT_EQ(place.calls.list, 0);
  EXPECT_EQ(place.metrics.stat_calls, 3u);
}

TEST_F(ScopeCost, ADatabaseIsVerifiedUpToTheAnswerItPromises) {
  FillDatabase();
  const RunResult run = machine_.RunScoped(WithDatabase(), First("code.c"));
  EXPECT_EQ(run.lines, Lines{"f /src/m10/p0/code.c"});
  EXPECT_EQ(run.calls.list, 0);
  EXPECT_EQ(run.metrics.stat_calls, 3u);
}

TEST_F(ScopeCost, APromiseThatIsNotKeptIsFollowedByTheNextAnswer) {
  FillDatabase();
  machine_.tree.RemoveAll("/src/m10/p0/code.c");
  const RunResult run = machine_.RunScoped(WithDatabase(), First("code.c"));
  EXPECT_EQ(run.lines, Lines{"f /src/m10/p1/code.c"});
  EXPECT_EQ(run.calls.list, 1);
  EXPECT_LE(run.metrics.stat_calls, 6u);
}

TEST_F(ScopeCost, AnAnswerBeforeThePromisedOneIsFound) {
  FillDatabase();
  machine_.tree.WriteFile("/src/m10/new/code.c");
  const RunResult run = machine_.RunScoped(WithDatabase(), First("code.c"));
  EXPECT_EQ(run.lines, Lines{"f /src/m10/new/code.c"});
  EXPECT_EQ(run.calls.list, 2);
}

TEST_F(ScopeCost, WhatIsTriedWithoutADatabaseIsLittle) {
  FillDatabase();
  const RunResult run = machine_.RunScoped(WithCache(), First("no.c"));
  EXPECT_EQ(run.metrics.cache, CacheState::kWarm);
  EXPECT_EQ(run.calls.list, 16);
  EXPECT_EQ(run.calls.stat, 16 + kDirectories + 2 * kDatabaseStat);
  EXPECT_EQ(run.metrics.list_calls, 16u);
  EXPECT_EQ(run.metrics.stat_calls, 16u + kDirectories);
}

TEST_F(ScopeCost, WhatWasNotNeededIsVerifiedWhenItIs) {
  FillDatabase();
  machine_.tree.WriteFile("/src/m30/p1/new.c");
  machine_.tree.WriteFile("/src/m31/new.c");
  machine_.RunScoped(WithDatabase(), Shallow(2));
  machine_.Age();
  const RunResult run = machine_.RunScoped(WithCache(), First("new.c"));
  EXPECT_EQ(run.lines, Lines{"f /src/m30/p1/new.c"});
  const RunResult all = machine_.Run(WithCache(), First("new.c"));
  EXPECT_EQ(all.lines, run.lines);
}

TEST_F(ScopeCost, WhatAFirstRunDidNotNeedIsListedWhenItIs) {
  const RunResult run = machine_.RunScoped(WithDatabase(), Shallow(2));
  EXPECT_TRUE(run.metrics.database_written);
  EXPECT_EQ(run.calls.list, 1 + kModules);
  machine_.Age();
  const RunResult all = machine_.Run(WithCache());
  EXPECT_EQ(all.metrics.cache, CacheState::kWarm);
  EXPECT_EQ(all.calls.list, kModules * kParts);
  EXPECT_EQ(all.lines.size(), size_t{kModules * kParts + 1});
}

TEST_F(ScopeCost, FilesAsRootsDoNotUnboundARun) {
  for (Options options : {WithoutCache(), WithCache(), WithDatabase()}) {
    options.entry_roots = EntryRoots::kAnswers;
    options.view.roots = {"/src/readme", "/src/m20", "/src/m10/p3/code.c"};
    Query query = First("code.c");
    query.max_results = 2;
    const RunResult first = machine_.RunScoped(options, query);
    EXPECT_EQ(first.lines,
              (Lines{"f /src/m10/p3/code.c", "f /src/m20/p0/code.c"}));
    EXPECT_LE(first.calls.list, 4);
    EXPECT_EQ(machine_.RunScoped(options, Shallow(0)).lines,
              (Lines{"f /src/m10/p3/code.c", "f /src/readme"}));
  }
}

TEST_F(ScopeCost, FilesAloneNeedNoDatabase) {
  for (Options options : {WithoutCache(), WithCache(), WithDatabase()}) {
    FillDatabase();
    options.entry_roots = EntryRoots::kAnswers;
    options.view.roots = {"/src/readme"};
    for (const Query& query : {Shallow(0), Shallow(1), First("readme")}) {
      const RunResult run = machine_.RunScoped(options, query);
      EXPECT_EQ(run.lines, Lines{"f /src/readme"});
      EXPECT_EQ(run.calls.list, 0);
      EXPECT_FALSE(run.metrics.database_written);
    }
  }
}

// It was looked for twice: with the database, and before.
TEST_F(ScopeCost, AMissingRootIsToldOfOnce) {
  FillDatabase();
  Options options = WithCache();
  options.missing_roots = MissingRoots::kLeftOut;
  options.view.roots = {"/src", "/none"};
  const RunResult run = machine_.RunScoped(options, First("no.c"));
  EXPECT_EQ(run.metrics.cache, CacheState::kWarm);
  EXPECT_EQ(run.diagnostics.size(), 1u);
  EXPECT_EQ(run.metrics.unreadable, 1u);
}

TEST_F(ScopeCost, AnExcludedPathIsNotNeeded) {
  FillDatabase();
  for (Options options : {WithoutCache(), WithCache(), WithDatabase()}) {
    options.view.exclude_dirs = {"m10/p0", "m2*/p1", "./m11"};
    EXPECT_EQ(machine_.RunScoped(options, First("code.c")).lines,
              Lines{"f /src/m10/p1/code.c"});
    EXPECT_TRUE(machine_.RunScoped(options, At("/src/m20/p1")).lines.empty());
  }
}

TEST_F(ScopeCost, ALimitOfDirectoriesEndsABoundedScanToo) {
  for (const bool known : {false, true}) {
    if (known) FillDatabase();
    for (const uint64_t most : {1, 20, 100}) {
      Options options = WithCache();
      options.most_directories = most;
      EXPECT_TRUE(absl::IsResourceExhausted(
          machine_.RunScoped(options, First("no.c")).status));
      EXPECT_TRUE(absl::IsResourceExhausted(
          machine_.RunScoped(options, Shallow(3)).status));
      EXPECT_EQ(machine_.files.open_files(), 0);
      EXPECT_EQ(machine_.tree.Exists(FinderFixture::kDatabase), known);
    }
  }
  EXPECT_EQ(machine_.Run(WithCache()).calls.list, 0) << "nothing is forgotten";
}

TEST_F(ScopeCost, WhereASymlinkLeadsIsAskedOnlyIfTheAnswerDependsOnIt) {
  machine_.tree.Symlink("p0", "/src/m10/to_directory");
  machine_.tree.Symlink("../readme", "/src/m10/to_file");
  machine_.Age();
  FillDatabase();
  Query all = At("/src/m10");
  Query links = all;
  links.types = {.files = true, .directories = true, .symlinks = true};
  Query one = all;
  one.globs = {"to_d*"};
  const auto stats_of = [&](const Query& query) {
    // The same of a walk and of the database.
    const uint64_t walk =
        machine_.RunScoped(WithoutCache(), query).metrics.stat_calls;
    const uint64_t warm =
        machine_.RunScoped(WithDatabase(), query).metrics.stat_calls;
    EXPECT_EQ(walk, warm);
    return walk;
  };
  const uint64_t directories = 2 + kParts;
  EXPECT_EQ(stats_of(links), directories);
  EXPECT_EQ(stats_of(one), directories + 1);
  EXPECT_EQ(stats_of(all), directories + 2);
  EXPECT_EQ(machine_.RunScoped(WithDatabase(), all).lines,
            machine_.Run(WithoutCache(), all).lines);
  EXPECT_TRUE(machine_.RunScoped(WithDatabase(), one).lines.empty());
}

// What is known of its stamp was of no use any more.
TEST_F(ScopeCost, ARootThatWasLeftAloneIsWholeWhenItIsNeeded) {
  machine_.tree.WriteFile("/src/m20/p0/deep/x.c");
  machine_.Age();
  Options options = WithDatabase();
  options.view.roots = {"/src/m10", "/src/m20"};
  options.view.boundary = Boundary::kOneFileSystem;
  const RunResult filled = machine_.Run(options);
  machine_.Age();
  machine_.tree.WriteFile("/src/m20/new.c");
  EXPECT_EQ(machine_.RunScoped(options, First("code.c")).lines.size(), 1u);
  machine_.Age();
  EXPECT_EQ(machine_.Run(options).lines.size(), filled.lines.size() + 1);
}

TEST_F(ScopeCost, ASmallPartIsNotWorthADatabase) {
  EXPECT_FALSE(
      machine_.RunScoped(WithCache(), Shallow(2)).metrics.database_written);
  EXPECT_FALSE(machine_.RunScoped(WithCache(), First("code.c"))
                   .metrics.database_written);
  // All of it is, whatever it was asked for.
  const RunResult run = machine_.RunScoped(WithCache(), First("no.c"));
  EXPECT_TRUE(run.metrics.database_written);
  EXPECT_EQ(run.calls.list, kDirectories) << "what was tried is not lost";
}

TEST_F(ScopeCost, ARefreshAndASoongDatabaseNeedEverything) {
  FillDatabase();
  Options options = WithCache();
  options.cache = CacheUse::kRefresh;
  EXPECT_EQ(machine_.RunScoped(options, Shallow(1)).calls.list, kDirectories);
  options = WithCache();
  options.database = "/db/soong.db";
  options.format = DatabaseFormat::kSoong;
  EXPECT_EQ(machine_.RunScoped(options, Shallow(1)).calls.list, kDirectories);
}

TEST_F(ScopeCost, WhatIsUnreadableIsToldOfWhatWasNeeded) {
  machine_.tree.Chmod("/src/m20", 0);
  EXPECT_TRUE(
      machine_.RunScoped(WithoutCache(), Shallow(1)).diagnostics.empty());
  EXPECT_EQ(machine_.RunScoped(WithoutCache(), Shallow(2)).diagnostics.size(),
            1u);
}

TEST_F(ScopeCost, ALoopBehindASymlinkIsBoundedByDepth) {
  machine_.tree.AddTree("l root -> /\nf proc/1/stat\n", "/deep");
  machine_.tree.Symlink("/deep", "/src/m10/link");
  Options options = WithoutCache();
  options.view.links = LinkPolicy::kFollow;
  Query query = Shallow(2);
  query.types.directories = true;
  const RunResult run = machine_.RunScoped(options, query);
  EXPECT_EQ(run.lines.size(), size_t{kModules * (1 + kParts) + 1});
  EXPECT_EQ(run.calls.list, 1 + kModules + 1) << "the link tells what it is";
}

}  // namespace
}  // namespace finder
