// Where the shared cache directory is: which of the places that options and
// environment name. What is in it is finder/cache/cache_directory.h.
//
// Pure but for a look at the home; any thread.
#ifndef FINDER_FINDER_SESSION_CACHE_CHOICE_H_
#define FINDER_FINDER_SESSION_CACHE_CHOICE_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "finder/cache/cache_directory.h"
#include "finder/cache/disk/cache_environment.h"
#include "finder/session/cache_settings.h"
#include "fs/machine.h"

namespace finder {

// Whether a place was asked for.
enum class PlaceChoice : uint8_t {
  kAsked,    // by --cache-dir or $FINDER_CACHE_DIR
  kDefault,  // where a user's caches are
};

struct ChosenPlace {
  CachePlace place;
  PlaceChoice choice = PlaceChoice::kDefault;
};

// The first of --cache-dir, $FINDER_CACHE_DIR, $XDG_CACHE_HOME/finder and
// ~/.cache/finder, made absolute. NotFound if nothing of that is set.
//
// A home of another user's, which `sudo -E` hands over, is no place unless it
// is asked for: what root made there would be root's. PermissionDenied then.
// The same goes for $XDG_CACHE_HOME; if that is missing, for the directory in
// which it would be made, unless everybody makes theirs there (/tmp).
absl::StatusOr<ChosenPlace> ChooseCachePlace(const CacheSettings& options,
                                             const CacheVariables& variables,
                                             const Machine& machine);

// The part of the machine that a cache works with.
CacheEnvironment CacheEnvironmentOf(const Machine& machine);

}  // namespace finder

#endif  // FINDER_FINDER_SESSION_CACHE_CHOICE_H_
