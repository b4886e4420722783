// A Finder that stands: it is kept through a whole random history, brought up
// to date after each step, by a scan or by an update that names just the
// directories that changed, as watches tell, and must then say what a naive
// walk says. So must a
// fresh one that starts from the database it saves.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "finder/tree/tree_walk.h"
#include "tests/support/edit_script.h"
#include "tests/support/finder_fixture.h"
#include "tests/support/history.h"
#include "tests/support/naive_walk.h"

namespace finder {
namespace {

// How a Finder is brought up to date.
enum class Way : uint8_t { kScan, kUpdate, kMixed };

// All entries, and those of these types: the former tell what symlinks lead to.
Query QueryOf(bool typed) {
  Query query;
  if (typed) {
    query.types = {.files = true, .directories = true, .symlinks = true};
  }
  return query;
}

// A directory of the disk, whatever leads there: its device and inode.
using Identity = std::pair<uint64_t, uint64_t>;

// What events would tell of: for each directory, the names in it with what they
// stand for, and who may go there. Times are not in it, for the clock stands
// still between most steps.
class Watched {
 public:
  explicit Watched(const FakeTree& tree) { Look(tree, "/r"); }

  // Directories that hold something else than before, or that are mounted, or
  // hidden by what is mounted.
  std::set<Identity> ChangedSince(const Watched& before) const {
    std::set<Identity> changed;
    for (const auto& [path, now] : states_) {
      const auto then = before.states_.find(path);
      if (then == before.states_.end() || then->second == now) continue;
      changed.insert(then->second.first);
      changed.insert(now.first);
    }
    return changed;
  }

 private:
  void Look(const FakeTree& tree, const std::string& path) {
    const FileStat self = tree.Stat(path);
    std::string text = absl::StrCat(self.permissions);
    std::vector<std::string> below;
    for (const std::string& name : tree.Names(path)) {
      const std::string child = path + "/" + name;
      const FileStat stat = tree.Stat(child);
      absl::StrAppend(&text, "\n", name, " ", static_cast<int>(stat.kind));
      if (stat.kind != EntryKind::kDirectory) continue;
      absl::StrAppend(&text, " ", stat.inode, " ", stat.device);
      below.push_back(child);
    }
    states_[path] = {{self.device, self.inode}, std::move(text)};
    for (const std::string& child : below) Look(tree, child);
  }

  std::map<std::string, std::pair<Identity, std::string>> states_;
};

// Keeps for each directory of a Finder what was there when it was looked at, as
// a daemon keeps watches.
class Watches : public TreeObserver {
 public:
  explicit Watches(FileSystem& files) : files_(files) {}

  void BeforeStamp(const Directory& d, const DirectoryHandle& base,
                   std::string_view path) override {
    const Result<FileStat> stat =
        files_.Stat(base, path, SymlinkPolicy::kNoFollow);
    absl::MutexLock lock(&mutex_);
    watches_.erase(&d);
    if (stat.ok()) watches_[&d] = {stat->device, stat->inode};
  }
  void Dropped(const Directory& d) override {
    absl::MutexLock lock(&mutex_);
    watches_.erase(&d);
  }
  void Moved(const Directory& from, const Directory& to) override {
    absl::MutexLock lock(&mutex_);
    auto watch = watches_.extract(&from);
    if (watch.empty()) return;
    watch.key() = &to;
    watches_.insert(std::move(watch));
  }

  std::vector<const Directory*> Find(const std::set<Identity>& changed) const {
    absl::MutexLock lock(&mutex_);
    std::vector<const Directory*> found;
    for (const auto& [d, identity] : watches_) {
      if (changed.contains(identity)) found.push_back(d);
    }
    return found;
  }
  std::set<const Directory*> All() const {
    absl::MutexLock lock(&mutex_);
    std::set<const Directory*> all;
    for (const auto& [d, identity] : watches_) all.insert(d);
    return all;
  }

 private:
  FileSystem& files_;
  mutable absl::Mutex mutex_;
  std::map<const Directory*, Identity> watches_ ABSL_GUARDED_BY(mutex_);
};

std::string Join(const std::vector<Diagnostic>& diagnostics) {
  std::string text;
  for (const Diagnostic& one : diagnostics) {
    text += one.path + ": " + one.reason + "\n";
  }
  return text;
}

// The lines of `all` that are not in `some`.
std::string Missing(const std::vector<std::string>& some,
                    const std::vector<std::string>& all) {
  std::string missing;
  for (const std::string& line : all) {
    if (std::find(some.begin(), some.end(), line) == some.end()) {
      missing += "  " + Printable(line) + "\n";
    }
  }
  return missing;
}

// One Finder that stands, and its oracle.
class Standing {
 public:
  Standing(FinderFixture& machine, const View& view, int index)
      : machine_(machine), options_(FinderFixture::OptionsOf(view)) {
    options_.database = absl::StrCat("/db/", index, ".db");
    options_.threads = index % 2 == 0 ? 1 : 4;
    finder_ = std::make_unique<Finder>(machine.environment(), options_);
    finder_->SetObserver(&watches_);
  }

  // One pass. `changed`: what to name.
  void Pass(Way way, const std::set<Identity>& changed) {
    status_ = way == Way::kScan
                  ? finder_->Scan()
                  : finder_->Update(
                        {.changed = watches_.Find(changed), .doubtful = {}});
  }

  // Empty if all is well.
  std::string Check(bool save) {
    std::string text;
    for (const bool typed : {false, true}) {
      const NaiveAnswer naive =
          NaiveWalk(machine_.files, machine_.working_directory, options_.view,
                    QueryOf(typed).types);
      if (status_.ok() != naive.ok) return "status " + status_.ToString();
      if (!naive.ok) return "";
      if (text.empty()) text = Compare(naive, *finder_, typed);
      if (text.empty() && save) text = CheckSaved(naive, typed);
    }
    if (text.empty()) text = CheckWatches();
    if (text.empty()) return "";
    return absl::StrCat(Roots(), " on ", *options_.threads, ": ", text);
  }

 private:
  std::vector<std::string> Answers(Finder& finder, bool typed) const {
    const CompiledQuery query =
        *CompiledQuery::Compile(QueryOf(typed), options_.view);
    return AnswersOf(finder, query);
  }

  std::string Compare(const NaiveAnswer& naive, Finder& finder,
                      bool typed) const {
    const std::vector<std::string> lines = Answers(finder, typed);
    const std::vector<Diagnostic> diagnostics = finder.diagnostics().Sorted();
    if (lines != naive.lines) {
      return "finder alone says:\n" + Missing(naive.lines, lines) +
             "walk alone says:\n" + Missing(lines, naive.lines);
    }
    if (diagnostics != naive.diagnostics) {
      return "finder reports:\n" + Join(diagnostics) + "walk reports:\n" +
             Join(naive.diagnostics);
    }
    return "";
  }

  // There is a watch for each directory that is shown, and for no others.
  std::string CheckWatches() const {
    std::string text;
    std::set<const Directory*> unseen = watches_.All();
    for (const Root& root : finder_->tree().roots) {
      VisitTree(static_cast<const Directory&>(*root.directory),
                [&](const Directory& d) {
                  if (!d.verified) return Descent::kOver;
                  if (unseen.erase(&d) == 0 && d.open()) {
                    text = "not watched: " + RelativePath(d);
                  }
                  return d.open() ? Descent::kInside : Descent::kOver;
                });
    }
    if (text.empty() && !unseen.empty()) return "watches are left";
    return text;
  }

  std::string CheckSaved(const NaiveAnswer& naive, bool typed) {
    if (const absl::Status saved = finder_->Save(); !saved.ok()) {
      return saved.ToString();
    }
    if (finder_->NeedsSaving()) return "is to be saved again";
    Options options = options_;
    options.threads = 1;
    Finder fresh(machine_.environment(), options);
    if (const absl::Status s = fresh.Scan(); !s.ok()) return s.ToString();
    const std::string text = Compare(naive, fresh, typed);
    return text.empty() ? "" : "from the database saved: " + text;
  }

  std::string Roots() const {
    std::string roots;
    for (const std::string& root : options_.view.roots) roots += " " + root;
    return "view of" + roots;
  }

  FinderFixture& machine_;
  Options options_;
  Watches watches_{machine_.files};
  std::unique_ptr<Finder> finder_;
  absl::Status status_;
};

// A machine with a Finder for each view of the plan.
class StandingHistory : public History {
 public:
  StandingHistory(const HistoryPlan& plan, Way way)
      : History(plan), way_(way), watched_(machine_.tree) {
    for (const View& view : plan.views) {
      standing_.push_back(std::make_unique<Standing>(
          machine_, view, static_cast<int>(standing_.size())));
    }
  }

  std::string CheckStart() override { return Check({}); }
  std::string Check(const EditStep& step) override {
    BringUpToDate(step);
    for (const auto& standing : standing_) {
      std::string text = standing->Check(/*save=*/step.c / 7 % 5 == 0);
      if (!text.empty()) return text;
    }
    return LeftOpen();
  }

 private:
  void RunMeanwhile(const EditStep& step) override { BringUpToDate(step); }

  // What changes meanwhile is named the next time.
  void BringUpToDate(const EditStep& step) {
    Watched now(machine_.tree);
    const std::set<Identity> changed = now.ChangedSince(watched_);
    watched_ = std::move(now);
    Way way = way_;
    if (way == Way::kMixed) {
      way = step.c / 7 % 3 == 0 ? Way::kScan : Way::kUpdate;
    }
    for (const auto& standing : standing_) standing->Pass(way, changed);
  }

  const Way way_;
  Watched watched_;
  std::vector<std::unique_ptr<Standing>> standing_;
};

void TryHistories(Way way, const HistoryPlan& plan) {
  TryHistories(plan, [way](const HistoryPlan& one) {
    return std::make_unique<StandingHistory>(one, way);
  });
}

constexpr size_t kSteps = 150;
constexpr int kSeeds = 15;

std::vector<View> ManyViews() {
  std::vector<View> views = {Everything(), Pruning()};
  views.push_back(FinderFixture::ViewOf({"a"}));
  views.push_back(FinderFixture::ViewOf({"/r", "a", "a/b"}));
  View paths = Everything();
  paths.exclude_dirs = {"a/b", "./out", "*/out", "a/link", "d/*"};
  views.push_back(paths);
  View bounded = Pruning();
  bounded.boundary = Boundary::kOneFileSystem;
  views.push_back(bounded);
  return views;
}

std::vector<View> Following() {
  std::vector<View> views = {Everything(), Pruning()};
  for (View& view : views) view.links = LinkPolicy::kFollow;
  return views;
}

TEST(StandingHistory, OfScans) {
  TryHistories(Way::kScan, {.edits = OrdinaryAnd({Edit::kSetClockBack}),
                            .views = ManyViews(),
                            .steps = kSteps,
                            .seeds = kSeeds});
}

TEST(StandingHistory, OfUpdates) {
  TryHistories(Way::kUpdate, {.edits = OrdinaryAnd({}),
                              .views = ManyViews(),
                              .steps = kSteps,
                              .seeds = 2 * kSeeds});
}

TEST(StandingHistory, OfUpdatesAndScansInTurn) {
  TryHistories(Way::kMixed, {.edits = OrdinaryAnd({Edit::kSetClockBack}),
                             .views = ManyViews(),
                             .steps = kSteps,
                             .seeds = kSeeds});
}

TEST(StandingHistory, OfMountsAndScans) {
  TryHistories(Way::kScan,
               {.edits = OrdinaryAnd({Edit::kMount, Edit::kMount,
                                      Edit::kUnmount, Edit::kRenumberDevice}),
                .views = ManyViews(),
                .steps = kSteps,
                .seeds = kSeeds});
}

TEST(StandingHistory, OfMountsAndUpdates) {
  TryHistories(Way::kUpdate,
               {.edits = OrdinaryAnd({Edit::kMount, Edit::kMount,
                                      Edit::kUnmount, Edit::kRenumberDevice}),
                .views = ManyViews(),
                .steps = kSteps,
                .seeds = kSeeds});
}

TEST(StandingHistory, OfFollowedSymlinks) {
  TryHistories(Way::kMixed,
               {.edits = OrdinaryAnd({Edit::kSymlink, Edit::kSymlink}),
                .views = Following(),
                .steps = kSteps,
                .seeds = kSeeds});
}

TEST(StandingHistory, WhereStampsAreCoarse) {
  TryHistories(Way::kMixed, {.edits = OrdinaryAnd({Edit::kSetClockBack}),
                             .views = ManyViews(),
                             .stamps = {.granularity_ns = 2 * kSecondNs},
                             .steps = kSteps,
                             .seeds = kSeeds});
}

TEST(StandingHistory, WhereStampsProveNothing) {
  TryHistories(Way::kMixed,
               {.edits = OrdinaryAnd({Edit::kMount, Edit::kUnmount}),
                .views = ManyViews(),
                .stamps = kFrozenStamps,
                .trust = StampTrust::kNever,
                .steps = kSteps,
                .seeds = kSeeds});
}

TEST(StandingHistory, OfEditsDuringUpdates) {
  TryHistories(Way::kUpdate,
               {.edits = OrdinaryAnd({Edit::kMount, Edit::kUnmount}),
                .views = {Pruning()},
                .during_runs = true,
                .steps = kSteps,
                .seeds = 3 * kSeeds});
}

TEST(StandingHistory, OfEditsDuringUpdatesAndScansOfManyViews) {
  TryHistories(Way::kMixed,
               {.edits = OrdinaryAnd({Edit::kMount, Edit::kUnmount}),
                .views = ManyViews(),
                .during_runs = true,
                .steps = kSteps,
                .seeds = kSeeds});
}

}  // namespace
}  // namespace finder
