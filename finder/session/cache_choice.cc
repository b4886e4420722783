#include "finder/session/cache_choice.h"

#include <errno.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "finder/kept/object_kinds.h"
#include "finder/view/view.h"
#include "fs/path.h"

namespace finder {
namespace {

bool IsSet(const std::optional<std::string>& variable) {
  return variable.has_value() && !variable->empty();
}

bool IsAbsolute(const std::optional<std::string>& variable) {
  return variable.has_value() && variable->starts_with('/');
}

absl::Status BelongsToAnother(const std::string& path) {
  return absl::PermissionDeniedError(
      absl::StrCat(path, ": belongs to another user"));
}

// What cannot be looked at is for whoever opens the cache to complain about.
absl::Status CheckOwner(const std::string& home, const Machine& machine) {
  const Result<FileStat> stat =
      machine.files->Stat({}, home, SymlinkPolicy::kFollow);
  const bool own = !stat.ok() || stat->owner == machine.host.user_id;
  return own ? absl::OkStatus() : BelongsToAnother(home);
}

// The same for a directory that is made if it is missing.
absl::Status CheckCacheHome(std::string path, const Machine& machine) {
  constexpr uint32_t kSticky = 01000;
  for (bool is_missing = false;; is_missing = true) {
    const Result<FileStat> stat =
        machine.files->Stat({}, path, SymlinkPolicy::kFollow);
    if (stat.ok()) {
      const bool for_all = is_missing && (stat->permissions & kSticky) != 0;
      const bool own = stat->owner == machine.host.user_id || for_all;
      return own ? absl::OkStatus() : BelongsToAnother(path);
    }
    const size_t slash = path.rfind('/');
    if (stat.error().code() != ENOENT || slash == std::string::npos ||
        path == "/") {
      return absl::OkStatus();
    }
    path.resize(std::max<size_t>(slash, 1));
  }
}

}  // namespace

absl::StatusOr<ChosenPlace> ChooseCachePlace(const CacheSettings& options,
                                             const CacheVariables& variables,
                                             const Machine& machine) {
  const auto at = [&machine](const std::string& path, std::string given,
                             PlaceChoice choice) {
    return ChosenPlace{
        {.path = AbsolutePath(CleanPath(path), machine.working_directory),
         .make_parents_below = std::move(given)},
        choice};
  };
  if (options.directory) {
    return at(*options.directory, "", PlaceChoice::kAsked);
  }
  if (IsSet(variables.finder_cache_dir)) {
    return at(*variables.finder_cache_dir, "", PlaceChoice::kAsked);
  }
  // The XDG base directory specification has relative paths ignored.
  if (IsAbsolute(variables.xdg_cache_home)) {
    const std::string xdg = CleanPath(*variables.xdg_cache_home);
    if (absl::Status own = CheckCacheHome(xdg, machine); !own.ok()) return own;
    return at(*variables.xdg_cache_home + "/finder", "", PlaceChoice::kDefault);
  }
  if (IsAbsolute(variables.home)) {
    absl::Status own = CheckOwner(*variables.home, machine);
    if (!own.ok()) return own;
    return at(*variables.home + "/.cache/finder", *variables.home,
              PlaceChoice::kDefault);
  }
  return absl::NotFoundError("no cache directory: HOME is not set");
}

CacheEnvironment CacheEnvironmentOf(const Machine& machine) {
  return {machine, kKeptObjects};
}

}  // namespace finder
