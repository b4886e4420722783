#include "cmd/cache_location.h"

#include <errno.h>

#include <memory>
#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "finder/cache/cache_environment.h"
#include "fs/file_system.h"

namespace finder {
namespace {

struct DirectoryChoice {
  std::string path;
  // This much of the path is not made if it is missing.
  std::string given;
  Severity severity = Severity::kRemark;
};

bool IsSet(const std::optional<std::string>& variable) {
  return variable.has_value() && !variable->empty();
}

std::optional<DirectoryChoice> ChooseDirectory(const CacheOptions& options,
                                               const Variables& variables) {
  if (options.directory) {
    return DirectoryChoice{*options.directory, "", Severity::kWarning};
  }
  if (IsSet(variables.finder_cache_dir)) {
    return DirectoryChoice{*variables.finder_cache_dir, "", Severity::kWarning};
  }
  // The XDG base directory specification has relative paths ignored.
  if (IsSet(variables.xdg_cache_home) &&
      variables.xdg_cache_home->starts_with('/')) {
    return DirectoryChoice{*variables.xdg_cache_home + "/finder", "",
                           Severity::kRemark};
  }
  if (IsSet(variables.home) && variables.home->starts_with('/')) {
    return DirectoryChoice{*variables.home + "/.cache/finder", *variables.home,
                           Severity::kRemark};
  }
  return std::nullopt;
}

absl::StatusOr<std::unique_ptr<CacheDirectory>> OpenCache(
    const DirectoryChoice& choice, const Session& session) {
  const CacheEnvironment environment = {.files = session.files,
                                        .shared_files = session.shared_files,
                                        .small_files = session.small_files,
                                        .moves = session.moves,
                                        .clock = session.clock,
                                        .host = session.host};
  return CacheDirectory::Open(
      environment,
      {.path = AbsolutePath(CleanPath(choice.path), session.working_directory),
       .make_parents_below = choice.given});
}

CacheLocation NoCache(CacheLocation location, std::string problem,
                      Severity severity) {
  location.use = CacheUse::kNone;
  location.database.clear();
  location.problem = std::move(problem);
  location.severity = severity;
  return location;
}

CacheLocation LocateNamedDatabase(const std::string& path,
                                  CacheLocation location,
                                  const Session& session) {
  const Result<FileStat> stat =
      session.files->Stat({}, path, SymlinkPolicy::kFollow);
  if (stat.ok() && stat->kind != FileKind::kFile) {
    // Writing replaces what is there, which must not happen to a device.
    const std::string reason = stat->kind == FileKind::kDirectory
                                   ? SystemError(EISDIR).Message()
                                   : "Not a regular file";
    return NoCache(std::move(location), absl::StrCat(path, ": ", reason),
                   Severity::kWarning);
  }
  location.database = path;
  return location;
}

}  // namespace

CacheLocation LocateCache(const CacheOptions& options, const View& view,
                          const Session& session) {
  CacheLocation location;
  location.view_id =
      options.view_id.value_or(session.variables.finder_view_id.value_or(""));
  if (options.mode == CacheMode::kNone) return location;
  location.use =
      options.mode == CacheMode::kRefresh ? CacheUse::kRefresh : CacheUse::kUse;
  if (options.database) {
    return LocateNamedDatabase(*options.database, std::move(location), session);
  }

  const std::optional<DirectoryChoice> directory =
      ChooseDirectory(options, session.variables);
  if (!directory) {
    return NoCache(std::move(location), "no cache directory: HOME is not set",
                   Severity::kRemark);
  }
  location.severity = directory->severity;
  absl::StatusOr<std::unique_ptr<CacheDirectory>> cache =
      OpenCache(*directory, session);
  if (!cache.ok()) {
    return NoCache(std::move(location), std::string(cache.status().message()),
                   directory->severity);
  }
  location.cache = *std::move(cache);
  const std::string id =
      location.view_id.empty() ? DefaultViewId(session.host) : location.view_id;
  location.key = DatabaseKey(view, session.working_directory, id);
  location.database = absl::StrCat(
      location.cache->layout().Entry(location.key), "/",
      absl::string_view(kDatabaseName.data(), kDatabaseName.size()));
  return location;
}

}  // namespace finder
