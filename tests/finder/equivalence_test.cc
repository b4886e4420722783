// Promise 1 of doc/consistency.md: for any history of changes a warm run gives
// what a cold run gives, and both what a naive walk gives, on one thread and on
// many.
//
// A failure prints its seed and a shrunken script. FINDER_TEST_SEED replays
// that seed alone, FINDER_TEST_SEEDS sets how many each test tries.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/edit_script.h"
#include "tests/support/finder_fixture.h"
#include "tests/support/naive_walk.h"

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

// What one test's histories are made of.
struct Plan {
  std::vector<Edit> edits;
  std::vector<View> views;
  FakeStampRule stamps = {};
  StampTrust trust = StampTrust::kLocal;
  // Every edit is a new image, mounted in the place of the last.
  bool remounts = false;
  // Directories whose listings alone fill a block, so that the others are
  // spread over several.
  int fat_directories = 0;
  // Whether the edits happen while a run is under way.
  bool during_runs = false;
  size_t steps = 40;
  int seeds = 40;
};

const std::vector<Query>& Queries() {
  static const std::vector<Query> queries = [] {
    Query typed;
    typed.types = {.files = true, .directories = true, .symlinks = true};
    return std::vector<Query>{Query(), typed};
  }();
  return queries;
}

// One machine on which a script is played and checked.
class History {
 public:
  explicit History(const Plan& plan) : plan_(plan), player_(&machine_) {
    machine_.tree.MakeDirectories("/r");
    machine_.tree.SetStampRule("/r", plan.stamps);
    machine_.tree.SetTrust("/r", plan.trust);
    machine_.working_directory = "/r";
    machine_.files.SetWorkingDirectory("/r");
    // Every name of the edits has a directory of its own, so that views can be
    // told apart from the start.
    machine_.tree.AddTree(
        "f a/a.c\nf a/a/x.h\nf a/b/c/d/a.c\nf b/a.c\nf b/out/x.h\nf c/a-b/x\n"
        "l a/link -> ../b\nl c/file -> ../a/a.c\nl d/loop -> ..\nf out/a/b.c\n"
        "l d/chain -> ../a/link\n",
        "/r");
    int fat_left = plan.fat_directories;
    for (const char* const directory : {"/r/a", "/r/b/out", "/r/c"}) {
      if (fat_left-- > 0) Fatten(directory);
    }
    machine_.Age();
  }

  // Empty if all is well.
  std::string Check() {
    const Answer naive = Naive();
    Options without_cache = OptionsOf(2);
    without_cache.cache = CacheUse::kNone;
    std::string text = Compare(naive, without_cache, "cold");
    if (text.empty()) text = Compare(naive, OptionsOf(1), "warm");
    if (text.empty()) {
      text = Compare(naive, OptionsOf(4), "warm on four threads");
    }
    if (text.empty() && machine_.files.open_files() != 0) {
      text = "descriptors are left open";
    }
    return text;
  }

  std::string Apply(const EditStep& step) {
    if (plan_.remounts) MountAnother();
    return plan_.during_runs ? ApplyDuringARun(step) : player_.Apply(step);
  }

 private:
  void MountAnother() {
    Volume volume = machine_.tree.GetVolume("/r");
    volume.mount += '+';
    machine_.tree.SetVolume("/r", volume);
  }

  struct Answer {
    bool ok = false;
    std::vector<std::string> lines;
    std::vector<Diagnostic> diagnostics;
  };

  // The answer of that run is anybody's guess; that of the next one is not.
  std::string ApplyDuringARun(const EditStep& step) {
    const uint32_t when = step.c / 12 % 50;
    const bool alone = step.b / 12 % 2 == 0;
    Options options = OptionsOf(alone ? 1 : 4);
    std::atomic<uint32_t> calls = 0;
    std::string text;
    machine_.files.calls().OnCall([&](Operation, std::string_view) {
      if (calls.fetch_add(1) == when) text = player_.Apply(step);
    });
    machine_.Run(options, Queries());
    machine_.files.calls().OnCall(nullptr);
    if (calls <= when) text = player_.Apply(step);
    if (text.empty()) return "";
    return text + ", at call " + std::to_string(when) + " of a run on " +
           std::to_string(*options.threads);
  }

  void Fatten(const std::string& directory) {
    for (int i = 0; i < 540; ++i) {
      std::string name = std::to_string(i);
      name.resize(250, 'f');
      machine_.tree.WriteFile(directory + "/" + name);
    }
  }

  const View& view() const {
    return plan_.views[player_.view() % plan_.views.size()];
  }

  // Each number of threads has a database of its own.
  Options OptionsOf(unsigned threads) const {
    Options options = FinderFixture::OptionsOf(view());
    options.database = "/db/" + std::to_string(threads) + "_threads.db";
    options.threads = threads;
    return options;
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
           " in view " + std::to_string(player_.view() % plan_.views.size()) +
           ": " + text;
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

  const Plan& plan_;
  FinderFixture machine_;
  ScriptPlayer player_;
};

// Plays a script. What went wrong, with what was done up to then; empty if
// nothing did.
std::string Play(const Plan& plan, const EditScript& script) {
  History history(plan);
  std::string done;
  std::string wrong = history.Check();
  for (size_t i = 0; i < script.size() && wrong.empty(); ++i) {
    const std::string text = history.Apply(script[i]);
    if (text.empty()) continue;
    done += "  " + Printable(text) + "\n";
    wrong = history.Check();
  }
  return wrong.empty() ? "" : "after\n" + done + wrong;
}

std::optional<int> FromEnvironment(const char* name) {
  const char* const text = std::getenv(name);
  if (text == nullptr) return std::nullopt;
  return std::atoi(text);
}

void TryHistories(const Plan& plan) {
  const int first = FromEnvironment("FINDER_TEST_SEED").value_or(1);
  const int seeds = FromEnvironment("FINDER_TEST_SEED").has_value()
                        ? 1
                        : FromEnvironment("FINDER_TEST_SEEDS")
                              .value_or(std::max(plan.seeds / kSlowdown, 1));
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

// A change of mode does not move a stamp that lies in a server's future, so
// times are left alone where the clock is not ours.
const std::vector<Edit> kServerEdits = {
    Edit::kAddFile,         Edit::kAddDirectory, Edit::kAddDirectory,
    Edit::kRemove,          Edit::kMove,         Edit::kSwapDirectories,
    Edit::kReplace,         Edit::kChmod,        Edit::kChmod,
    Edit::kTogglePruneFile, Edit::kSymlink,      Edit::kSymlink,
    Edit::kHardLink,        Edit::kAdvanceClock, Edit::kAdvanceClock,
    Edit::kAdvanceClock,
};

// What happens to every tree, and `more`.
std::vector<Edit> OrdinaryAnd(std::vector<Edit> more) {
  more.push_back(Edit::kTouch);
  more.insert(more.end(), kServerEdits.begin(), kServerEdits.end());
  return more;
}

View Everything() { return FinderFixture::ViewOf({"."}); }

View Pruning() {
  View view = Everything();
  view.exclude_dirs = {"out"};
  view.prune_files = {".prune"};
  return view;
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
  TryHistories({.edits = kServerEdits,
                .views = {Everything()},
                .stamps = {.granularity_ns = kSecondNs,
                           .clock_offset_ns = 3600 * kSecondNs},
                .trust = StampTrust::kServer});
}

TEST(Equivalence, OfAServersClockBehind) {
  TryHistories({.edits = kServerEdits,
                .views = {Everything()},
                .stamps = {.granularity_ns = 2 * kSecondNs,
                           .clock_offset_ns = -3600 * kSecondNs},
                .trust = StampTrust::kServer});
}

// All stamps are the same for ever.
constexpr FakeStampRule kFrozen = {.granularity_ns = int64_t{1} << 62};

TEST(Equivalence, WhereStampsProveNothing) {
  TryHistories({.edits = OrdinaryAnd({Edit::kMount, Edit::kUnmount,
                                      Edit::kSwitchView, Edit::kReboot}),
                .views = ManyViews(),
                .stamps = kFrozen,
                .trust = StampTrust::kNever});
}

TEST(Equivalence, WhereStampsProveNothingDuringARun) {
  TryHistories({.edits = kServerEdits,
                .views = {Pruning()},
                .stamps = kFrozen,
                .trust = StampTrust::kNever,
                .during_runs = true});
}

TEST(Equivalence, OfImagesThatTakeOneAnothersPlace) {
  TryHistories({.edits = OrdinaryAnd(
                    {Edit::kSwitchView, Edit::kReboot, Edit::kRenumberDevice}),
                .views = ManyViews(),
                .stamps = kFrozen,
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
  TryHistories({.edits = kServerEdits,
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
