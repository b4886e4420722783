#include "tools/stress/player.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <mutex>
#include <sstream>
#include <utility>

#include "tools/stress/walker.h"

namespace finder {
namespace {

constexpr uint32_t kDatabases = 3;

// About what a call takes, for changes while another process runs.
constexpr useconds_t kUsACall = 25;

std::string NameOf(CacheUse cache) {
  switch (cache) {
    case CacheUse::kNone:
      return "--no-cache";
    case CacheUse::kUse:
      return "warm";
    case CacheUse::kRefresh:
      return "--refresh";
  }
  return "";
}

std::vector<std::string> Split(const std::string& answers) {
  std::vector<std::string> list;
  for (size_t at = 0; at < answers.size();) {
    const size_t end = std::min(answers.find('\0', at), answers.size());
    list.push_back(answers.substr(at, end - at));
    at = end + 1;
  }
  return list;
}

// The first few lines of the difference.
std::string Differences(const std::vector<std::string>& a,
                        const std::vector<std::string>& b) {
  constexpr size_t kMostShown = 10;
  std::string text;
  size_t shown = 0;
  const auto show = [&](char sign, const std::vector<std::string>& from,
                        const std::vector<std::string>& missing_in) {
    for (const std::string& path : from) {
      if (std::find(missing_in.begin(), missing_in.end(), path) !=
          missing_in.end()) {
        continue;
      }
      if (++shown <= kMostShown)
        text += std::string("  ") + sign + Escaped(path) + '\n';
    }
  };
  show('-', a, b);
  show('+', b, a);
  if (text.empty()) text = "  only the order\n";
  return text;
}

// The answers that are neither one of `places`, which end with a slash, nor
// below one.
std::vector<std::string> Without(const std::vector<std::string>& places,
                                 const std::string& answers) {
  std::vector<std::string> left = Split(answers);
  std::erase_if(left, [&places](const std::string& path) {
    const auto holds = [&](const auto& place) {
      return (path + '/').starts_with(place);
    };
    return std::any_of(places.begin(), places.end(), holds);
  });
  return left;
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

Player::Player(PlayerOptions options)
    : options_(std::move(options)),
      top_(options_.tree.empty() ? options_.directory + "/tree"
                                 : options_.tree),
      edited_(options_.behind.empty() ? top_ : options_.behind),
      cache_(options_.directory + "/cache") {
  if (options_.shared_cache) {
    shared_.emplace(options_.program, SharedCacheDirectory());
  }
  mkdir(options_.directory.c_str(), 0755);
  mkdir(top_.c_str(), 0755);
  mkdir(cache_.c_str(), 0755);
}

Player::~Player() {
  RemoveAll(options_.directory);
  if (shared_) shared_->Remove();
}

void Player::Change(const Operation& operation) const {
  if (operation.kind != OperationKind::kHook) return Apply(edited_, operation);
  if (options_.hook.empty()) return;
  RunCommand({options_.hook, std::to_string(operation.number)}, [] {});
}

// Where no symlink of a history leads: else the answers would be about it.
std::string Player::SharedCacheDirectory() const {
  return options_.directory + ".cache";
}

const Subject& Player::SubjectOf(const Step& step) const {
  return shared_ ? OverlappingSubjects()[step.subject]
                 : Subjects()[step.subject];
}

std::string Player::CacheInfo() const { return shared_ ? shared_->Info() : ""; }

Run Player::MakeRun(const Step& step, CacheUse cache) const {
  const Subject& subject = SubjectOf(step);
  const std::string name =
      cache == CacheUse::kRefresh ? "cold" : std::to_string(subject.database);
  return {.subject = &subject,
          .top = top_,
          .database = cache_ + '/' + name,
          .cache = cache,
          .threads = step.threads,
          .cache_directory = shared_ ? SharedCacheDirectory() : ""};
}

RunResult Player::RunOnce(const Run& run,
                          const std::vector<Interruption>& during) {
  ++counts_.runs;
  counts_.disturbed += !during.empty();
  if (!options_.program.empty()) {
    return RunProgram(options_.program, run, [&] {
      for (const Interruption& one : during) {
        usleep(one.at_call * kUsACall);
        Change(one.operation);
      }
    });
  }
  std::atomic<uint32_t> calls = 0;
  std::mutex one_at_a_time;
  return RunInProcess(run, [&] {
    const uint32_t call = calls.fetch_add(1);
    for (const Interruption& one : during) {
      if (one.at_call != call) continue;
      const std::lock_guard lock(one_at_a_time);
      Change(one.operation);
    }
  });
}

std::optional<std::string> Player::Compare(const Step& step, const Run& run,
                                           const std::string& expected,
                                           int attempts_left) {
  const CacheUse cache = run.cache;
  const RunResult result = RunOnce(run, {});
  if (cache == CacheUse::kUse) {
    counts_.directories += result.directories;
    counts_.list_calls += result.list_calls;
  }
  if (!HasRoots(step)) {
    if (!result.problem.empty()) return std::nullopt;
    return NameOf(cache) + ": a missing root is no error\n";
  }
  if (!result.problem.empty()) {
    // Where the kernel keeps what it was told for a while, a root may be gone
    // for one call and there for the next.
    if (!options_.behind.empty() &&
        result.problem.find("No such file") != std::string::npos) {
      return std::nullopt;
    }
    return NameOf(cache) + ": " + result.problem + '\n';
  }
  const auto wanted = Without(doubtful_, expected);
  const auto answered = Without(doubtful_, result.answers);
  if (answered == wanted) return std::nullopt;
  if (attempts_left > 0 && !options_.behind.empty()) {
    // What the kernel keeps may have run out between the walk and the run.
    return Compare(step, run, Expected(step), attempts_left - 1);
  }
  const bool facts_alone =
      cache == CacheUse::kNone ||
      RunOnce(MakeRun(step, CacheUse::kNone), {}).answers == expected;
  return NameOf(cache) + (facts_alone ? "" : ", and without a cache as well,") +
         " differs from the walk, subject " + std::to_string(step.subject) +
         ", -j" + std::to_string(step.threads) + ":\n" +
         Differences(wanted, answered);
}

bool Player::HasRoots(const Step& step) const {
  const auto& roots = SubjectOf(step).view.roots;
  return std::all_of(roots.begin(), roots.end(), [this](const auto& root) {
    const int opened =
        open((top_ + '/' + root).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (opened >= 0) close(opened);
    // A file is one as well, and its own answer.
    struct stat found;
    return opened >= 0 || (stat((top_ + '/' + root).c_str(), &found) == 0 &&
                           !S_ISDIR(found.st_mode));
  });
}

std::optional<std::string> Player::FindLeftovers() const {
  if (shared_) return shared_->FindProblem();
  std::optional<std::string> found;
  DIR* directory = opendir(cache_.c_str());
  if (directory == nullptr) return "the cache directory is gone\n";
  while (const dirent* entry = readdir(directory)) {
    const std::string name = entry->d_name;
    if (name == "." || name == ".." || name == "cold") continue;
    if (name.size() == 1 && name[0] < '0' + static_cast<int>(kDatabases)) {
      continue;
    }
    found = "left behind: " + Escaped(name) + '\n';
  }
  closedir(directory);
  return found;
}

std::optional<std::string> Player::Play(const Step& step) {
  const bool cold = ++counts_.steps % options_.cold_every == 0;
  for (const Operation& operation : step.before) Change(operation);
  Run warm = MakeRun(step, CacheUse::kUse);
  for (const CacheAction& action : step.cache) {
    if (!shared_) break;
    if (auto problem = shared_->Do(action, warm)) return problem;
  }
  if (!step.during.empty()) {
    // Its answer is of no single moment; but it must end well, and what it
    // stores must not mislead the next.
    const RunResult result = RunOnce(warm, step.during);
    // Any other root may have been away for a moment.
    const bool stays = SubjectOf(step).view.roots.front() == "." &&
                       SubjectOf(step).view.roots.size() == 1;
    if (!result.problem.empty() && stays && options_.behind.empty()) {
      return "disturbed run: " + result.problem + '\n';
    }
  }
  databases_before_.clear();
  for (uint32_t i = 0; i < kDatabases; ++i) {
    databases_before_.push_back(ReadFile(cache_ + '/' + std::to_string(i)));
  }
  return CompareAll(step, warm, cold);
}

std::string Player::Expected(const Step& step) {
  const Subject& subject = SubjectOf(step);
  std::vector<std::string> doubtful;
  std::string answers =
      Bounded(subject, Walk(top_, subject.view, subject.types, doubtful));
  // A disk does not contradict itself.
  if (!options_.tree.empty()) doubtful_ = std::move(doubtful);
  return answers;
}

std::optional<std::string> Player::CompareAll(const Step& step, const Run& warm,
                                              bool cold) {
  const Subject& subject = SubjectOf(step);
  const std::string expected = Expected(step);
  // Which the first answers are is then doubtful, too.
  if (!doubtful_.empty() && subject.max_results) return std::nullopt;
  std::vector<Run> runs = {warm};
  // In a shared cache a cold run would leave the view an entry of its own, and
  // no wider one would ever be used.
  if (cold && !shared_) runs.push_back(MakeRun(step, CacheUse::kRefresh));
  if (cold || shared_) runs.push_back(MakeRun(step, CacheUse::kNone));
  for (const Run& run : runs) {
    if (auto problem = Compare(step, run, expected)) return problem;
  }
  return cold ? FindLeftovers() : std::nullopt;
}

void Player::KeepDatabases(const std::string& directory) const {
  mkdir(directory.c_str(), 0755);
  for (size_t i = 0; i < databases_before_.size(); ++i) {
    std::ofstream(directory + "/database" + std::to_string(i), std::ios::binary)
        << databases_before_[i];
  }
}

}  // namespace finder
