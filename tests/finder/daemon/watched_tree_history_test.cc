// Trees that hear of changes: for any history of changes they say after each
// step what a naive walk says, also when watches run out, when reports are lost
// and when the file system is one that others change too.
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "finder/daemon/watched_tree.h"
#include "fs/fake/fake_watcher.h"
#include "tests/support/edit_script.h"
#include "tests/support/finder_fixture.h"
#include "tests/support/history.h"
#include "tests/support/naive_walk.h"

namespace finder {
namespace {

// What a watcher has too little of.
struct Shortage {
  std::optional<size_t> queue = std::nullopt;    // reports
  std::optional<size_t> watches = std::nullopt;  // directories
};

// A Finder for one view, and what it hears by.
class WatchedView {
 public:
  WatchedView(FinderFixture& machine, Options options, const Shortage& shortage)
      : machine_(machine),
        options_(std::move(options)),
        watcher_(&machine.files),
        finder_(machine.environment(), options_),
        tree_(&finder_, &watcher_),
        query_(*CompiledQuery::Compile(OfAllTypes(), options_.view)) {
    if (shortage.queue) watcher_.SetMaxQueued(*shortage.queue);
    if (shortage.watches) watcher_.SetMaxWatches(*shortage.watches);
  }

  void Refresh() { status_ = tree_.Refresh(); }

  // Empty if all is well.
  std::string Check() {
    Refresh();
    const NaiveAnswer naive =
        NaiveWalk(machine_.files, machine_.working_directory, options_.view,
                  OfAllTypes().types);
    if (status_.ok() != naive.ok) return "status " + status_.ToString();
    if (!naive.ok) return "";
    const std::vector<std::string> lines = AnswersOf(finder_, query_);
    if (lines != naive.lines) {
      return "finder:\n" + Printable(JoinLines(lines)) + "\nwalk:\n" +
             Printable(JoinLines(naive.lines));
    }
    return finder_.diagnostics().Sorted() == naive.diagnostics
               ? ""
               : "other reports than a walk's";
  }

 private:
  FinderFixture& machine_;
  const Options options_;
  FakeWatcher watcher_;
  Finder finder_;
  WatchedTree tree_;
  const CompiledQuery query_;
  absl::Status status_;
};

class WatchedHistory : public History {
 public:
  WatchedHistory(const HistoryPlan& plan, const Shortage& shortage)
      : History(plan) {
    for (const View& view : plan.views) {
      Options options = FinderFixture::OptionsOf(view);
      options.cache = CacheUse::kNone;
      options.threads = views_.size() % 2 == 0 ? 1 : 4;
      views_.push_back(
          std::make_unique<WatchedView>(machine_, options, shortage));
    }
  }

  std::string CheckStart() override { return CheckAll(); }
  std::string Check(const EditStep&) override { return CheckAll(); }

 private:
  void RunMeanwhile(const EditStep&) override {
    for (const auto& view : views_) view->Refresh();
  }

  std::string CheckAll() {
    for (const auto& view : views_) {
      std::string text = view->Check();
      if (!text.empty()) return text;
    }
    return LeftOpen();
  }

  std::vector<std::unique_ptr<WatchedView>> views_;
};

void TryHistories(const HistoryPlan& plan, const Shortage& shortage = {}) {
  TryHistories(plan, [&shortage](const HistoryPlan& one) {
    return std::make_unique<WatchedHistory>(one, shortage);
  });
}

constexpr size_t kSteps = 150;
constexpr int kSeeds = 15;

std::vector<View> ManyViews() {
  std::vector<View> views = {Everything(), Pruning()};
  views.push_back(FinderFixture::ViewOf({"a", "/r/b"}));
  views.push_back(FinderFixture::ViewOf({"/r", "a", "a/b"}));
  View paths = Everything();
  paths.exclude_dirs = {"a/b", "./out", "*/out", "a/link", "d/*"};
  views.push_back(paths);
  View bounded = Pruning();
  bounded.boundary = Boundary::kOneFileSystem;
  views.push_back(bounded);
  return views;
}

TEST(WatchedTreeHistory, OfOrdinaryEdits) {
  TryHistories({.edits = OrdinaryAnd({Edit::kSetClockBack}),
                .views = ManyViews(),
                .steps = kSteps,
                .seeds = kSeeds});
}

// Of which a stamp says nothing: what is told is believed.
TEST(WatchedTreeHistory, OfEditsWithinATick) {
  TryHistories({.edits = OrdinaryAnd({Edit::kMove, Edit::kSwapDirectories}),
                .views = ManyViews(),
                .stamps = {.granularity_ns = 2 * kSecondNs},
                .steps = kSteps,
                .seeds = kSeeds});
}

TEST(WatchedTreeHistory, OfMounts) {
  TryHistories({.edits = OrdinaryAnd({Edit::kMount, Edit::kMount,
                                      Edit::kUnmount, Edit::kUnmount}),
                .views = ManyViews(),
                .steps = kSteps,
                .seeds = kSeeds});
}

TEST(WatchedTreeHistory, WhereReportsAreLost) {
  TryHistories({.edits = OrdinaryAnd({}),
                .views = ManyViews(),
                .steps = kSteps,
                .seeds = kSeeds},
               {.queue = 2});
}

TEST(WatchedTreeHistory, WhereWatchesRunOut) {
  for (const size_t watches : {0, 1, 5}) {
    TryHistories({.edits = OrdinaryAnd({}),
                  .views = ManyViews(),
                  .steps = kSteps,
                  .seeds = kSeeds},
                 {.watches = watches});
  }
}

TEST(WatchedTreeHistory, OfAServer) {
  TryHistories({.edits = ServerEdits(),
                .views = ManyViews(),
                .stamps = {.granularity_ns = kSecondNs,
                           .clock_offset_ns = -3600 * kSecondNs},
                .trust = StampTrust::kServer,
                .steps = kSteps,
                .seeds = kSeeds},
               {.watches = 0});
}

TEST(WatchedTreeHistory, WhereStampsProveNothing) {
  TryHistories({.edits = OrdinaryAnd({}),
                .views = ManyViews(),
                .stamps = kFrozenStamps,
                .trust = StampTrust::kNever,
                .steps = kSteps,
                .seeds = kSeeds},
               {.watches = 0});
}

// The answer of that Refresh is anybody's guess; that of the next one is not.
TEST(WatchedTreeHistory, OfEditsDuringARefresh) {
  TryHistories(
      {.edits = OrdinaryAnd({Edit::kMount, Edit::kUnmount, Edit::kMove}),
       .views = ManyViews(),
       .stamps = {.granularity_ns = 2 * kSecondNs},
       .during_runs = true,
       .steps = kSteps,
       .seeds = kSeeds});
}

}  // namespace
}  // namespace finder
