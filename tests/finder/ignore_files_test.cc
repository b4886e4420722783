// Ignore files: what a run that obeys them costs, and that their contents count
// on every run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "finder/facade/finder.h"
#include "tests/support/finder_fixture.h"

namespace finder {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kTree[] =
    "f .git/HEAD\n"
    "f a/a.c\n"
    "f a/a.o\n"
    "f a/deep/er/x.c\n"
    "f out/obj/a.o\n"
    "f out/obj/sub/b.o\n";
constexpr uint64_t kDirectories = 8;  // /src and .git too
constexpr uint64_t kShown = 4;        // without out and .git

class IgnoreFiles : public testing::Test {
 protected:
  IgnoreFiles() {
    machine_.tree.AddTree(kTree, "/src");
    machine_.tree.WriteFile("/src/.gitignore", "/out\n*.o\n");
    machine_.Age();
  }

  static View Source() { return FinderFixture::ViewOf({"/src"}); }
  static View Obeying() {
    View view = Source();
    view.ignore_files = IgnoreFileUse::kApplied;
    return view;
  }

  // The file as it is written over by an editor that hides it well.
  void WriteUnseen(const std::string& path, const std::string& bytes) {
    const FileStat old = machine_.tree.Stat(path);
    machine_.tree.WriteFile(path, bytes);
    machine_.tree.SetModifiedTime(path, old.modified_ns);
    machine_.Age();
  }

  FinderFixture machine_;
};

TEST_F(IgnoreFiles, AColdRunDoesNotListWhatTheyHide) {
  const RunResult run = machine_.Cold(Obeying());
  EXPECT_THAT(run.lines, ElementsAre("f /src/.gitignore", "f /src/a/a.c",
                                     "f /src/a/deep/er/x.c"));
  EXPECT_EQ(run.metrics.list_calls, kShown);
  EXPECT_EQ(run.metrics.directories, kShown);
  EXPECT_EQ(run.metrics.files, 3U);
}

TEST_F(IgnoreFiles, AWarmRunDoesNotStampWhatTheyHide) {
  ASSERT_TRUE(machine_.Warm(Source()).saved.ok());  // knows all
  machine_.Age();
  const RunResult run = machine_.Warm(Obeying());
  EXPECT_EQ(run.metrics.stat_calls, kShown);
  EXPECT_EQ(run.metrics.list_calls, 0U);
  EXPECT_FALSE(run.metrics.database_written);
}

TEST_F(IgnoreFiles, WhatARunHidIsListedByTheFirstThatShowsIt) {
  machine_.Warm(Obeying());
  machine_.Age();
  const RunResult all = machine_.Warm(Source());
  EXPECT_EQ(all.metrics.list_calls, kDirectories - kShown);
  machine_.Age();
  EXPECT_EQ(machine_.Warm(Source()).metrics.list_calls, 0U);
  EXPECT_EQ(machine_.Warm(Obeying()).metrics.list_calls, 0U);
}

TEST_F(IgnoreFiles, AnEditThatMovesNoDirectorysStampCounts) {
  machine_.Warm(Obeying());
  machine_.Age();
  WriteUnseen("/src/.gitignore", "*.c\n*.c\n");
  const RunResult run = machine_.Warm(Obeying());
  EXPECT_THAT(run.lines,
              ElementsAre("f /src/.gitignore", "f /src/a/a.o",
                          "f /src/out/obj/a.o", "f /src/out/obj/sub/b.o"));
  EXPECT_EQ(run.metrics.list_calls, 3U);  // what was hidden
}

TEST_F(IgnoreFiles, AFileThatComesOrGoesIsSeenByItsDirectory) {
  machine_.Warm(Source());
  machine_.Age();
  machine_.tree.WriteFile("/src/a/.gitignore", "deep\n");
  machine_.Age();
  EXPECT_THAT(
      machine_.Warm(Obeying()).lines,
      ElementsAre("f /src/.gitignore", "f /src/a/.gitignore", "f /src/a/a.c"));
  machine_.tree.RemoveAll("/src/a/.gitignore");
  machine_.tree.RemoveAll("/src/.gitignore");
  machine_.Age();
  EXPECT_EQ(machine_.Warm(Obeying()).lines.size(), 5U);
}

TEST_F(IgnoreFiles, ARepositoryThatComesStartsAnew) {
  machine_.Warm(Obeying());
  machine_.tree.WriteFile("/src/a/.git/HEAD");
  machine_.Age();
  EXPECT_THAT(machine_.Warm(Obeying()).lines,
              ElementsAre("f /src/.gitignore", "f /src/a/a.c", "f /src/a/a.o",
                          "f /src/a/deep/er/x.c"));
}

TEST_F(IgnoreFiles, TheFirstAnswersAreThoseThatAreShown) {
  Query first;
  first.max_results = 2;
  machine_.Warm(Source());
  machine_.Age();
  machine_.tree.WriteFile("/src/a/.gitignore", "a.c\n");
  const RunResult run =
      machine_.RunScoped(FinderFixture::OptionsOf(Obeying()), first);
  EXPECT_THAT(run.lines,
              ElementsAre("f /src/.gitignore", "f /src/a/.gitignore"));
}

TEST_F(IgnoreFiles, OnlyThoseThatMayMatterAreRead) {
  machine_.tree.WriteFile("/src/a/deep/.gitignore", "x");
  machine_.Warm(Source());
  machine_.Age();
  Query shallow;
  shallow.max_depth = 1;
  const RunResult run =
      machine_.RunScoped(FinderFixture::OptionsOf(Obeying()), shallow);
  EXPECT_THAT(run.lines, ElementsAre("f /src/.gitignore"));
  EXPECT_THAT(run.diagnostics, IsEmpty());
}

TEST_F(IgnoreFiles, TheDepthsOfARepositoryAreReadBelowItsTop) {
  machine_.tree.WriteFile("/src/a/.gitignore", "/deep/er/x.c\n");
  machine_.tree.WriteFile("/src/.gitignore", "/a/a.c\n");
  View view = Obeying();
  view.roots = {"/src/a/deep"};
  EXPECT_THAT(machine_.Cold(view).lines, IsEmpty());
  view.roots = {"/src/a"};
  EXPECT_THAT(machine_.Cold(view).lines,
              ElementsAre("f /src/a/.gitignore", "f /src/a/a.o"));
}

TEST_F(IgnoreFiles, ARootIsWhereItLeads) {
  machine_.tree.WriteFile("/src/.gitignore", "/a/a.c\n");
  machine_.tree.Symlink("/src/a", "/elsewhere");
  View view = Obeying();
  view.roots = {"/elsewhere"};
  EXPECT_THAT(machine_.Cold(view).lines,
              ElementsAre("f /elsewhere/a.o", "f /elsewhere/deep/er/x.c"));
}

TEST_F(IgnoreFiles, ASoongDatabaseCannotTellOfThem) {
  Options options = FinderFixture::OptionsOf(Obeying());
  options.format = DatabaseFormat::kSoong;
  EXPECT_EQ(machine_.Run(options).status.code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace finder
