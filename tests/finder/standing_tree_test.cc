// What a Finder that stands costs and keeps: calls of an update, memory over
// many of them, what is saved, and what it does where it cannot go on.
#include <gtest/gtest.h>

#include <cerrno>
#include <memory>
#include <string>
#include <vector>

#include "finder/facade/finder.h"
#include "tests/support/finder_fixture.h"

namespace finder {
namespace {

// Nine directories, /src included.
constexpr char kTree[] =
    "f Makefile\n"
    "f a/a.c\n"
    "f a/deep/er/x.c\n"
    "f a/deep/er/still/y.c\n"
    "f b/b.c\n"
    "d b/empty\n"
    "f pruned/.prune\n"
    "f pruned/sub/p.c\n";
// A look at the root: open, fstat.
constexpr int kRootStats = 1;

class StandingTree : public testing::Test {
 protected:
  StandingTree() {
    machine_.tree.AddTree(kTree, "/src");
    machine_.Age();
    View view = FinderFixture::ViewOf({"/src"});
    view.prune_files = {".prune"};
    options_ = FinderFixture::OptionsOf(view);
  }

  // A Finder that has scanned, with stamps that are trusted.
  Finder& Stand() {
    finder_ = std::make_unique<Finder>(machine_.environment(), options_);
    EXPECT_TRUE(finder_->Scan().ok());
    machine_.Age();
    machine_.files.calls().Reset();
    return *finder_;
  }

  // Names what is known at `paths`.
  TreeChanges Changed(const std::vector<std::string>& paths) const {
    TreeChanges changes;
    for (const std::string& path : paths) {
      for (const Directory* d : finder_->FindDirectories(path)) {
        changes.changed.push_back(d);
      }
    }
    return changes;
  }

  absl::Status Update(const std::vector<std::string>& paths) {
    machine_.files.calls().Reset();
    return finder_->Update(Changed(paths));
  }

  FakeCalls::Counters calls() const {
    return machine_.files.calls().counters();
  }

  std::string Answer(Finder& finder) const {
    const CompiledQuery query = *CompiledQuery::Compile(Query(), options_.view);
    std::string text;
    finder.Answer(
        query,
        [](const Match& match, std::string& out) {
          AppendLine(match, out);
          out += '\n';
        },
        [&text](std::string_view piece) {
          text += piece;
          return true;
        });
    return text;
  }
  std::string Answer() const { return Answer(*finder_); }

  // What a Finder says that knows nothing.
  std::string Fresh() const {
    Options options = options_;
    options.cache = CacheUse::kNone;
    Finder finder(machine_.environment(), options);
    EXPECT_TRUE(finder.Scan().ok());
    return Answer(finder);
  }

  mutable FinderFixture machine_;
  Options options_;
  std::unique_ptr<Finder> finder_;
};

TEST_F(StandingTree, AnUpdateOfNothingLooksAtTheRootAlone) {
  Stand();
  ASSERT_TRUE(Update({}).ok());
  EXPECT_EQ(calls().stat, kRootStats);
  EXPECT_EQ(calls().list, 0);
  EXPECT_EQ(Answer(), Fresh());
}

TEST_F(StandingTree, AnUpdateListsWhatIsNamedAndStampsItsChildren) {
  Stand();
  machine_.tree.WriteFile("/src/a/new.c");
  ASSERT_TRUE(Update({"/src/a"}).ok());
  EXPECT_EQ(calls().list, 1);
  EXPECT_EQ(calls().stat, kRootStats + 1 + 1);  // a, and the name a/deep
  EXPECT_EQ(finder_->metrics().listed.moved, 1u);
  EXPECT_EQ(Answer(), Fresh());
}

TEST_F(StandingTree, WhatIsNamedIsListedWhateverItsStampSays) {
  Stand();
  ASSERT_TRUE(Update({"/src/a/deep"}).ok());
  EXPECT_EQ(calls().list, 1);
  EXPECT_EQ(finder_->metrics().listed.named, 1u);
  EXPECT_EQ(finder_->metrics().listed.again(), 1u);
}

TEST_F(StandingTree, WhatIsDoubtfulIsListedOnlyIfItsStampMoved) {
  Stand();
  machine_.tree.WriteFile("/src/b/new.c");
  TreeChanges changes;
  for (const char* path : {"/src/a", "/src/b"}) {
    changes.doubtful.push_back(finder_->FindDirectories(path).front());
  }
  ASSERT_TRUE(finder_->Update(changes).ok());
  EXPECT_EQ(calls().list, 1);
  EXPECT_EQ(Answer(), Fresh());
}

TEST_F(StandingTree, NamedTwiceIsListedOnce) {
  Stand();
  ASSERT_TRUE(Update({"/src", "/src/a", "/src/a", "/src/a/deep"}).ok());
  EXPECT_EQ(calls().list, 3);
}

TEST_F(StandingTree, WhatIsHiddenIsLeftAloneThoughItIsNamed) {
  Stand();
  machine_.tree.WriteFile("/src/pruned/sub/new.c");
  ASSERT_TRUE(Update({"/src/pruned/sub"}).ok());
  EXPECT_EQ(calls().list, 0);
  machine_.tree.RemoveAll("/src/pruned/.prune");
  ASSERT_TRUE(Update({"/src/pruned"}).ok());
  EXPECT_EQ(Answer(), Fresh());
}

TEST_F(StandingTree, WhatIsHiddenAndShownAgainIsStampedAll) {
  Stand();
  machine_.tree.WriteFile("/src/a/.prune");
  ASSERT_TRUE(Update({"/src/a"}).ok());
  // Nobody has to name this.
  machine_.tree.WriteFile("/src/a/deep/er/new.c");
  ASSERT_TRUE(Update({}).ok());
  machine_.tree.RemoveAll("/src/a/.prune");
  ASSERT_TRUE(Update({"/src/a"}).ok());
  EXPECT_EQ(calls().list, 2);  // a, and a/deep/er
  EXPECT_EQ(Answer(), Fresh());
}

TEST_F(StandingTree, ADirectoryMovedInIsWalkedWhole) {
  machine_.tree.AddTree("f x/y/z.c\n", "/elsewhere");
  Stand();
  machine_.tree.Rename("/elsewhere/x", "/src/b/x");
  ASSERT_TRUE(Update({"/src/b"}).ok());
  EXPECT_EQ(Answer(), Fresh());
}

TEST_F(StandingTree, AnotherDirectoryOfTheSameNameIsNotTakenForTheOldOne) {
  machine_.tree.AddTree("f deep/er/other.c\n", "/elsewhere");
  machine_.Age();
  Stand();
  machine_.tree.Rename("/src/a/deep", "/gone");
  machine_.tree.Rename("/elsewhere/deep", "/src/a/deep");
  ASSERT_TRUE(Update({"/src/a"}).ok());
  EXPECT_EQ(Answer(), Fresh());
}

TEST_F(StandingTree, TheTargetOfASymlinkIsLookedAtUnasked) {
  machine_.tree.Symlink("/elsewhere", "/src/b/link");
  Stand();
  const std::string before = Answer();
  machine_.tree.MakeDirectories("/elsewhere");
  ASSERT_TRUE(Update({}).ok());
  EXPECT_EQ(calls().stat, kRootStats + 1);
  EXPECT_NE(Answer(), before);
  EXPECT_EQ(Answer(), Fresh());
}

TEST_F(StandingTree, ASymlinkThatNoAnswerAsksForIsNotLookedAt) {
  machine_.tree.Symlink("/elsewhere", "/src/b/link");
  Stand();
  ScanScope scope;
  scope.asks_target = [](std::string_view name) { return name != "link"; };
  ASSERT_TRUE(finder_->Update({}, scope).ok());
  EXPECT_EQ(calls().stat, kRootStats);
}

TEST_F(StandingTree, WhatCouldNotBeReadIsTriedAgainUnasked) {
  machine_.tree.Chmod("/src/b", 0);
  Stand();
  EXPECT_EQ(finder_->diagnostics().count(), 1u);
  ASSERT_TRUE(Update({}).ok());
  EXPECT_EQ(finder_->diagnostics().count(), 1u);
  machine_.tree.Chmod("/src/b", 0755);
  ASSERT_TRUE(Update({}).ok());
  EXPECT_EQ(finder_->diagnostics().count(), 0u);
  EXPECT_EQ(Answer(), Fresh());
}

TEST_F(StandingTree, ARootThatChangedNeedNotBeNamed) {
  Stand();
  machine_.tree.WriteFile("/src/new.c");
  ASSERT_TRUE(Update({}).ok());
  EXPECT_EQ(Answer(), Fresh());
}

TEST_F(StandingTree, AnotherRootInThePlaceOfTheFirstIsWalked) {
  Stand();
  machine_.tree.Rename("/src", "/old");
  machine_.tree.AddTree("f a/deep/other.c\n", "/src");
  ASSERT_TRUE(Update({}).ok());
  EXPECT_EQ(Answer(), Fresh());
}

TEST_F(StandingTree, AfterAPassThatFailedTheNextBeginsAnew) {
  Stand();
  machine_.tree.Rename("/src", "/aside");
  EXPECT_EQ(Update({}).code(), absl::StatusCode::kNotFound);
  machine_.tree.Rename("/aside", "/src");
  ASSERT_TRUE(Update({}).ok());
  EXPECT_EQ(Answer(), Fresh());
}

TEST_F(StandingTree, ARootThatBecomesAFileIsAnswered) {
  options_.entry_roots = EntryRoots::kAnswers;
  Stand();
  machine_.tree.RemoveAll("/src");
  machine_.tree.WriteFile("/src");
  ASSERT_TRUE(Update({}).ok());
  EXPECT_EQ(Answer(), "f /src\n");
  machine_.tree.RemoveAll("/src");
  machine_.tree.AddTree(kTree, "/src");
  ASSERT_TRUE(Update({}).ok());
  EXPECT_EQ(Answer(), Fresh());
}

TEST_F(StandingTree, AScanStampsAllAndListsNothingTwice) {
  Stand();
  ASSERT_TRUE(finder_->Scan().ok());
  EXPECT_EQ(calls().stat, 8);  // all but pruned/sub
  EXPECT_EQ(calls().list, 0);
  EXPECT_EQ(finder_->metrics().cache, CacheState::kWarm);
  EXPECT_EQ(finder_->metrics().stat_calls, 8u);
}

TEST_F(StandingTree, AScanOfAPartIsGoneOnWithByAWholeOne) {
  finder_ = std::make_unique<Finder>(machine_.environment(), options_);
  Query query;
  query.max_depth = 1;
  ScanScope scope;
  scope.reach = Reach::Of(query);
  ASSERT_TRUE(finder_->Scan(scope).ok());
  ASSERT_TRUE(finder_->Update({}).ok());
  EXPECT_EQ(Answer(), Fresh());
}

TEST_F(StandingTree, WhatUpdatesFoundIsSaved) {
  Stand();
  ASSERT_TRUE(finder_->Save().ok());
  ASSERT_TRUE(Update({}).ok());
  EXPECT_FALSE(finder_->NeedsSaving());
  machine_.tree.WriteFile("/src/a/new.c");
  machine_.tree.RemoveAll("/src/a/deep/er");
  machine_.Age();
  ASSERT_TRUE(Update({"/src/a", "/src/a/deep"}).ok());
  EXPECT_TRUE(finder_->NeedsSaving());
  ASSERT_TRUE(finder_->Save().ok());
  EXPECT_FALSE(finder_->NeedsSaving());
  machine_.Age();
  const RunResult warm = machine_.Run(options_);
  EXPECT_EQ(warm.metrics.cache, CacheState::kWarm);
  EXPECT_EQ(warm.calls.list, 0);
  EXPECT_FALSE(warm.metrics.database_written);
}

TEST_F(StandingTree, WhatIsNotSavedStaysToBeSaved) {
  Stand();
  ASSERT_TRUE(finder_->Save().ok());
  machine_.tree.WriteFile("/src/a/new.c");
  ASSERT_TRUE(Update({"/src/a"}).ok());
  ASSERT_TRUE(Update({}).ok());
  EXPECT_TRUE(finder_->NeedsSaving());
  ASSERT_TRUE(finder_->Scan().ok());
  EXPECT_TRUE(finder_->NeedsSaving());
}

TEST_F(StandingTree, AStampTakenBeforeTheClockWasSetBackIsNotTrustedLater) {
  machine_.tree.WriteFile("/src/a/new.c");
  machine_.clock.Advance(5 * kSecondNs);
  Stand();
  machine_.clock.SetBack(120 * kSecondNs);
  ASSERT_TRUE(Update({}).ok());
  ASSERT_TRUE(finder_->Save().ok());
  machine_.Age();
  EXPECT_GE(machine_.Run(options_).metrics.listed.untrusted, 1u);
}

TEST_F(StandingTree, MetricsAreThoseOfTheLastPass) {
  Stand();
  EXPECT_EQ(finder_->metrics().files, 6u - 1);  // without pruned/sub/p.c
  machine_.tree.WriteFile("/src/a/new.c");
  ASSERT_TRUE(Update({"/src/a"}).ok());
  EXPECT_EQ(finder_->metrics().files, 6u);
  EXPECT_EQ(finder_->metrics().list_calls, 1u);
  ASSERT_TRUE(Update({}).ok());
  EXPECT_EQ(finder_->metrics().list_calls, 0u);
}

TEST_F(StandingTree, MemoryStaysBoundedOverManyUpdates) {
  for (int i = 0; i < 50; ++i) {
    machine_.tree.WriteFile("/src/many/file-with-a-long-name-" +
                            std::to_string(i));
  }
  machine_.Age();
  Stand();
  ASSERT_TRUE(Update({}).ok());
  const uint64_t at_first = finder_->tree().size_bytes();
  uint64_t most = 0;
  for (int i = 0; i < 10'000; ++i) {
    const std::string directory = "/src/many/dir-" + std::to_string(i % 7);
    if (i >= 7) machine_.tree.RemoveAll(directory);
    machine_.tree.WriteFile(directory + "/sub/" + std::to_string(i));
    ASSERT_TRUE(Update({"/src/many"}).ok());
    most = std::max(most, finder_->tree().size_bytes());
  }
  EXPECT_EQ(Answer(), Fresh());
  EXPECT_LE(most, 4 * at_first + (64 << 10));
}

TEST_F(StandingTree, MemoryStaysBoundedWhereAllIsListedAgain) {
  machine_.tree.SetTrust("/src", StampTrust::kNever);
  Stand();
  ASSERT_TRUE(Update({}).ok());
  const uint64_t at_first = finder_->tree().size_bytes();
  for (int i = 0; i < 2'000; ++i) {
    ASSERT_TRUE(Update({"/src", "/src/a", "/src/a/deep"}).ok());
  }
  EXPECT_LE(finder_->tree().size_bytes(), at_first + (64 << 10));
  EXPECT_EQ(Answer(), Fresh());
}

}  // namespace
}  // namespace finder
