#include "finder/results/command_environment.h"

#include <algorithm>
#include <map>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "finder/text/abseil_view.h"

namespace finder {
namespace {

constexpr std::string_view kAlwaysKeyed[] = {"HOME", "LANG", "TERM", "TMPDIR",
                                             "USER"};

// What execvp(3) takes for PATH where it is not set.
constexpr std::string_view kDefaultPath = "/bin:/usr/bin";

constexpr uint32_t kExecutableBits = 0111;

absl::Status CheckNames(const std::vector<std::string>& names,
                        std::string_view option) {
  for (const std::string& name : names) {
    if (!name.empty() && name.find('=') == std::string::npos) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        Abseil(option), ": '", name, "' is no name of a variable"));
  }
  return absl::OkStatus();
}

bool Contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

bool IsAlwaysKeyed(std::string_view name) {
  return name.starts_with("LC_") ||
         std::find(std::begin(kAlwaysKeyed), std::end(kAlwaysKeyed), name) !=
             std::end(kAlwaysKeyed);
}

absl::StatusOr<CommandEnvironment> FilterEnvironment(
    std::span<const std::string> environment,
    const EnvironmentOptions& options) {
  absl::Status status = CheckNames(options.keyed, "run --env");
  if (status.ok()) status = CheckNames(options.passed, "run --pass-env");
  if (!status.ok()) return status;
  CommandEnvironment result;
  std::map<std::string, std::optional<std::string>> keyed;
  // That it is not set is a value, too.
  for (const std::string& name : options.keyed)
    keyed.emplace(name, std::nullopt);
  for (const std::string_view name : kAlwaysKeyed) {
    keyed.emplace(name, std::nullopt);
  }
  std::map<std::string_view, std::string_view> first;
  for (const std::string& entry : environment) {
    const size_t equals = entry.find('=');
    // No program can ask for such a one.
    if (equals == 0 || equals == std::string::npos) continue;
    first.emplace(std::string_view(entry).substr(0, equals),
                  std::string_view(entry).substr(equals + 1));
  }
  for (const auto& [name, value] : first) {
    const bool passes = Contains(options.passed, name);
    const bool counts = Contains(options.keyed, name) ||
                        (!passes && (IsAlwaysKeyed(name) || options.all));
    const bool is_path = name == "PATH";
    if (is_path) result.path = value;
    if (!passes && !counts && !is_path) continue;
    result.seen.push_back(absl::StrCat(Abseil(name), "=", Abseil(value)));
    // PATH counts by the executable found, unless it was declared.
    if (counts) keyed[std::string(name)] = std::string(value);
  }
  for (const std::string& name : options.passed) {
    if (!Contains(options.keyed, name)) keyed.erase(name);
  }
  for (auto& [name, value] : keyed) {
    result.variables.push_back({name, std::move(value)});
  }
  return result;
}

std::optional<std::string> FindExecutable(
    std::string_view program, const std::optional<std::string>& path,
    FileSystem& files) {
  if (program.empty()) return std::nullopt;
  if (program.find('/') != std::string_view::npos) return std::string(program);
  std::string_view rest = path ? std::string_view(*path) : kDefaultPath;
  for (;;) {
    const size_t colon = std::min(rest.find(':'), rest.size());
    std::string found(rest.substr(0, colon));
    if (!found.empty() && found.back() != '/') found += '/';
    found += program;
    const Result<FileStat> stat =
        files.Stat(DirectoryHandle(), found, SymlinkPolicy::kFollow);
    if (stat.ok() && stat->kind == EntryKind::kFile &&
        (stat->permissions & kExecutableBits) != 0) {
      return found;
    }
    if (colon == rest.size()) return std::nullopt;
    rest.remove_prefix(colon + 1);
  }
}

}  // namespace finder
