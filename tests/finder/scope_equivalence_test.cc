// Runs that look only at what their query needs, in between runs that look at
// everything, on one database: for any history of changes each gives what a
// walk of everything gives.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "finder/fields/query_text.h"
#include "tests/support/edit_script.h"
#include "tests/support/finder_fixture.h"
#include "tests/support/history.h"

namespace finder {
namespace {

std::vector<Query> MakeQueries() {
  std::vector<Query> queries;
  const auto add = [&](auto set) {
    Query query;
    set(query);
    queries.push_back(query);
    query.types = {.files = true, .directories = true, .symlinks = true};
    queries.push_back(query);
  };
  for (const uint32_t depth : {0, 1, 2, 3}) {
    add([&](Query& q) { q.max_depth = depth; });
  }
  for (const char* const at : {"a", "b/out", "a/b/c", "/r/a/a", "c/new"}) {
    add([&](Query& q) { q.at = {at}; });
  }
  add([](Query& q) {
    q.at = {"a", "b"};
    q.max_depth = 2;
  });
  add([](Query& q) { q.globs = {"a/**/*.c", "b/*"}; });
  for (const uint64_t most : {1, 3, 6, 1000}) {
    add([&](Query& q) { q.max_results = most; });
    add([&](Query& q) {
      q.max_results = most;
      q.names = {"x.h", "a"};
    });
  }
  add([](Query& q) {
    q.max_results = 2;
    q.first = FirstRule::kFirstOnly;
    q.suffixes = {".c"};
  });
  add([](Query& q) {
    q.max_results = 1;
    q.names = {"no such name"};
    q.max_depth = 3;
  });
  add([](Query&) {});
  return queries;
}

const std::vector<Query>& Queries() {
  static const auto& queries = *new std::vector<Query>(MakeQueries());
  return queries;
}

class ScopeHistory : public History {
 public:
  using History::History;

  // Each step of the script asks other queries.
  std::string Check(const EditStep& step) override {
    const Query& query = Queries()[(step.a ^ step.b >> 5) % Queries().size()];
    Options without_cache = ScopedOptions(1, false);
    without_cache.cache = CacheUse::kNone;
    const RunResult all = machine_.Run(without_cache, query);
    std::string text;
    for (const unsigned threads : {1u, 4u}) {
      without_cache.threads = threads;
      const RunResult cold = machine_.RunScoped(without_cache, query);
      text += Compare(query, all, cold, cold, threads, "cold");
      // With the database only, and with what spares reading it.
      for (const bool needs_database : {step.c % 3 == 0, false}) {
        text += Compare(
            query, all, cold,
            machine_.RunScoped(ScopedOptions(threads, needs_database), query),
            threads, needs_database ? "stored" : "scoped");
      }
    }
    return text + LeftOpen();
  }

 private:
  Options ScopedOptions(unsigned threads, bool needs_database) const {
    Options options = OptionsOf(threads);
    options.store_unchanged = needs_database;
    options.entry_roots = EntryRoots::kAnswers;
    if (plan().keeps_going) options.missing_roots = MissingRoots::kLeftOut;
    return options;
  }

  void RunMeanwhile(const EditStep& step) override {
    machine_.RunScoped(ScopedOptions(step.b / 12 % 2 == 0 ? 1 : 4, true),
                       Queries()[(step.b >> 3) % Queries().size()]);
  }

  // What is unreadable is told of what was looked at, so that only walks of the
  // same part agree on it.
  static std::string Compare(const Query& query, const RunResult& all,
                             const RunResult& cold, const RunResult& run,
                             unsigned threads, const std::string& what) {
    std::string text;
    if (run.status.ok() != all.status.ok()) {
      text = "status " + run.status.ToString();
    } else if (run.lines != all.lines) {
      text = "scoped:\n" + Printable(JoinLines(run.lines)) + "\nall:\n" +
             Printable(JoinLines(all.lines));
    } else if (!query.max_results && run.diagnostics != cold.diagnostics) {
      text = "other reports than of a cold run";
    } else if (!run.saved.ok()) {
      text = run.saved.ToString();
    }
    if (text.empty()) return "";
    return what + " run (" + run.metrics.cache_reason + ") on " +
           std::to_string(threads) + " threads of\n" + CanonicalText(query) +
           text + "\n";
  }
};

void TryHistories(HistoryPlan plan) {
  plan.seeds = plan.seeds * 5 / 2;
  TryHistories(plan, [](const HistoryPlan& one) {
    return std::make_unique<ScopeHistory>(one);
  });
}

std::vector<View> ManyViews(LinkPolicy links, Boundary boundary) {
  std::vector<View> views = {Everything()};
  views.push_back(Pruning());
  views.push_back(FinderFixture::ViewOf({"a", "/r/b"}));
  views.push_back(FinderFixture::ViewOf({"b", "a/b"}));
  View narrow = Pruning();
  narrow.keep.suffixes = {".c"};
  views.push_back(narrow);
  View paths = Everything();
  paths.exclude_dirs = {"a/b", "./out", "*/out", "a/link", "d/*"};
  views.push_back(paths);
  View below = FinderFixture::ViewOf({"a"});
  below.exclude_dirs = {"b/c", "./a"};
  views.push_back(below);
  for (View& view : views) {
    view.links = links;
    view.boundary = boundary;
  }
  return views;
}

TEST(ScopeEquivalence, OfOrdinaryEdits) {
  TryHistories({.edits = OrdinaryAnd({}), .views = {Everything()}});
}

TEST(ScopeEquivalence, OfManyViews) {
  TryHistories({.edits = OrdinaryAnd({Edit::kSwitchView, Edit::kSwitchView}),
                .views = ManyViews(LinkPolicy::kNoFollow, Boundary::kCross)});
}

TEST(ScopeEquivalence, OfOverlappingRoots) {
  TryHistories({.edits = OrdinaryAnd({}),
                .views = {FinderFixture::ViewOf({"/r", "a", "a/b"})}});
}

TEST(ScopeEquivalence, OfAClockSetBackAndCoarseStamps) {
  TryHistories({.edits = OrdinaryAnd({Edit::kSetClockBack, Edit::kSetClockBack,
                                      Edit::kSwitchView, Edit::kReboot}),
                .views = ManyViews(LinkPolicy::kNoFollow, Boundary::kCross),
                .stamps = {.granularity_ns = 2 * kSecondNs}});
}

TEST(ScopeEquivalence, OfAServersClock) {
  std::vector<Edit> edits = OrdinaryAnd({Edit::kAdvanceClock});
  edits.erase(std::find(edits.begin(), edits.end(), Edit::kTouch));
  TryHistories({.edits = edits,
                .views = {Everything()},
                .stamps = {.granularity_ns = 2 * kSecondNs,
                           .clock_offset_ns = -3600 * kSecondNs},
                .trust = StampTrust::kServer});
}

TEST(ScopeEquivalence, OfMounts) {
  const std::vector<Edit> edits =
      OrdinaryAnd({Edit::kMount, Edit::kMount, Edit::kUnmount,
                   Edit::kRenumberDevice, Edit::kReboot, Edit::kSwitchView});
  for (const Boundary boundary : {Boundary::kCross, Boundary::kOneFileSystem}) {
    TryHistories(
        {.edits = edits, .views = ManyViews(LinkPolicy::kNoFollow, boundary)});
  }
}

TEST(ScopeEquivalence, WhereStampsProveNothing) {
  TryHistories({.edits = OrdinaryAnd({Edit::kMount, Edit::kUnmount,
                                      Edit::kSwitchView, Edit::kReboot}),
                .views = ManyViews(LinkPolicy::kNoFollow, Boundary::kCross),
                .stamps = kFrozenStamps,
                .trust = StampTrust::kNever});
}

TEST(ScopeEquivalence, OfImagesThatTakeOneAnothersPlace) {
  TryHistories({.edits = OrdinaryAnd(
                    {Edit::kSwitchView, Edit::kReboot, Edit::kRenumberDevice}),
                .views = ManyViews(LinkPolicy::kNoFollow, Boundary::kCross),
                .stamps = kFrozenStamps,
                .trust = StampTrust::kMount,
                .remounts = true});
}

// Of which some become directories and some are gone in the end.
std::vector<View> FilesAsRoots() {
  std::vector<View> views = {
      FinderFixture::ViewOf({"a/a.c", "b", "c/file", "d/chain"}),
      FinderFixture::ViewOf({"/r/b/a.c", "a", "a/a/x.h"}),
      FinderFixture::ViewOf({"a/a.c", "a/a/x.h"}),
      FinderFixture::ViewOf({".", "none"})};
  View paths = FinderFixture::ViewOf({"a/a", "out/a/b.c", "c", "b/out/x.h"});
  paths.exclude_dirs = {"x.h", "./a-b", "*/b"};
  views.push_back(paths);
  return views;
}

TEST(ScopeEquivalence, OfFilesAsRoots) {
  const std::vector<Edit> edits =
      OrdinaryAnd({Edit::kReplace, Edit::kReplace, Edit::kSwitchView,
                   Edit::kSwitchView, Edit::kAddFile});
  for (const bool keeps_going : {true, false}) {
    TryHistories(
        {.edits = edits, .views = FilesAsRoots(), .keeps_going = keeps_going});
  }
}

TEST(ScopeEquivalence, OfFollowedSymlinks) {
  TryHistories({.edits = OrdinaryAnd(
                    {Edit::kSymlink, Edit::kSymlink, Edit::kSwitchView}),
                .views = ManyViews(LinkPolicy::kFollow, Boundary::kCross)});
}

TEST(ScopeEquivalence, OfTreesOfSeveralBlocks) {
  TryHistories(
      {.edits = OrdinaryAnd({Edit::kMount, Edit::kUnmount, Edit::kSetClockBack,
                             Edit::kSwitchView}),
       .views = ManyViews(LinkPolicy::kNoFollow, Boundary::kOneFileSystem),
       .fat_directories = 3,
       .steps = 25,
       .seeds = 5});
}

TEST(ScopeEquivalence, OfEditsDuringARun) {
  TryHistories({.edits = OrdinaryAnd({Edit::kSwitchView, Edit::kSetClockBack}),
                .views = ManyViews(LinkPolicy::kNoFollow, Boundary::kCross),
                .stamps = {.granularity_ns = 2 * kSecondNs},
                .during_runs = true});
}

TEST(ScopeEquivalence, OfEditsDuringARunThatFollowsSymlinks) {
  TryHistories({.edits = OrdinaryAnd({Edit::kSymlink, Edit::kSwitchView}),
                .views = ManyViews(LinkPolicy::kFollow, Boundary::kCross),
                .during_runs = true});
}

}  // namespace
}  // namespace finder
