#include "tools/stress/subject.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

#include "finder/facade/finder.h"
#include "finder/query/scan_scope.h"
#include "fs/clock.h"
#include "fs/host.h"
#include "fs/posix/files/posix_file_system.h"
#include "fs/posix/posix_clock.h"
#include "fs/posix/posix_host.h"
#include "tools/stress/interposed_file_system.h"

namespace finder {
namespace {

// Longer than this no run takes, not even when the machine has other work.
constexpr unsigned kMostSeconds = 120;

std::vector<Subject> MakeSubjects() {
  View all;
  all.roots = {"."};
  View excluded = all;
  excluded.exclude_dirs = {"out", ".git", "b"};
  View pruned = all;
  pruned.prune_files = {".prune"};
  View both = excluded;
  both.prune_files = {".prune", "Android.bp"};
  View inside = all;
  inside.boundary = Boundary::kOneFileSystem;
  View paths = all;
  paths.exclude_dirs = {"p0/b", "p1/a/b", "out", "p2/out/a"};
  View parts = all;
  parts.roots = {"p1", "p0"};
  View follow = all;
  follow.links = LinkPolicy::kFollow;
  View follow_pruned = pruned;
  follow_pruned.links = LinkPolicy::kFollow;
  follow_pruned.exclude_dirs = {"out"};
  View kept = all;
  kept.keep.suffixes = {".c", ".h"};
  View less_kept = pruned;
  less_kept.keep.suffixes = {".c"};
  const TypeSet usual;
  TypeSet directories;
  directories.directories = true;
  const TypeSet each = {.files = true, .directories = true, .symlinks = true};
  return {
      {all, usual, 0},           {all, each, 0},
      {excluded, usual, 0},      {pruned, directories, 0},
      {both, usual, 0},          {inside, each, 0},
      {parts, usual, 0},         {follow, each, 1},
      {follow_pruned, usual, 1}, {kept, usual, 2},
      {less_kept, usual, 2},     {paths, each, 0},
      {all, each, 0, 1},         {all, each, 0, 2},
      {pruned, usual, 0, 3},     {parts, each, 0, 2},
      {inside, each, 0, 3},      {follow, each, 1, 2},
      {all, usual, 0, {}, 1},    {excluded, each, 0, {}, 20},
      {paths, each, 0, 2},       {paths, usual, 0, {}, 5},
  };
}

// The choices that make the combination of a number: one of each Pick.
class Combination {
 public:
  explicit Combination(size_t number) : rest_(number) {}

  template <typename Choice>
  const Choice& Pick(const std::vector<Choice>& choices) {
    const Choice& picked = choices[rest_ % choices.size()];
    rest_ /= choices.size();
    return picked;
  }

  // Asked when all is picked.
  bool past_the_last() const { return rest_ > 0; }

 private:
  size_t rest_;
};

std::vector<Subject> MakeOverlappingSubjects() {
  // What is wide comes more often, for others to be answered from.
  const std::vector<std::vector<std::string>> roots = {
      {"."},      {"."},        {"."},          {"."},          {"p0"},
      {"p0/a"},   {"p0/a/b"},   {"p1"},         {"p1/b"},       {"p2"},
      {"p2/out"}, {"p1", "p0"}, {"p0/a", "p2"}, {"p1", "p1/b"},
  };
  const std::vector<KeepRules> keeps = {
      {},
      {},
      {.names = {}, .suffixes = {".c", ".h"}},
      {.names = {"Android.bp"}, .suffixes = {".c"}},
      {.names = {"Android.bp", "a"}, .suffixes = {}},
  };
  const std::vector<std::vector<std::string>> excludes = {
      {}, {"out", "b"}, {"p0/a", "a/b", "b"}};
  const std::vector<std::vector<std::string>> prunes = {{}, {".prune"}};
  const std::vector<std::pair<LinkPolicy, Boundary>> policies = {
      {LinkPolicy::kNoFollow, Boundary::kCross},
      {LinkPolicy::kNoFollow, Boundary::kCross},
      {LinkPolicy::kNoFollow, Boundary::kCross},
      {LinkPolicy::kNoFollow, Boundary::kCross},
      {LinkPolicy::kFollow, Boundary::kCross},
      {LinkPolicy::kNoFollow, Boundary::kOneFileSystem},
  };
  const std::vector<TypeSet> types = {
      {},
      {.files = false, .directories = true, .symlinks = false},
      {.files = true, .directories = true, .symlinks = true},
  };
  const std::vector<std::optional<uint32_t>> depths = {{}, {}, 1, 3};
  const std::vector<std::optional<uint64_t>> numbers = {{}, {}, 1};
  std::vector<Subject> subjects;
  for (size_t number = 0;; ++number) {
    Combination combination(number);
    Subject subject;
    subject.max_depth = combination.Pick(depths);
    subject.max_results = combination.Pick(numbers);
    subject.types = combination.Pick(types);
    std::tie(subject.view.links, subject.view.boundary) =
        combination.Pick(policies);
    subject.view.prune_files = combination.Pick(prunes);
    subject.view.exclude_dirs = combination.Pick(excludes);
    subject.view.keep = combination.Pick(keeps);
    subject.view.roots = combination.Pick(roots);
    if (combination.past_the_last()) return subjects;
    subjects.push_back(std::move(subject));
  }
}

std::string Answers(Finder& finder, const CompiledQuery& query) {
  std::string text;
  finder.Answer(
      query,
      [](const Match& match, std::string& out) {
        out += match.directory;
        out += match.name;
        out += '\0';
      },
      [&text](std::string_view piece) {
        text += piece;
        return true;
      });
  return text;
}

std::string ReadAll(int descriptor) {
  std::string text;
  char buffer[65536];
  ssize_t size;
  while ((size = read(descriptor, buffer, sizeof(buffer))) > 0) {
    text.append(buffer, static_cast<size_t>(size));
  }
  return text;
}

std::string Ending(int status) {
  if (WIFSIGNALED(status)) {
    return "ended by signal " + std::to_string(WTERMSIG(status));
  }
  const int code = WEXITSTATUS(status);
  // 3: a directory could not be read, which random modes may bring about.
  return code == 0 || code == 3 ? "" : "exit code " + std::to_string(code);
}

// What -0 prints, as a Finder in this process answers it: without "./".
std::string WithoutDots(const std::string& printed) {
  std::string answers;
  for (size_t at = 0; at < printed.size();) {
    const size_t end = std::min(printed.find('\0', at), printed.size() - 1);
    if (printed.compare(at, 2, "./") == 0) at += 2;
    answers.append(printed, at, end + 1 - at);
    at = end + 1;
  }
  return answers;
}

std::vector<std::string> Arguments(const std::string& program, const Run& run) {
  std::vector<std::string> arguments = {program, "-0", "--ignore-unreadable",
                                        "-C", run.top};
  if (run.cache == CacheUse::kNone) {
    arguments.emplace_back("--no-cache");
  } else {
    const bool shared = !run.cache_directory.empty();
    arguments.insert(arguments.end(),
                     {shared ? "--cache-dir" : "--db",
                      shared ? run.cache_directory : run.database});
    if (!run.import.empty()) {
      arguments.insert(arguments.end(), {"--import", run.import});
    }
    if (run.format == DatabaseFormat::kSoong) {
      arguments.emplace_back("--db-format=soong");
    }
    if (run.cache == CacheUse::kRefresh) arguments.emplace_back("--refresh");
  }
  arguments.push_back("-j" + std::to_string(run.threads));
  for (std::string& flag : Flags(*run.subject)) {
    arguments.push_back(std::move(flag));
  }
  return arguments;
}

}  // namespace

const std::vector<Subject>& Subjects() {
  static const auto& subjects = *new std::vector<Subject>(MakeSubjects());
  return subjects;
}

const std::vector<Subject>& OverlappingSubjects() {
  static const auto& subjects =
      *new std::vector<Subject>(MakeOverlappingSubjects());
  return subjects;
}

std::vector<std::string> Flags(const Subject& subject) {
  std::vector<std::string> flags;
  const View& view = subject.view;
  for (const auto& name : view.exclude_dirs) {
    flags.insert(flags.end(), {"-E", name});
  }
  for (const auto& name : view.prune_files) {
    flags.insert(flags.end(), {"--prune-files", name});
  }
  for (const auto& name : view.keep.names) {
    flags.insert(flags.end(), {"--names", name});
  }
  for (const auto& suffix : view.keep.suffixes) {
    flags.insert(flags.end(), {"--suffixes", suffix});
  }
  if (view.links == LinkPolicy::kFollow) flags.emplace_back("-L");
  if (view.boundary == Boundary::kOneFileSystem) flags.emplace_back("--xdev");
  if (subject.types.files) flags.emplace_back("-tf");
  if (subject.types.directories) flags.emplace_back("-td");
  if (subject.types.symlinks) flags.emplace_back("-tl");
  if (subject.max_depth) {
    flags.push_back("-d" + std::to_string(*subject.max_depth));
  }
  if (subject.max_results) {
    flags.push_back("--max-results=" + std::to_string(*subject.max_results));
  }
  flags.insert(flags.end(), view.roots.begin(), view.roots.end());
  return flags;
}

std::string Bounded(const Subject& subject, const std::string& answers) {
  const auto is_shallow = [&subject](std::string_view path) {
    if (!subject.max_depth) return true;
    // One path may lie below several roots.
    const auto& roots = subject.view.roots;
    return std::any_of(roots.begin(), roots.end(), [&](const auto& root) {
      std::string_view rest = path;
      if (root != ".") {
        if (rest == root) return true;  // a file has depth 0
        if (!rest.starts_with(root + '/')) return false;
        rest.remove_prefix(root.size() + 1);
      }
      return std::count(rest.begin(), rest.end(), '/') < *subject.max_depth;
    });
  };
  std::string bounded;
  uint64_t left = subject.max_results.value_or(UINT64_MAX);
  for (size_t at = 0; at < answers.size() && left > 0;) {
    const size_t end = answers.find('\0', at);
    if (is_shallow(std::string_view(answers).substr(at, end - at))) {
      bounded.append(answers, at, end + 1 - at);
      --left;
    }
    at = end + 1;
  }
  return bounded;
}

RunResult RunInProcess(const Run& run, std::function<void()> before_call) {
  PosixFileSystem posix;
  InterposedFileSystem files(posix, std::move(before_call));
  PosixClock clock;
  Environment environment = {.files = &files,
                             .clock = &clock,
                             .host = ReadHost(),
                             .working_directory = run.top};
  Options options;
  options.view = run.subject->view;
  options.entry_roots = EntryRoots::kAnswers;
  options.cache = run.cache;
  options.database = run.database;
  options.threads = run.threads;
  Finder finder(std::move(environment), std::move(options));
  RunResult result;
  Query asked;
  asked.types = run.subject->types;
  asked.max_depth = run.subject->max_depth;
  asked.max_results = run.subject->max_results;
  const absl::StatusOr<CompiledQuery> query =
      CompiledQuery::Compile(asked, run.subject->view);
  const absl::Status status =
      finder.Scan(ScopeOf(asked, *query, run.subject->view));
  if (!status.ok()) {
    result.problem = status.ToString();
    return result;
  }
  result.answers = Answers(finder, *query);
  if (absl::Status status = finder.Save(); !status.ok()) {
    result.problem = status.ToString();
  }
  const Metrics& metrics = finder.metrics();
  result.directories = metrics.directories;
  result.list_calls = metrics.list_calls;
  return result;
}

RunResult RunProgram(const std::string& program, const Run& run,
                     const std::function<void()>& meanwhile) {
  return RunCommand(Arguments(program, run), meanwhile);
}

RunResult RunCommand(std::vector<std::string> arguments,
                     const std::function<void()>& meanwhile) {
  RunResult result;
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    result.problem = "no pipe";
    return result;
  }
  std::vector<char*> pointers;
  pointers.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  pid_t child = -1;
  const int error = posix_spawn(&child, pointers[0], &actions, nullptr,
                                pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  if (error != 0) {
    close(ends[0]);
    result.problem = arguments[0] + " does not start";
    return result;
  }
  meanwhile();
  // A hang is a failure like any other: SIGALRM ends this process.
  alarm(kMostSeconds);
  result.answers = WithoutDots(ReadAll(ends[0]));
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  alarm(0);
  result.problem = Ending(status);
  return result;
}

}  // namespace finder
