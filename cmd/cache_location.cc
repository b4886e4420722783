#include "cmd/cache_location.h"

#include <errno.h>

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fs/file_system.h"

namespace finder {
namespace {

// Caches tell what files there are, which is nobody else's business.
constexpr uint32_t kPrivate = 0700;

struct CacheDirectory {
  std::string path;
  // This much of the path is not made if it is missing.
  std::string given;
  Severity severity = Severity::kRemark;
};

bool IsSet(const std::optional<std::string>& variable) {
  return variable.has_value() && !variable->empty();
}

std::optional<CacheDirectory> ChooseDirectory(const CacheOptions& options,
                                              const Variables& variables) {
  if (options.directory) {
    return CacheDirectory{*options.directory, "", Severity::kWarning};
  }
  if (IsSet(variables.finder_cache_dir)) {
    return CacheDirectory{*variables.finder_cache_dir, "", Severity::kWarning};
  }
  // The XDG base directory specification has relative paths ignored.
  if (IsSet(variables.xdg_cache_home) &&
      variables.xdg_cache_home->starts_with('/')) {
    return CacheDirectory{*variables.xdg_cache_home + "/finder", "",
                          Severity::kRemark};
  }
  if (IsSet(variables.home) && variables.home->starts_with('/')) {
    return CacheDirectory{*variables.home + "/.cache/finder", *variables.home,
                          Severity::kRemark};
  }
  return std::nullopt;
}

// Makes `path` and its parents, but for those that are part of `given`.
Outcome MakeDirectories(FileSystem& files, const std::string& path,
                        const std::string& given) {
  const Outcome made = files.MakeDirectory(path, kPrivate);
  if (made.ok() || made.error().code() != ENOENT) return made;
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos || slash == 0 || slash <= given.size()) {
    return made;
  }
  const Outcome parent = MakeDirectories(files, path.substr(0, slash), given);
  // EEXIST: another run was faster.
  if (!parent.ok() && parent.error().code() != EEXIST) return parent;
  return files.MakeDirectory(path, kPrivate);
}

// Why the directory cannot be used; empty if it can.
std::string Prepare(const CacheDirectory& directory, const Session& session) {
  FileSystem& files = *session.files;
  const std::string path = CleanPath(directory.path);
  Result<FileStat> stat = files.Stat({}, path, SymlinkPolicy::kFollow);
  if (!stat.ok() && stat.error().code() == ENOENT) {
    const Outcome made = MakeDirectories(files, path, directory.given);
    if (!made.ok() && made.error().code() != EEXIST) {
      return made.error().Message();
    }
    stat = files.Stat({}, path, SymlinkPolicy::kFollow);
  }
  if (!stat.ok()) return stat.error().Message();
  if (stat->kind != FileKind::kDirectory) return SystemError(ENOTDIR).Message();
  if (stat->owner != session.host.user_id) return "belongs to another user";
  return "";
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

  const std::optional<CacheDirectory> directory =
      ChooseDirectory(options, session.variables);
  if (!directory) {
    return NoCache(std::move(location), "no cache directory: HOME is not set",
                   Severity::kRemark);
  }
  std::string problem = Prepare(*directory, session);
  if (!problem.empty()) {
    return NoCache(std::move(location),
                   absl::StrCat(directory->path, ": ", problem),
                   directory->severity);
  }
  const std::string id =
      location.view_id.empty() ? DefaultViewId(session.host) : location.view_id;
  location.database =
      absl::StrCat(CleanPath(directory->path), "/",
                   DatabaseKey(view, session.working_directory, id), ".db");
  return location;
}

}  // namespace finder
