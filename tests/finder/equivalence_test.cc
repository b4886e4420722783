// Promise 1 of doc/consistency.md: for any history of changes a warm run gives
// what a cold run gives, and both what a naive walk gives, on one thread and on
// many.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/edit_script.h"
#include "tests/support/finder_fixture.h"
#include "tests/support/history.h"
#include "tests/support/naive_walk.h"

namespace finder {
namespace {

const std::vector<Query>& Queries() {
  static const std::vector<Query> queries = [] {
    Query typed;
    typed.types = {.files = true, .directories = true, .symlinks = true};
    return std::vector<Query>{Query(), typed};
  }();
  return queries;
}

class EquivalenceHistory : public History {
 public:
  using History::History;

  std::string CheckStart() override { return CheckAll(); }
  std::string Check(const EditStep&) override { return CheckAll(); }

 private:
  std::string CheckAll() {
    const Answer naive = Naive();
    Options without_cache = OptionsOf(2);
    without_cache.cache = CacheUse::kNone;
    std::string text = Compare(naive, without_cache, "cold");
    if (text.empty()) text = Compare(naive, OptionsOf(1), "warm");
    if (text.empty()) {
      text = Compare(naive, OptionsOf(4), "warm on four threads");
    }
    return text.empty() ? LeftOpen() : text;
  }

  struct Answer {
    bool ok = false;
    std::vector<std::string> lines;
    std::vector<Diagnostic> diagnostics;
  };

  void RunMeanwhile(const EditStep& step) override {
    machine_.Run(OptionsOf(step.b / 12 % 2 == 0 ? 1 : 4), Queries());
  }

  Answer Naive() {
    Answer answer;
    for (size_t i = 0; i < Queries().size(); ++i) {
      NaiveAnswer naive = NaiveWalk(machine_.files, machine_.working_directory,
                                    view(), Queries()[i].types);
      answer.ok = naive.ok;
      for (const std::string& line : naive.lines) {
        answer.lines.push_back(std::to_string(i) + " " + line);
      }
      answer.diagnostics = std::move(naive.diagnostics);
    }
    return answer;
  }

  std::string Compare(const Answer& naive, const Options& options,
                      const std::string& what) {
    const RunResult run = machine_.Run(options, Queries());
    std::string text;
    if (run.status.ok() != naive.ok) {
      text = "status " + run.status.ToString();
    } else if (run.lines != naive.lines) {
      text = "finder alone says:\n" + Missing(naive.lines, run.lines) +
             "walk alone says:\n" + Missing(run.lines, naive.lines);
    } else if (run.diagnostics != naive.diagnostics) {
      text = "finder reports:\n" + Join(run.diagnostics) + "walk reports:\n" +
             Join(naive.diagnostics);
    } else if (!run.saved.ok()) {
      text = run.saved.ToString();
    }
    if (text.empty()) return "";
    std::string roots;
    for (const std::string& root : options.view.roots) roots += " " + root;
    return what + " (" + run.metrics.cache_reason + ") run over" + roots +
           " in view " + std::to_string(view_index()) + ": " + text;
  }

  // The lines of `all` that are not in `some`.
  static std::string Missing(const std::vector<std::string>& some,
                             const std::vector<std::string>& all) {
    std::vector<std::string> missing;
    for (const std::string& line : all) {
      if (std::find(some.begin(), some.end(), line) == some.end()) {
        missing.push_back("  " + Printable(line));
      }
    }
    return JoinLines(missing);
  }

  static std::string Join(const std::vector<Diagnostic>& diagnostics) {
    std::string text;
    for (const Diagnostic& one : diagnostics) {
      text += one.path + ": " + one.reason + "\n";
    }
    return text;
  }
};

void TryHistories(const HistoryPlan& plan) {
  TryHistories(plan, [](const HistoryPlan& one) {
    return std::make_unique<EquivalenceHistory>(one);
  });
}

// Roots within one another. Not for --follow: which of two roots decides what a
// symlink is, is left open.
View Overlapping() { return FinderFixture::ViewOf({"/r", "a", "a/b"}); }

// Views that share their databases, each seeing another part of the tree.
std::vector<View> ManyViews() {
  std::vector<View> views = {Everything(), Pruning()};
  views.push_back(FinderFixture::ViewOf({"a"}));
  views.push_back(FinderFixture::ViewOf({"b", "/r/a/b"}));
  views.push_back(FinderFixture::ViewOf({"/r/a/link", "."}));
  View globs = Everything();
  globs.exclude_dirs = {"a*", "*d"};
  views.push_back(globs);
  View paths = Everything();
  paths.exclude_dirs = {"a/b", "./out", "*/out", "a/link", "d/*"};
  views.push_back(paths);
  View below = FinderFixture::ViewOf({"a"});
  below.exclude_dirs = {"b/c", "./a"};
  views.push_back(below);
  View narrow = Pruning();
  narrow.keep.suffixes = {".c"};
  views.push_back(narrow);
  View narrower = Everything();
  narrower.keep.names = {"a.c"};
  views.push_back(narrower);
  View wide = Everything();
  wide.keep.suffixes = {".c", ".h"};
  views.push_back(wide);
  return views;
}

std::vector<View> With(std::vector<View> views, LinkPolicy links,
                       Boundary boundary) {
  for (View& view : views) {
    view.links = links;
    view.boundary = boundary;
  }
  return views;
}

std::vector<View> BoundedAndUnbounded() {
  std::vector<View> views = ManyViews();
  views.push_back(Overlapping());
  const std::vector<View> bounded =
      With(views, LinkPolicy::kNoFollow, Boundary::kOneFileSystem);
  views.insert(views.end(), bounded.begin(), bounded.end());
  return views;
}

TEST(Equivalence, OfOrdinaryEdits) {
  TryHistories({.edits = OrdinaryAnd({}), .views = {Pruning()}});
}

TEST(Equivalence, OfEditsWithinATickOfASecond) {
  TryHistories({.edits = OrdinaryAnd({}),
                .views = {Everything()},
                .stamps = {.granularity_ns = kSecondNs}});
}

TEST(Equivalence, OfEditsWithinATickOfTwoSeconds) {
  TryHistories({.edits = OrdinaryAnd({}),
                .views = {Everything()},
                .stamps = {.granularity_ns = 2 * kSecondNs}});
}

TEST(Equivalence, OfAServersClockAhead) {
  TryHistories({.edits = ServerEdits(),
                .views = {Everything()},
                .stamps = {.granularity_ns = kSecondNs,
                           .clock_offset_ns = 3600 * kSecondNs},
                .trust = StampTrust::kServer});
}

TEST(Equivalence, OfAServersClockBehind) {
  TryHistories({.edits = ServerEdits(),
                .views = {Everything()},
                .stamps = {.granularity_ns = 2 * kSecondNs,
                           .clock_offset_ns = -3600 * kSecondNs},
                .trust = StampTrust::kServer});
}

TEST(Equivalence, WhereStampsProveNothing) {
  TryHistories({.edits = OrdinaryAnd({Edit::kMount, Edit::kUnmount,
                                      Edit::kSwitchView, Edit::kReboot}),
                .views = ManyViews(),
                .stamps = kFrozenStamps,
                .trust = StampTrust::kNever});
}

TEST(Equivalence, WhereStampsProveNothingDuringARun) {
  TryHistories({.edits = ServerEdits(),
                .views = {Pruning()},
                .stamps = kFrozenStamps,
                .trust = StampTrust::kNever,
                .during_runs = true});
}

TEST(Equivalence, OfImagesThatTakeOneAnothersPlace) {
  TryHistories({.edits = OrdinaryAnd(
                    {Edit::kSwitchView, Edit::kReboot, Edit::kRenumberDevice}),
                .views = ManyViews(),
                .stamps = kFrozenStamps,
                .trust = StampTrust::kMount,
                .remounts = true});
}

TEST(Equivalence, OfAClockSetBack) {
  TryHistories({.edits = OrdinaryAnd({Edit::kSetClockBack, Edit::kSetClockBack,
                                      Edit::kSwitchView, Edit::kReboot}),
                .views = {Everything(), Pruning()},
                .stamps = {.granularity_ns = 2 * kSecondNs}});
}

TEST(Equivalence, OfViewsThatShareADatabase) {
  std::vector<View> views = ManyViews();
  views.push_back(Overlapping());
  TryHistories({.edits = OrdinaryAnd({Edit::kSwitchView, Edit::kSwitchView,
                                      Edit::kSwitchView, Edit::kSwitchView}),
                .views = views});
}

TEST(Equivalence, OfFollowedSymlinks) {
  TryHistories(
      {.edits = OrdinaryAnd({Edit::kSymlink, Edit::kSymlink}),
       .views = With({Pruning()}, LinkPolicy::kFollow, Boundary::kCross)});
}

TEST(Equivalence, OfFollowedSymlinksInManyViews) {
  TryHistories(
      {.edits = OrdinaryAnd({Edit::kSymlink, Edit::kSymlink, Edit::kSwitchView,
                             Edit::kSwitchView}),
       .views = With(ManyViews(), LinkPolicy::kFollow, Boundary::kCross)});
}

TEST(Equivalence, OfEditsDuringARun) {
  TryHistories({.edits = OrdinaryAnd({Edit::kSetClockBack}),
                .views = {Pruning()},
                .stamps = {.granularity_ns = 2 * kSecondNs},
                .during_runs = true,
                .seeds = 100});
}

TEST(Equivalence, OfEditsOnAServerDuringARun) {
  TryHistories({.edits = ServerEdits(),
                .views = {Everything()},
                .stamps = {.granularity_ns = 2 * kSecondNs,
                           .clock_offset_ns = -3600 * kSecondNs},
                .trust = StampTrust::kServer,
                .during_runs = true});
}

TEST(Equivalence, OfEditsDuringARunOfManyViews) {
  TryHistories({.edits = OrdinaryAnd({Edit::kMount, Edit::kUnmount,
                                      Edit::kSwitchView, Edit::kSwitchView}),
                .views = BoundedAndUnbounded(),
                .during_runs = true});
}

TEST(Equivalence, OfEditsDuringARunThatFollowsSymlinks) {
  TryHistories(
      {.edits =
           OrdinaryAnd({Edit::kSymlink, Edit::kSymlink, Edit::kSwitchView}),
       .views = With(ManyViews(), LinkPolicy::kFollow, Boundary::kCross),
       .during_runs = true});
}

TEST(Equivalence, OfMounts) {
  const std::vector<View> views = BoundedAndUnbounded();
  TryHistories(
      {.edits = OrdinaryAnd({Edit::kMount, Edit::kMount, Edit::kUnmount,
                             Edit::kRenumberDevice, Edit::kReboot,
                             Edit::kSwitchView, Edit::kSwitchView}),
       .views = views});
}

TEST(Equivalence, OfTreesOfSeveralBlocks) {
  const std::vector<View> views = BoundedAndUnbounded();
  TryHistories(
      {.edits = OrdinaryAnd({Edit::kMount, Edit::kUnmount, Edit::kSetClockBack,
                             Edit::kSwitchView, Edit::kSwitchView}),
       .views = views,
       .fat_directories = 3,
       .steps = 25,
       .seeds = 10});
}

TEST(Equivalence, OfFollowedSymlinksOverSeveralBlocks) {
  TryHistories({.edits = OrdinaryAnd({Edit::kMount, Edit::kUnmount,
                                      Edit::kSymlink, Edit::kSwitchView}),
                .views = With(ManyViews(), LinkPolicy::kFollow,
                              Boundary::kOneFileSystem),
                .fat_directories = 2,
                .steps = 25,
                .seeds = 10});
}

}  // namespace
}  // namespace finder
