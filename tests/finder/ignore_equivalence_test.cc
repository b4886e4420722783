// Random histories of a tree with ignore files: after every edit the answer of
// a warm run, on one thread and on several, is that of a cold one, and that of
// a naive walk which asks, for each path, each file above it.
//
// A failure prints its seed; FINDER_TEST_SEED replays it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "finder/ignore/ignore_rules.h"
#include "tests/support/edit_script.h"
#include "tests/support/finder_fixture.h"
#include "tests/support/naive_walk.h"

namespace finder {
namespace {

constexpr int kSeeds = 120;
constexpr int kSteps = 30;

const std::vector<Edit> kEdits = {
    Edit::kAddFile,
    Edit::kAddFile,
    Edit::kAddDirectory,
    Edit::kRemove,
    Edit::kMove,
    Edit::kSwapDirectories,
    Edit::kReplace,
    Edit::kAdvanceClock,
    Edit::kTouch,
    Edit::kSymlink,
    Edit::kTogglePruneFile,
};

constexpr const char* kRules[] = {"a\n",    "/a\n",   "*.c\n",  "b/\n", "!a\n",
                                  "!*.c\n", "out\n",  "a/b\n",  "*\n",  "!*/\n",
                                  "/*/*\n", "**/d\n", "!/out\n"};

// Whether a path is hidden: by a rule about it or about what it lies in.
class NaiveRules {
 public:
  explicit NaiveRules(const FakeTree& tree) : tree_(tree) {}

  bool Hides(const std::string& path, bool is_directory) const {
    const size_t slash = path.rfind('/');
    if (slash == 0) return false;  // the root of the view
    const std::string directory = path.substr(0, slash);
    if (Hides(directory, true)) return true;
    if (path.substr(slash + 1) == ".git") return true;
    std::optional<bool> hides = Ask(path, ".ignore", is_directory);
    if (!hides) hides = Ask(path, ".gitignore", is_directory);
    if (!hides) hides = Ask(path, ".git/info/exclude", is_directory);
    return hides.value_or(false);
  }

 private:
  static std::string Above(const std::string& path) {
    return path.substr(0, path.rfind('/'));
  }
  bool IsTop(const std::string& directory) const {
    return tree_.Exists(directory + "/.git/HEAD");
  }

  std::optional<bool> Ask(const std::string& path, std::string_view name,
                          bool is_directory) const {
    const bool needs_git = name != ".ignore";
    if (needs_git && !IsInRepository(path)) return std::nullopt;
    for (std::string at = Above(path); !at.empty(); at = Above(at)) {
      std::string file = at + '/';
      file += name;
      const bool counts = !name.starts_with(".git/") || IsTop(at);
      if (counts && tree_.Exists(file) &&
          tree_.Stat(file).kind == EntryKind::kFile) {
        const IgnoreRules rules =
            IgnoreRules::Parse(tree_.ReadFile(file), CaseRule::kSensitive);
        const IgnoreRule* rule =
            rules.Match(path.substr(at.size() + 1), is_directory);
        if (rule != nullptr) return !rule->shows;
      }
      if (needs_git && IsTop(at)) break;
    }
    return std::nullopt;
  }

  bool IsInRepository(const std::string& path) const {
    for (std::string at = Above(path); !at.empty(); at = Above(at)) {
      if (IsTop(at)) return true;
    }
    return false;
  }

  const FakeTree& tree_;
};

class History {
 public:
  explicit History(int seed) : random_(seed), player_(&machine_) {
    machine_.tree.MakeDirectories("/r");
    machine_.tree.AddTree(
        "f .git/HEAD\nf a/a.c\nf a/a/x.h\nf a/b/c/d/a.c\nf b/a.c\nf b/out/x.h\n"
        "f c/a-b/x\nl a/link -> ../b\nf out/a/b.c\nf b/.git/HEAD\n",
        "/r");
    machine_.Age();
    view_ = FinderFixture::ViewOf({"/r"});
    view_.ignore_files = IgnoreFileUse::kApplied;
    query_.types = {.files = true, .directories = true, .symlinks = true};
  }

  void Step(const EditStep& step) {
    if (random_() % 2 == 0) {
      EditRules();
    } else {
      player_.Apply(step);
    }
    if (random_() % 2 == 0) machine_.Age();
    // What is hidden is known after this.
    if (random_() % 4 == 0) {
      View all = view_;
      all.ignore_files = IgnoreFileUse::kNone;
      for (const unsigned threads : {1U, 4U}) machine_.Run(Of(all, threads));
    }
  }

  void Check() {
    const std::vector<std::string> naive = Naive();
    Options cold = Of(view_, 2);
    cold.cache = CacheUse::kNone;
    EXPECT_EQ(JoinLines(machine_.Run(cold, query_).lines), JoinLines(naive))
        << "cold";
    for (const unsigned threads : {1U, 4U}) {
      const RunResult run = machine_.Run(Of(view_, threads), query_);
      EXPECT_EQ(JoinLines(run.lines), JoinLines(naive))
          << "warm on " << threads;
    }
    Query first = query_;
    first.max_results = 1 + random_() % 4;
    const RunResult some = machine_.RunScoped(Of(view_, 1), first);
    const size_t count = std::min<size_t>(*first.max_results, naive.size());
    EXPECT_EQ(
        JoinLines(some.lines),
        JoinLines({naive.begin(), naive.begin() + static_cast<long>(count)}))
        << "the first";
  }

 private:
  static Options Of(const View& view, unsigned threads) {
    Options options = FinderFixture::OptionsOf(view);
    options.database = "/db/" + std::to_string(threads) + "_threads.db";
    options.threads = threads;
    return options;
  }

  std::vector<std::string> Naive() {
    const NaiveRules rules(machine_.tree);
    std::vector<std::string> lines;
    View all = view_;
    all.ignore_files = IgnoreFileUse::kNone;
    for (const std::string& line :
         NaiveWalk(machine_.files, "/", all, query_.types).lines) {
      if (!rules.Hides(line.substr(2), line[0] == 'd')) lines.push_back(line);
    }
    return lines;
  }

  // Directories of the tree, .git ones but not what is in them.
  void Collect(const std::string& at, std::vector<std::string>& found) const {
    found.push_back(at);
    for (const std::string& name : machine_.tree.Names(at)) {
      const std::string path = at + "/" + name;
      if (name != ".git" &&
          machine_.tree.Stat(path).kind == EntryKind::kDirectory) {
        Collect(path, found);
      }
    }
  }

  bool IsMissingOr(EntryKind kind, const std::string& path) const {
    return !machine_.tree.Exists(path) || machine_.tree.Stat(path).kind == kind;
  }

  void EditRules() {
    std::vector<std::string> directories;
    Collect("/r", directories);
    const std::string at = directories[random_() % directories.size()];
    constexpr const char* kFiles[] = {"/.gitignore", "/.gitignore",
                                      "/.gitignore", "/.ignore",
                                      "/.git/HEAD",  "/.git/info/exclude"};
    const std::string file = at + kFiles[random_() % std::size(kFiles)];
    if (machine_.tree.Exists(file) && random_() % 3 == 0) {
      machine_.tree.RemoveAll(file);
      return;
    }
    // Other edits may have put something else there.
    if (!IsMissingOr(EntryKind::kFile, file) ||
        !IsMissingOr(EntryKind::kDirectory, at + "/.git") ||
        !IsMissingOr(EntryKind::kDirectory, at + "/.git/info")) {
      return;
    }
    std::string rules;
    for (uint32_t left = random_() % 3 + 1; left > 0; --left) {
      rules += kRules[random_() % std::size(kRules)];
    }
    machine_.tree.WriteFile(file, rules);
  }

  std::mt19937 random_;
  FinderFixture machine_;
  ScriptPlayer player_;
  View view_;
  Query query_;
};

TEST(IgnoreEquivalence, OfOrdinaryEditsAndEditsOfRules) {
  const char* const one = std::getenv("FINDER_TEST_SEED");
  const int begin = one == nullptr ? 1 : std::atoi(one);
  const int end = one == nullptr ? kSeeds : begin;
  for (int seed = begin; seed <= end; ++seed) {
    SCOPED_TRACE("FINDER_TEST_SEED=" + std::to_string(seed));
    History history(seed);
    history.Check();
    for (const EditStep& step : RandomScript(seed, kSteps, kEdits)) {
      history.Step(step);
      history.Check();
      if (testing::Test::HasFailure()) return;
    }
  }
}

}  // namespace
}  // namespace finder
