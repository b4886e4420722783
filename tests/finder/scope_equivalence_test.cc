// Runs that look only at what their query needs, in between runs that look at
// everything, on one database: for any history of changes each gives what a
// walk of everything gives.
//
// A failure prints its seed and a shrunken script. FINDER_TEST_SEED replays
// that seed alone, FINDER_TEST_SEEDS sets how many each test tries.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "finder/fields/query_text.h"
#include "tests/support/edit_script.h"
#include "tests/support/finder_fixture.h"

namespace finder {
namespace {

// The sanitizers slow threads and memory down so much.
#if defined(__SANITIZE_THREAD__)
constexpr int kSlowdown = 10;
#elif defined(__SANITIZE_ADDRESS__)
constexpr int kSlowdown = 4;
#else
constexpr int kSlowdown = 1;
#endif

struct Plan {
  std::vector<Edit> edits;
  std::vector<View> views;
  FakeStampRule stamps = {};
  StampTrust trust = StampTrust::kLocal;
  // Every edit is a new image, mounted in the place of the last.
  bool remounts = false;
  bool during_runs = false;
  bool keeps_going = false;  // without the roots that are missing
  // Directories whose listings alone fill a block, so that the others are
  // spread over several.
  bool fat = false;
  size_t steps = 40;
  int seeds = 100;
};

std::vector<Query> Queries() {
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

class History {
 public:
  explicit History(const Plan& plan) : plan_(plan), player_(&machine_) {
    machine_.tree.MakeDirectories("/r");
    machine_.tree.SetStampRule("/r", plan.stamps);
    machine_.tree.SetTrust("/r", plan.trust);
    machine_.working_directory = "/r";
    machine_.files.SetWorkingDirectory("/r");
    machine_.tree.AddTree(
        "f a/a.c\nf a/a/x.h\nf a/b/c/d/a.c\nf b/a.c\nf b/out/x.h\nf c/a-b/x\n"
        "l a/link -> ../b\nl c/file -> ../a/a.c\nl d/loop -> ..\nf out/a/b.c\n"
        "l d/chain -> ../a/link\n",
        "/r");
    for (const char* const directory : {"/r/a/a", "/r/a/b", "/r/b/out"}) {
      for (int i = 0; plan.fat && i < 540; ++i) {
        std::string name = std::to_string(i);
        name.resize(250, 'f');
        machine_.tree.WriteFile(directory + ("/" + name));
      }
    }
    machine_.Age();
  }

  // Each step of the script asks other queries.
  std::string Check(const EditStep& step) {
    static const std::vector<Query> queries = Queries();
    const Query& query = queries[(step.a ^ step.b >> 5) % queries.size()];
    Options without_cache = OptionsOf(1, false);
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
            machine_.RunScoped(OptionsOf(threads, needs_database), query),
            threads, needs_database ? "stored" : "scoped");
      }
    }
    if (machine_.files.open_files() != 0) text += "descriptors are left open";
    return text;
  }

  std::string Apply(const EditStep& step) {
    if (plan_.remounts) {
      Volume volume = machine_.tree.GetVolume("/r");
      volume.mount += '+';
      machine_.tree.SetVolume("/r", volume);
    }
    return plan_.during_runs ? ApplyDuringARun(step) : player_.Apply(step);
  }

 private:
  const View& view() const {
    return plan_.views[player_.view() % plan_.views.size()];
  }

  Options OptionsOf(unsigned threads, bool needs_database) const {
    Options options = FinderFixture::OptionsOf(view());
    options.database = "/db/" + std::to_string(threads) + "_threads.db";
    options.threads = threads;
    options.store_unchanged = needs_database;
    options.entry_roots = EntryRoots::kAnswers;
    if (plan_.keeps_going) options.missing_roots = MissingRoots::kLeftOut;
    return options;
  }

  // The answer of that run is anybody's guess; that of the next one is not.
  std::string ApplyDuringARun(const EditStep& step) {
    static const std::vector<Query> queries = Queries();
    const uint32_t when = step.c / 12 % 50;
    const Query& query = queries[(step.b >> 3) % queries.size()];
    const Options options = OptionsOf(step.b / 12 % 2 == 0 ? 1 : 4, true);
    std::atomic<uint32_t> calls = 0;
    std::string text;
    machine_.files.calls().OnCall([&](Operation, std::string_view) {
      if (calls.fetch_add(1) == when) text = player_.Apply(step);
    });
    machine_.RunScoped(options, query);
    machine_.files.calls().OnCall(nullptr);
    if (calls <= when) text = player_.Apply(step);
    return text.empty() ? "" : text + ", at call " + std::to_string(when);
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

  const Plan& plan_;
  FinderFixture machine_;
  ScriptPlayer player_;
};

// What went wrong, with what was done up to then; empty if nothing did.
std::string Play(const Plan& plan, const EditScript& script) {
  History history(plan);
  std::string done;
  std::string wrong;
  for (size_t i = 0; i < script.size() && wrong.empty(); ++i) {
    done += "  " + Printable(history.Apply(script[i])) + "\n";
    wrong = history.Check(script[i]);
  }
  return wrong.empty() ? "" : "after\n" + done + wrong;
}

int FromEnvironment(const char* name, int otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::atoi(text);
}

void TryHistories(const Plan& plan) {
  const int only = FromEnvironment("FINDER_TEST_SEED", 0);
  const int first = only == 0 ? 1 : only;
  const int seeds = only == 0
                        ? FromEnvironment("FINDER_TEST_SEEDS",
                                          std::max(plan.seeds / kSlowdown, 1))
                        : 1;
  for (int seed = first; seed < first + seeds; ++seed) {
    const EditScript script =
        RandomScript(static_cast<uint64_t>(seed), plan.steps, plan.edits);
    if (Play(plan, script).empty()) continue;
    const EditScript shrunken =
        Shrink(script, [&plan](const EditScript& shorter) {
          return !Play(plan, shorter).empty();
        });
    FAIL() << "seed " << seed << ": " << Play(plan, shrunken);
  }
}

std::vector<Edit> OrdinaryAnd(std::vector<Edit> more) {
  const std::vector<Edit> ordinary = {
      Edit::kAddFile,         Edit::kAddDirectory, Edit::kAddDirectory,
      Edit::kRemove,          Edit::kMove,         Edit::kSwapDirectories,
      Edit::kReplace,         Edit::kChmod,        Edit::kChmod,
      Edit::kTogglePruneFile, Edit::kSymlink,      Edit::kSymlink,
      Edit::kHardLink,        Edit::kAdvanceClock, Edit::kAdvanceClock,
      Edit::kTouch,
  };
  more.insert(more.end(), ordinary.begin(), ordinary.end());
  return more;
}

View Everything() { return FinderFixture::ViewOf({"."}); }

std::vector<View> ManyViews(LinkPolicy links, Boundary boundary) {
  std::vector<View> views = {Everything()};
  View pruning = Everything();
  pruning.exclude_dirs = {"out"};
  pruning.prune_files = {".prune"};
  views.push_back(pruning);
  views.push_back(FinderFixture::ViewOf({"a", "/r/b"}));
  views.push_back(FinderFixture::ViewOf({"b", "a/b"}));
  View narrow = pruning;
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

// All stamps are the same for ever.
constexpr FakeStampRule kFrozen = {.granularity_ns = int64_t{1} << 62};

TEST(ScopeEquivalence, WhereStampsProveNothing) {
  TryHistories({.edits = OrdinaryAnd({Edit::kMount, Edit::kUnmount,
                                      Edit::kSwitchView, Edit::kReboot}),
                .views = ManyViews(LinkPolicy::kNoFollow, Boundary::kCross),
                .stamps = kFrozen,
                .trust = StampTrust::kNever});
}

TEST(ScopeEquivalence, OfImagesThatTakeOneAnothersPlace) {
  TryHistories({.edits = OrdinaryAnd(
                    {Edit::kSwitchView, Edit::kReboot, Edit::kRenumberDevice}),
                .views = ManyViews(LinkPolicy::kNoFollow, Boundary::kCross),
                .stamps = kFrozen,
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
       .fat = true,
       .steps = 25,
       .seeds = 12});
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
