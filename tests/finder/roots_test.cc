// Roots that are files, that are missing, and that lie within one another.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "finder/answer/depfile.h"
#include "finder/facade/finder.h"
#include "tests/support/finder_fixture.h"

namespace finder {
namespace {

using Lines = std::vector<std::string>;

class Roots : public testing::Test {
 protected:
  Roots() {
    machine_.tree.AddTree(
        "f a.c\nf src/b.c\nf src/lib/c.c\nf more/d.c\nl link -> a.c\n"
        "l broken -> nowhere\n",
        "/w");
    machine_.working_directory = "/w";
    machine_.files.SetWorkingDirectory("/w");
    machine_.Age();
  }

  static Options OptionsOf(std::vector<std::string> roots) {
    Options options =
        FinderFixture::OptionsOf(FinderFixture::ViewOf(std::move(roots)));
    options.entry_roots = EntryRoots::kAnswers;
    return options;
  }

  static Options KeepGoing(std::vector<std::string> roots) {
    Options options = OptionsOf(std::move(roots));
    options.missing_roots = MissingRoots::kLeftOut;
    return options;
  }

  // What the answer depends on, as a depfile would have it.
  Lines Watched(const Options& options, std::string Root::*path) {
    Finder finder(machine_.environment(), options);
    EXPECT_TRUE(finder.Scan().ok());
    const Query query;
    const Query* const queries[] = {&query};
    Lines watched;
    VisitWatchedDirectories(finder.tree(), queries, path,
                            [&watched](std::string_view directory) {
                              watched.emplace_back(directory);
                            });
    return watched;
  }

  FinderFixture machine_;
};

TEST_F(Roots, AFileIsAnAnswerBesideDirectoriesInByteOrder) {
  EXPECT_EQ(machine_.Run(OptionsOf({"src", "a.c", "src/b.c", "more"})).lines,
            Lines({"f a.c", "f more/d.c", "f src/b.c", "f src/lib/c.c"}));
  EXPECT_EQ(machine_.Run(OptionsOf({"/w/src/b.c", "link", "a.c", "a.c"})).lines,
            Lines({"f /w/src/b.c", "f a.c", "l link"}));
}

TEST_F(Roots, AFileIsAnAnswerOnlyIfTheFiltersMatch) {
  const Options options = OptionsOf({"a.c", "src/lib"});
  Query query;
  query.globs = {"c*"};
  EXPECT_EQ(machine_.Run(options, query).lines, Lines({"f src/lib/c.c"}));
  query.globs = {"a.c"};
  EXPECT_EQ(machine_.Run(options, query).lines, Lines({"f a.c"}));
  query.exclude_globs = {"?.c"};
  EXPECT_EQ(machine_.Run(options, query).lines, Lines());
  Query directories;
  directories.types.directories = true;
  EXPECT_EQ(machine_.Run(options, directories).lines, Lines());
}

TEST_F(Roots, AFileHasDepthZero) {
  const Options options = OptionsOf({"a.c", "src"});
  Query query;
  query.max_depth = 0;
  EXPECT_EQ(machine_.Run(options, query).lines, Lines({"f a.c"}));
  query.max_depth = 1;
  EXPECT_EQ(machine_.Run(options, query).lines, Lines({"f a.c", "f src/b.c"}));
  query.min_depth = 1;
  EXPECT_EQ(machine_.Run(options, query).lines, Lines({"f src/b.c"}));
}

TEST_F(Roots, AFileIsLookedAtInEveryRunAndNeverStored) {
  const Options options = OptionsOf({"a.c", "src"});
  machine_.Run(options);
  machine_.Age();
  const RunResult warm = machine_.Run(options);
  EXPECT_EQ(warm.metrics.cache, CacheState::kWarm);
  EXPECT_EQ(warm.metrics.stat_calls, 3u) << "a.c, src, src/lib";
  EXPECT_EQ(warm.metrics.directories, 2u);
  EXPECT_EQ(warm.metrics.files, 3u);
  EXPECT_EQ(warm.calls.list, 0);
  machine_.tree.RemoveAll("/w/a.c");
  EXPECT_EQ(machine_.Run(options).status.message(),
            "a.c: No such file or directory");
  machine_.tree.WriteFile("/w/a.c/now/a_directory");
  EXPECT_EQ(machine_.Run(options).lines,
            Lines({"f a.c/now/a_directory", "f src/b.c", "f src/lib/c.c"}));
}

TEST_F(Roots, ADirectoryThatBecomesAFileAndIsOneAgain) {
  const Options options = OptionsOf({"src", "more"});
  machine_.Run(options);
  machine_.tree.Rename("/w/more", "/w/aside");
  machine_.tree.WriteFile("/w/more");
  EXPECT_EQ(machine_.Run(options).lines,
            Lines({"f more", "f src/b.c", "f src/lib/c.c"}));
  machine_.tree.RemoveAll("/w/more");
  machine_.tree.Rename("/w/aside", "/w/more");
  EXPECT_EQ(machine_.Run(options).lines,
            Lines({"f more/d.c", "f src/b.c", "f src/lib/c.c"}));
}

TEST_F(Roots, FilesAloneMakeNoDatabase) {
  const RunResult run = machine_.Run(OptionsOf({"a.c", "src/b.c"}));
  EXPECT_EQ(run.lines, Lines({"f a.c", "f src/b.c"}));
  EXPECT_FALSE(run.metrics.database_written);
  EXPECT_EQ(run.calls.writes(), 0);
}

TEST_F(Roots, ABrokenSymlinkIsMissing) {
  EXPECT_EQ(machine_.Run(OptionsOf({"broken"})).status.message(),
            "broken: No such file or directory");
}

TEST_F(Roots, WithoutTheOptionAFileIsRefused) {
  Options options = OptionsOf({"a.c", "src"});
  options.entry_roots = EntryRoots::kRefused;
  EXPECT_EQ(machine_.Run(options).status.message(), "a.c: Not a directory");
}

TEST_F(Roots, AMissingOneIsReportedAndTheOthersAnswer) {
  const RunResult run = machine_.Run(KeepGoing({"none", "src/lib", "a.c/x"}));
  ASSERT_TRUE(run.status.ok()) << run.status;
  EXPECT_EQ(run.lines, Lines({"f src/lib/c.c"}));
  EXPECT_EQ(run.diagnostics,
            (std::vector<Diagnostic>{{"a.c/x", "Not a directory"},
                                     {"none", "No such file or directory"}}));
  EXPECT_EQ(run.metrics.unreadable, 2u);
}

TEST_F(Roots, WhenAllAreMissingThereIsNoAnswer) {
  EXPECT_EQ(machine_.Run(KeepGoing({"none", "no"})).status.message(),
            "none: No such file or directory");
}

TEST_F(Roots, WhatIsKnownOfAMissingOneIsKept) {
  const Options options = KeepGoing({"src", "more"});
  machine_.Run(options);
  machine_.Age();
  machine_.Run(options);
  machine_.tree.Rename("/w/more", "/w/aside");
  machine_.tree.WriteFile("/w/src/new.c");
  const RunResult without = machine_.Run(options);
  EXPECT_EQ(without.lines,
            Lines({"f src/b.c", "f src/lib/c.c", "f src/new.c"}));
  EXPECT_TRUE(without.metrics.database_written);
  machine_.tree.Rename("/w/aside", "/w/more");
  machine_.tree.WriteFile("/w/more/e.c");
  const RunResult again = machine_.Run(options);
  EXPECT_EQ(again.metrics.cache, CacheState::kWarm);
  EXPECT_EQ(again.lines, Lines({"f more/d.c", "f more/e.c", "f src/b.c",
                                "f src/lib/c.c", "f src/new.c"}));
}

TEST_F(Roots, ADepfileWatchesWhereTheyMayComeAndGo) {
  const Options options =
      KeepGoing({"src/lib", "more/d.c", "a.c", "link", "gen/deep/er"});
  EXPECT_EQ(Watched(options, &Root::path), Lines({".", "more", "src/lib"}));
  EXPECT_EQ(Watched(options, &Root::absolute),
            Lines({"/w", "/w/more", "/w/src/lib"}));
}

TEST_F(Roots, ALimitOfDirectoriesEndsAScan) {
  for (int i = 0; i < 200; ++i) {
    machine_.tree.MakeDirectories("/w/many/d" + std::to_string(i) + "/e");
  }
  Options options = OptionsOf({"many"});
  options.most_directories = 401;
  EXPECT_TRUE(machine_.Run(options).status.ok());
  options.database = "/db/other.db";
  options.most_directories = 100;
  machine_.files.calls().Reset();
  EXPECT_EQ(machine_.Run(options).status.message(),
            "there are more than 100 directories");
  EXPECT_LT(machine_.files.calls().counters().list, 200);
  EXPECT_EQ(machine_.files.open_files(), 0);
  EXPECT_FALSE(machine_.tree.Exists("/db/other.db"));
}

TEST_F(Roots, SoongsFormatRefusesExcludedPaths) {
  Options options = OptionsOf({"src"});
  options.format = DatabaseFormat::kSoong;
  options.view.exclude_dirs = {"lib"};
  EXPECT_TRUE(machine_.Run(options).status.ok());
  options.view.exclude_dirs = {"./lib"};
  EXPECT_TRUE(absl::IsInvalidArgument(machine_.Run(options).status));
}

// One of them is the top of a tree of its own, and not only a directory of the
// other's.
TEST_F(Roots, WithinOneAnotherAreAllKnownTheNextTime) {
  const Options options = OptionsOf({".", "src", "src/lib"});
  const RunResult cold = machine_.Run(options);
  machine_.Age();
  machine_.Run(options);
  const RunResult warm = machine_.Run(options);
  EXPECT_EQ(warm.lines, cold.lines);
  EXPECT_EQ(warm.calls.list, 0);
  EXPECT_FALSE(warm.metrics.database_written);
}

}  // namespace
}  // namespace finder
