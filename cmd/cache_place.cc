#include "cmd/cache_place.h"

#include <string>
#include <utility>

#include "finder/view/view.h"

namespace finder {
namespace {

bool IsSet(const std::optional<std::string>& variable) {
  return variable.has_value() && !variable->empty();
}

bool IsAbsolute(const std::optional<std::string>& variable) {
  return variable.has_value() && variable->starts_with('/');
}

}  // namespace

std::optional<ChosenPlace> ChooseCachePlace(const CacheOptions& options,
                                            const Session& session) {
  const Variables& variables = session.variables;
  const auto at = [&session](const std::string& path, std::string given,
                             PlaceChoice choice) {
    return ChosenPlace{
        {.path = AbsolutePath(CleanPath(path), session.working_directory),
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
    return at(*variables.xdg_cache_home + "/finder", "", PlaceChoice::kDefault);
  }
  if (IsAbsolute(variables.home)) {
    return at(*variables.home + "/.cache/finder", *variables.home,
              PlaceChoice::kDefault);
  }
  return std::nullopt;
}

CacheEnvironment CacheEnvironmentOf(const Session& session) {
  return {.files = session.files,
          .shared_files = session.shared_files,
          .small_files = session.small_files,
          .moves = session.moves,
          .clock = session.clock,
          .host = session.host};
}

}  // namespace finder
