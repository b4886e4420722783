#include "finder/ignore/ignore_reader.h"

#include <algorithm>
#include <cerrno>
#include <memory>

#include "finder/tree/directory_tree.h"
#include "fs/path.h"

namespace finder {
namespace {

// Of a file that says where a repository lies.
constexpr size_t kMostGitfileBytes = size_t{64} << 10;
// As in git.
constexpr int kMostIncludes = 10;
constexpr int kMostLinks = 40;

bool IsAbsent(SystemError error) {
  switch (error.code()) {
    case ENOENT:
    case ENOTDIR:
    // What git does not take for an ignore file either.
    case EISDIR:
    case ELOOP:
    case EINVAL:
      return true;
    default:
      return false;
  }
}

std::string Join(std::string_view directory, std::string_view name) {
  if (name.starts_with('/')) return std::string(name);
  std::string path(directory);
  if (!path.ends_with('/')) path += '/';
  path += name;
  return path;
}

std::string_view WithoutNewlines(std::string_view text) {
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

std::string_view DirectoryOf(std::string_view path) {
  return path.substr(0, std::max<size_t>(path.rfind('/'), 1));
}

}  // namespace

void IgnoreSources::Note(std::string_view name, EntryKind kind) {
  const bool is_file = kind == EntryKind::kFile;
  const bool may_lead = is_file || IsLink(kind);
  if (name == ".gitignore") gitignore = is_file;
  if (name == ".ignore") ignore = may_lead;
  if (name == IgnoreScopes::kGitName) {
    git = may_lead || kind == EntryKind::kDirectory;
  }
}

IgnoreReader::IgnoreReader(FileSystem& files, SharedFiles* shared_files,
                           IgnoreSettings settings)
    : files_(files),
      shared_files_(shared_files),
      settings_(std::move(settings)) {}

std::vector<IgnoreProblem> IgnoreReader::Problems() const {
  std::vector<IgnoreProblem> problems;
  {
    absl::MutexLock lock(&mutex_);
    problems = problems_;
  }
  std::stable_sort(problems.begin(), problems.end(),
                   [](const IgnoreProblem& a, const IgnoreProblem& b) {
                     return a.path < b.path;
                   });
  return problems;
}

Result<std::string> IgnoreReader::ReadWhole(const std::string& path,
                                            Links links) {
  if (links == Links::kRefused && shared_files_ != nullptr) {
    return shared_files_->Read({}, path, kMostBytes);
  }
  Result<std::unique_ptr<ReadableFile>> file = files_.OpenFile(
      path, links == Links::kFollowed ? SymlinkPolicy::kFollow
                                      : SymlinkPolicy::kNoFollow);
  if (!file.ok()) return file.error();
  const Result<FileStat> stat = file.value()->Stat();
  if (!stat.ok()) return stat.error();
  const auto size = static_cast<size_t>(stat->size_bytes);
  if (size > kMostBytes) return SystemError(EFBIG);
  std::string text(size, '\0');
  const Result<size_t> got = file.value()->ReadAt(0, text.data(), size);
  if (!got.ok()) return got.error();
  text.resize(got.value());
  return text;
}

std::optional<std::string> IgnoreReader::Read(const std::string& path,
                                              Links links,
                                              const std::string& printed,
                                              const Directory* directory) {
  Result<std::string> text = ReadWhole(path, links);
  if (text.ok()) {
    scopes_.NoteRead(printed, path);
    return std::move(text).value();
  }
  if (!IsAbsent(text.error())) {
    absl::MutexLock lock(&mutex_);
    problems_.push_back({printed, text.error(), directory});
  }
  return std::nullopt;
}

const IgnoreFile* IgnoreReader::ReadIgnoreFile(const std::string& path,
                                               const std::string& printed,
                                               Links links, CaseRule case_rule,
                                               const Directory* directory) {
  const std::optional<std::string> text = Read(path, links, printed, directory);
  if (!text.has_value()) return nullptr;
  return &scopes_.AddFile(printed, IgnoreRules::Parse(*text, case_rule));
}

// A repository is where git finds a HEAD.
std::optional<IgnoreReader::Repository> IgnoreReader::FindRepository(
    const std::string& directory) {
  const std::string git = Join(directory, IgnoreScopes::kGitName);
  const auto has_head = [this](const std::string& at) {
    return files_.Stat({}, Join(at, "HEAD"), SymlinkPolicy::kNoFollow);
  };
  const Result<FileStat> head = has_head(git);
  if (head.ok()) return Repository{git};
  if (head.error().code() != ENOTDIR) return std::nullopt;
  // A worktree's or a submodule's: a file that names the directory.
  const Result<std::string> link = ReadWhole(git, Links::kFollowed);
  constexpr std::string_view kPrefix = "gitdir: ";
  if (!link.ok() || link->size() > kMostGitfileBytes ||
      !link->starts_with(kPrefix)) {
    return std::nullopt;
  }
  const std::string target = Join(
      directory,
      WithoutNewlines(std::string_view(link.value()).substr(kPrefix.size())));
  if (!has_head(target).ok()) return std::nullopt;
  const Result<std::string> common =
      ReadWhole(Join(target, "commondir"), Links::kFollowed);
  if (!common.ok()) return Repository{target};
  return Repository{Join(target, WithoutNewlines(common.value()))};
}

std::string IgnoreReader::ConfigHome() const {
  if (settings_.xdg_config_home.value_or("").starts_with('/')) {
    return *settings_.xdg_config_home + "/git";
  }
  if (!settings_.home.has_value()) return "";
  return *settings_.home + "/.config/git";
}

std::optional<std::string> IgnoreReader::Expand(
    const std::string& path, std::string_view directory) const {
  if (path.empty()) return std::nullopt;
  if (!path.starts_with('~')) return Join(directory, path);
  if (!path.starts_with("~/") || !settings_.home.has_value()) {
    return std::nullopt;
  }
  return *settings_.home + path.substr(1);
}

void IgnoreReader::ReadConfig(const std::string& path, GitConfig& config,
                              const Directory* directory, int depth) {
  const std::optional<std::string> text =
      Read(path, Links::kFollowed, path, directory);
  if (!text.has_value()) return;
  ReadGitConfig(*text, config, [&](const std::string& include) {
    const auto file = Expand(include, DirectoryOf(path));
    if (file.has_value() && depth < kMostIncludes) {
      ReadConfig(*file, config, directory, depth + 1);
    }
  });
}

const GitConfig& IgnoreReader::UserConfig() {
  absl::MutexLock lock(&user_mutex_);
  if (user_config_.has_value()) return *user_config_;
  user_config_.emplace();
  const std::string no_system = FoldedCopy(
      settings_.git_config_no_system.value_or("0"), CaseRule::kIgnore);
  if (no_system == "0" || no_system == "false" || no_system == "no" ||
      no_system == "off" || no_system.empty()) {
    ReadConfig(settings_.git_config_system.value_or("/etc/gitconfig"),
               *user_config_, nullptr);
  }
  if (settings_.git_config_global.has_value()) {
    ReadConfig(*settings_.git_config_global, *user_config_, nullptr);
    return *user_config_;
  }
  if (!ConfigHome().empty()) {
    ReadConfig(ConfigHome() + "/config", *user_config_, nullptr);
  }
  if (settings_.home.has_value()) {
    ReadConfig(*settings_.home + "/.gitconfig", *user_config_, nullptr);
  }
  return *user_config_;
}

const IgnoreFile* IgnoreReader::GlobalExcludes(const std::string& path,
                                               CaseRule case_rule) {
  absl::MutexLock lock(&user_mutex_);
  const auto [at, is_new] = excludes_.try_emplace({path, case_rule}, nullptr);
  if (is_new) {
    at->second =
        ReadIgnoreFile(path, path, Links::kFollowed, case_rule, nullptr);
  }
  return at->second;
}

void IgnoreReader::BeginRepository(const Repository& repository,
                                   const IgnoreDirectory& directory,
                                   IgnoreScope& scope) {
  GitConfig config = UserConfig();
  ReadConfig(Join(repository.common, "config"), config, directory.directory);
  const CaseRule case_rule = config.ignore_case.value_or(false)
                                 ? CaseRule::kIgnore
                                 : CaseRule::kSensitive;
  std::vector<const IgnoreFile*> files;
  const std::string exclude = Join(repository.common, "info/exclude");
  if (const IgnoreFile* file = ReadIgnoreFile(
          exclude, exclude, Links::kFollowed, case_rule, directory.directory)) {
    files.push_back(file);
  }
  std::optional<std::string> global;
  if (config.excludes_file.has_value()) {
    global = Expand(*config.excludes_file, directory.absolute);
  } else if (!ConfigHome().empty()) {
    global = ConfigHome() + "/ignore";
  }
  if (global.has_value()) {
    if (const IgnoreFile* file = GlobalExcludes(*global, case_rule)) {
      files.push_back(file);
    }
  }
  scope.BeginRepository(files, directory.base, case_rule);
}

uint32_t IgnoreReader::Enter(uint32_t outer, const IgnoreDirectory& directory,
                             const IgnoreSources& sources) {
  IgnoreScope scope = scopes_.Get(outer);
  bool is_new = false;
  if (sources.git) {
    const auto repository = FindRepository(directory.absolute);
    if (repository.has_value()) {
      BeginRepository(*repository, directory, scope);
      is_new = true;
    }
  }
  if (sources.gitignore && scope.in_repository()) {
    const IgnoreFile* file =
        ReadIgnoreFile(Join(directory.absolute, ".gitignore"),
                       PrintedPrefix(directory.printed) + ".gitignore",
                       Links::kRefused, scope.case_rule(), directory.directory);
    if (file != nullptr) scope.AddGitignore(*file, directory.base);
    is_new |= file != nullptr;
  }
  if (sources.ignore) {
    const IgnoreFile* file = ReadIgnoreFile(
        Join(directory.absolute, ".ignore"),
        PrintedPrefix(directory.printed) + ".ignore", Links::kFollowed,
        CaseRule::kSensitive, directory.directory);
    if (file != nullptr) scope.AddIgnore(*file, directory.base);
    is_new |= file != nullptr;
  }
  return is_new ? scopes_.Add(std::move(scope)) : outer;
}

// Rules are about where things lie, not about the symlinks that lead there.
std::string IgnoreReader::RealPath(const std::string& absolute) {
  std::string real = "/";
  std::string rest = absolute;
  int links = 0;
  while (!rest.empty()) {
    const size_t slash = std::min(rest.find('/'), rest.size());
    const std::string name = rest.substr(0, slash);
    rest.erase(0, std::min(slash + 1, rest.size()));
    if (name.empty() || name == ".") continue;
    if (name == "..") {
      real = DirectoryOf(real);
      continue;
    }
    const std::string path = Join(real, name);
    const Result<std::string> target = files_.ReadLink({}, path);
    if (!target.ok() || ++links > kMostLinks) {
      real = path;
      continue;
    }
    rest = Join(target.value(), rest);
    if (target->starts_with('/')) real = "/";
  }
  return real;
}

uint32_t IgnoreReader::EnterAbove(const std::string& root) {
  const std::string real = RealPath(root);
  uint32_t scope = 0;
  for (size_t end = 0; end < real.size() && real != "/";
       end = real.find('/', end + 1)) {
    if (end == std::string::npos) break;
    const std::string directory = real.substr(0, std::max<size_t>(end, 1));
    scope = Enter(
        scope, {directory, directory, {0, real.substr(end + 1) + '/'}, nullptr},
        {.git = true, .gitignore = true, .ignore = true});
  }
  return scope;
}

}  // namespace finder
