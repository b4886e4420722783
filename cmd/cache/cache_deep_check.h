// `finder cache verify --deep`: what an entry answers beside a full walk.
#ifndef FINDER_CMD_CACHE_CACHE_DEEP_CHECK_H_
#define FINDER_CMD_CACHE_CACHE_DEEP_CHECK_H_

#include <cstdint>

#include "absl/status/status.h"
#include "cmd/session.h"
#include "finder/cache/cache_directory.h"
#include "finder/cache/cache_listing.h"
#include "finder/database/database_format.h"

namespace finder {

// Compares all that an entry, whose database has this header, knows with the
// disk. DataLoss names the first difference; any other error says why there is
// nothing to compare: NotFound for a root that is gone, ResourceExhausted if
// there is far more on the disk than the entry says, so that memory is bounded
// by what is in the cache.
absl::Status CompareWithDisk(CacheDirectory& cache, const ListedEntry& entry,
                             const DatabaseHeader& header,
                             const Session& session);

// How many directories are walked at most for an entry that has so many.
uint64_t MostDirectories(uint64_t stored);

}  // namespace finder

#endif  // FINDER_CMD_CACHE_CACHE_DEEP_CHECK_H_
