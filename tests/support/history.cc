#include "tests/support/history.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "gtest/gtest.h"

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

// As many names of 250 bytes as fill a block of the database.
constexpr int kNamesOfABlock = 540;

void Fatten(const std::string& directory, FakeTree& tree) {
  for (int i = 0; i < kNamesOfABlock; ++i) {
    std::string name = std::to_string(i);
    name.resize(250, 'f');
    tree.WriteFile(directory + "/" + name);
  }
}

// What went wrong, with what was done up to then; empty if nothing did.
std::string Play(const HistoryPlan& plan, const NewHistory& new_history,
                 const EditScript& script) {
  const std::unique_ptr<History> history = new_history(plan);
  std::string done;
  std::string wrong = history->CheckStart();
  for (size_t i = 0; i < script.size() && wrong.empty(); ++i) {
    const std::string text = history->Apply(script[i]);
    if (!text.empty()) done += "  " + Printable(text) + "\n";
    wrong = history->Check(script[i]);
  }
  return wrong.empty() ? "" : "after\n" + done + wrong;
}

int FromEnvironment(const char* name, int otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::atoi(text);
}

}  // namespace

History::History(const HistoryPlan& plan) : plan_(plan), player_(&machine_) {
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
    if (fat_left-- > 0) Fatten(directory, machine_.tree);
  }
  machine_.Age();
}

std::string History::Apply(const EditStep& step) {
  if (plan_.remounts) {
    Volume volume = machine_.tree.GetVolume("/r");
    volume.mount += '+';
    machine_.tree.SetVolume("/r", volume);
  }
  return plan_.during_runs ? ApplyDuringARun(step) : player_.Apply(step);
}

std::string History::ApplyDuringARun(const EditStep& step) {
  const uint32_t when = step.c / 12 % 50;
  std::atomic<uint32_t> calls = 0;
  std::string text;
  machine_.files.calls().OnCall([&](Operation, std::string_view) {
    if (calls.fetch_add(1) == when) text = player_.Apply(step);
  });
  RunMeanwhile(step);
  machine_.files.calls().OnCall(nullptr);
  if (calls <= when) text = player_.Apply(step);
  return text.empty() ? "" : text + ", at call " + std::to_string(when);
}

Options History::OptionsOf(unsigned threads) const {
  Options options = FinderFixture::OptionsOf(view());
  options.database = "/db/" + std::to_string(threads) + "_threads.db";
  options.threads = threads;
  return options;
}

std::string History::LeftOpen() const {
  return machine_.files.open_files() == 0 ? "" : "descriptors are left open";
}

void TryHistories(const HistoryPlan& plan, const NewHistory& new_history) {
  const int only = FromEnvironment("FINDER_TEST_SEED", 0);
  const int first = only == 0 ? 1 : only;
  const int seeds = only == 0
                        ? FromEnvironment("FINDER_TEST_SEEDS",
                                          std::max(plan.seeds / kSlowdown, 1))
                        : 1;
  for (int seed = first; seed < first + seeds; ++seed) {
    const EditScript script =
        RandomScript(static_cast<uint64_t>(seed), plan.steps, plan.edits);
    if (Play(plan, new_history, script).empty()) continue;
    const EditScript shrunken = Shrink(script, [&](const EditScript& shorter) {
      return !Play(plan, new_history, shorter).empty();
    });
    FAIL() << "seed " << seed << ": " << Play(plan, new_history, shrunken);
  }
}

const std::vector<Edit>& ServerEdits() {
  static const std::vector<Edit>& edits = *new std::vector<Edit>{
      Edit::kAddFile,         Edit::kAddDirectory, Edit::kAddDirectory,
      Edit::kRemove,          Edit::kMove,         Edit::kSwapDirectories,
      Edit::kReplace,         Edit::kChmod,        Edit::kChmod,
      Edit::kTogglePruneFile, Edit::kSymlink,      Edit::kSymlink,
      Edit::kHardLink,        Edit::kAdvanceClock, Edit::kAdvanceClock,
      Edit::kAdvanceClock,
  };
  return edits;
}

std::vector<Edit> OrdinaryAnd(std::vector<Edit> more) {
  more.push_back(Edit::kTouch);
  more.insert(more.end(), ServerEdits().begin(), ServerEdits().end());
  return more;
}

View Everything() { return FinderFixture::ViewOf({"."}); }

View Pruning() {
  View view = Everything();
  view.exclude_dirs = {"out"};
  view.prune_files = {".prune"};
  return view;
}

}  // namespace finder
