// How a staged entry becomes visible. Not for users of the cache, who have
// CacheDirectory.
//
// Thread-compatible.
#ifndef FINDER_FINDER_CACHE_ENTRY_PUBLISHING_H_
#define FINDER_FINDER_CACHE_ENTRY_PUBLISHING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "finder/cache/cache_directory.h"
#include "finder/cache/file_lock.h"
#include "finder/cache/pending_entry.h"
#include "finder/cache/size_log.h"
#include "finder/cache/stage_area.h"

namespace finder {

// "PATH: reason", Unavailable.
absl::Status CacheError(std::string_view path, SystemError error);

// The accounts of a cache.
SizeLog SizeLogOf(const CacheDirectory& cache);

// Completes the entry in `area`, accounts for it and makes it the one of its
// key. What it replaces is removed if nobody uses it, else left to upkeep.
absl::StatusOr<StoreOutcome> PublishEntry(CacheDirectory& cache,
                                          StageArea& area,
                                          PublishRequest request);

// The size of an entry's database as it lies there, packed or plain. None if
// the entry is not complete, and so may never have been accounted for.
std::optional<int64_t> StoredBytes(const CacheEnvironment& environment,
                                   const std::string& directory);

}  // namespace finder

#endif  // FINDER_FINDER_CACHE_ENTRY_PUBLISHING_H_
