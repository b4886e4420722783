// Random histories of a tree, checked after each step: what is common to the
// tests that try many of them. A test says how a step is checked.
//
// A failure prints its seed and a shrunken script. FINDER_TEST_SEED replays
// that seed alone, FINDER_TEST_SEEDS sets how many each test tries.
//
// Not thread-safe.
#ifndef FINDER_TESTS_SUPPORT_HISTORY_H_
#define FINDER_TESTS_SUPPORT_HISTORY_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "finder/facade/finder.h"
#include "finder/view/view.h"
#include "fs/volume.h"
#include "tests/support/edit_script.h"
#include "tests/support/finder_fixture.h"

namespace finder {

// What one test's histories are made of.
struct HistoryPlan {
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
  bool keeps_going = false;  // without the roots that are missing
  size_t steps = 40;
  int seeds = 40;
};

// One machine with a tree in /r, on which a script is played and checked.
class History {
 public:
  // `plan` must outlive this.
  explicit History(const HistoryPlan& plan);
  virtual ~History() = default;
  History(const History&) = delete;
  History& operator=(const History&) = delete;

  // What is wrong before any step; empty if all is well.
  virtual std::string CheckStart() { return ""; }
  // What is wrong after `step`, which was applied; empty if all is well.
  virtual std::string Check(const EditStep& step) = 0;

  // Says what was done; empty if nothing.
  std::string Apply(const EditStep& step);

 protected:
  // One run, while which `step` is applied. Its answer is anybody's guess; that
  // of the next one is not.
  virtual void RunMeanwhile(const EditStep& step) = 0;

  const HistoryPlan& plan() const { return plan_; }
  // The one that the script has come to.
  const View& view() const { return plan_.views[view_index()]; }
  size_t view_index() const { return player_.view() % plan_.views.size(); }
  // A run over view(). Each number of threads has a database of its own.
  Options OptionsOf(unsigned threads) const;
  // Empty, or what a check has to say of it.
  std::string LeftOpen() const;

  FinderFixture machine_;

 private:
  std::string ApplyDuringARun(const EditStep& step);

  const HistoryPlan& plan_;
  ScriptPlayer player_;
};

using NewHistory =
    std::function<std::unique_ptr<History>(const HistoryPlan& plan)>;

// Plays a script for each seed. Fails the test for the first that goes wrong.
void TryHistories(const HistoryPlan& plan, const NewHistory& new_history);

// The edits that happen to every tree whose clock is not ours: a change of mode
// does not move a stamp that lies in a server's future, so times are left
// alone.
const std::vector<Edit>& ServerEdits();
// What happens to every other tree, and `more`.
std::vector<Edit> OrdinaryAnd(std::vector<Edit> more);

// All stamps are the same for ever.
inline constexpr FakeStampRule kFrozenStamps = {.granularity_ns = int64_t{1}
                                                                  << 62};

// The view of /r, as ".", and the same without what is called "out" or holds
// ".prune".
View Everything();
View Pruning();

}  // namespace finder

#endif  // FINDER_TESTS_SUPPORT_HISTORY_H_
