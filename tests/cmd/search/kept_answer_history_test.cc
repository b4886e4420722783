// Random histories of questions, edits, and of all that may become of the
// facts; each event that is told is compared with a model that knows nothing of
// caches. A failure prints its seed and the steps up to it.
#include <errno.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "tests/cmd/search/answer_world.h"

namespace finder {
namespace {

using Paths = std::set<std::string>;

// What is known of a question in one of its places.
struct Known {
  std::optional<Paths> last;     // of the last --check or --since-last
  std::optional<Paths> told;     // of the last --since-last
  std::optional<Paths> pending;  // of the last --check=keep, if it was told
  std::string key;               // of its entry in the cache
};

std::string Differences(const Paths& then, const Paths& now) {
  std::map<std::string, char> lines;
  for (const std::string& path : then) {
    if (now.count(path) == 0) lines[path] = 'D';
  }
  for (const std::string& path : now) {
    if (then.count(path) == 0) lines[path] = 'A';
  }
  std::string text;
  for (const auto& [path, sign] : lines) {
    text += sign;
    text += " " + path + "\n";
  }
  return text;
}

class KeptAnswerHistory : public AnswerTest,
                          public testing::WithParamInterface<uint32_t> {
 protected:
  KeptAnswerHistory() : random_(GetParam()) {}

  size_t Pick(size_t count) {
    return std::uniform_int_distribution<size_t>(0, count - 1)(random_);
  }
  template <typename T>
  const T& Pick(const std::vector<T>& list) {
    return list[Pick(list.size())];
  }
  void Note(const std::string& step) { steps_.push_back(step); }
  std::string Steps() const {
    return absl::StrCat("seed ", GetParam(), ":\n",
                        absl::StrJoin(steps_, "\n"));
  }

  // An edit of the tree.
  void Edit() {
    const std::string path =
        "/work/" +
        Pick<std::string>({"big", "big/sub", "big/sub/deep", "big/x", "other"});
    if (Pick(6) == 0 && tree_.Exists(path) && path != "/work/big" &&
        path != "/work/big/sub") {
      Note("rm -r " + path);
      tree_.RemoveAll(path);
      return;
    }
    const std::string file =
        path + "/" + Pick<std::string>({"a.c", "b.c", "c.h", "d", "e.h"});
    if (tree_.Exists(file)) {
      Note("rm " + file);
      tree_.RemoveAll(file);
    } else {
      Note("touch " + file);
      tree_.WriteFile(file);
    }
  }

  Paths Now(const std::vector<std::string>& question) {
    std::vector<std::string> walk = question;
    walk.push_back("--no-cache");
    const std::string out = Run(walk).out;
    Paths paths;
    for (const auto line : absl::StrSplit(out, '\n', absl::SkipEmpty())) {
      paths.emplace(line.data(), line.size());
    }
    return paths;
  }

  void Ask() {
    const size_t place = Pick(2);
    const std::vector<std::string>& question = Pick(questions_);
    Known& known = known_[{place, absl::StrJoin(question, " ")}];
    const std::string what = Pick<std::string>(
        {"--check", "--since-last", "--check=keep", "--checked"});
    std::vector<std::string> arguments = question;
    arguments.insert(arguments.begin(), what);
    for (const std::string& option : AnswerPlaces()[place].options) {
      arguments.push_back(option);
    }
    if (Pick(4) == 0) arguments.push_back("--refresh");
    const size_t fate = Pick(8);
    Note(absl::StrJoin(arguments, " ") + (fate == 0   ? " | left"
                                          : fate == 1 ? " killed"
                                                      : ""));
    const Paths now = Now(question);
    const std::string news = Differences(known.told.value_or(Paths()), now);
    const std::vector<std::string> before = AnswerKeys();
    FakeStream out;
    auto process = NewProcess();
    if (fate == 0) out.write_error = EPIPE;
    if (fate == 1) {
      process->files().calls().FailNthCallOfAny(
          1 + static_cast<int>(Pick(80)), EIO, FakeCalls::Lasting::kFromThenOn);
    }
    const Told told = RunIn(*process, arguments, &out);
    process.reset();
    if (told.code == ExitCode::kBrokenPipe) {
      ASSERT_EQ(what, "--since-last");
      return;  // nothing was told
    }
    if (told.code == ExitCode::kFailed) {
      if (what == "--checked" && !known.pending.has_value()) return;
      ASSERT_EQ(fate, 1u) << told.err;
      // If it was killed between its last words and its last call, they are
      // told again.
      ASSERT_TRUE(out.text.empty() || out.text == news) << out.text;
      return;
    }
    if (what == "--checked") {
      ASSERT_EQ(told.code, ExitCode::kDone);
      ASSERT_TRUE(known.pending.has_value());
      known.last = std::exchange(known.pending, std::nullopt);
    } else if (what != "--since-last") {
      ASSERT_EQ(told.code, known.last == now ? ExitCode::kDone : ExitCode::kNo);
    } else {
      ASSERT_EQ(told.code, ExitCode::kDone) << told.err;
      if (out.write_error) {
        ASSERT_EQ(news, "");
      } else {
        ASSERT_EQ(out.text, news);
      }
    }
    Remember(what, now, known);
    for (const std::string& key : AnswerKeys()) {
      if (std::find(before.begin(), before.end(), key) == before.end() &&
          place == 0) {
        known.key = key;
      }
    }
  }

  // What is known after `now` was told.
  static void Remember(const std::string& what, const Paths& now,
                       Known& known) {
    if (what == "--checked") return;
    const bool changed = known.last != now;
    if (what == "--check=keep") {
      known.pending = changed ? std::optional(now) : std::nullopt;
      return;
    }
    // Who has nothing to write leaves what is pending.
    if (changed || (what == "--since-last" && known.told != now)) {
      known.pending.reset();
    }
    if (what == "--since-last") known.told = now;
    known.last = now;
  }

  // What has gone from the cache is not known any more, and nothing else.
  void ForgetWhatIsGone() {
    const std::vector<std::string> keys = AnswerKeys();
    for (auto& [question, known] : known_) {
      if (question.first == 0 && !known.key.empty() &&
          std::find(keys.begin(), keys.end(), known.key) == keys.end()) {
        known = Known();
      }
    }
  }

  void DisturbCache() {
    auto process = NewProcess();
    auto cache = Open(*process);
    const size_t answers = AnswerKeys().size();
    switch (Pick(5)) {
      case 0:
        if (Pick(4) != 0) break;
        Note("clear");
        ASSERT_TRUE(ClearCache(*cache).ok());
        break;
      case 1:
        Note("upkeep");
        ASSERT_TRUE(RunUpkeep(*cache, {.pack_after_ns = 0}).ok());
        ASSERT_EQ(AnswerKeys().size(), answers);
        break;
      case 2: {
        Note("evict");
        ASSERT_TRUE(cache->SetLimits({.max_entries = 6}).ok());
        cache = Open(*process);
        ASSERT_TRUE(RunUpkeep(*cache, {}).ok());
        ASSERT_TRUE(cache->SetLimits(CacheLimits()).ok());
        break;
      }
      default:
        for (const std::string& key : Keys()) {
          if (key.starts_with("answer-") || Pick(2) == 0) continue;
          Note("lose the facts " + key);
          ASSERT_TRUE(cache->Remove(key).ok());
        }
    }
    ForgetWhatIsGone();
  }

  void Disturb() {
    const size_t what = Pick(5);
    if (what == 0) {
      const std::string root = Pick<std::string>({".", "big", "big/sub"});
      Note("finder " + root);
      Run({root});
      Run({root, "--db", "/work/db"});
    } else if (what == 1 && tree_.Exists("/work/db")) {
      Note("rm db");
      tree_.RemoveAll("/work/db");
    } else if (what == 2 && Pick(4) == 0 && tree_.Exists("/work/db.answers")) {
      Note("rm db.answers");
      tree_.RemoveAll("/work/db.answers");
      for (auto& [question, known] : known_) {
        if (question.first == 1) known = Known();
      }
    } else {
      DisturbCache();
    }
  }

  std::mt19937 random_;
  std::vector<std::string> steps_;
  const std::vector<std::vector<std::string>> questions_ = {
      {"big"},
      {"big/sub"},
      {"-g", "*.c", "big"},
      {"-e", "h", "."},
      {"-a", "big/sub"},
      {"-E", "deep", "big"},
      {"big/sub", "-g", "*.c"}};
  std::map<std::pair<size_t, std::string>, Known> known_;
};

TEST_P(KeptAnswerHistory, IsToldAsTheModelSays) {
  // Not part of what is asked about, as the database lies in /work.
  tree_.MakeDirectories("/work/big/sub");
  for (int step = 0; step < 150; ++step) {
    const size_t what = Pick(10);
    if (what < 4) {
      Edit();
    } else if (what < 8) {
      Ask();
    } else {
      Disturb();
    }
    // Mostly the next step comes within the same tick.
    if (Pick(3) == 0) clock_.Advance(kSecondNs * static_cast<int64_t>(Pick(9)));
    ASSERT_FALSE(HasFatalFailure()) << Steps();
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, KeptAnswerHistory,
                         testing::Range(uint32_t{1}, uint32_t{41}));

}  // namespace
}  // namespace finder
