// `finder cache verify --deep`: compares an entry's answer with a full walk.
// One thread calls.
#ifndef FINDER_CMD_CACHE_CACHE_DEEP_CHECK_H_
#define FINDER_CMD_CACHE_CACHE_DEEP_CHECK_H_

#include <cstdint>

#include "absl/status/status.h"
#include "cmd/program.h"
#include "finder/cache/cache_directory.h"
#include "finder/cache/cache_listing.h"
#include "finder/database/database_format.h"

namespace finder {

// Compares all facts of an entry, whose database has `header`, with the disk.
// DataLoss names the first difference. Any other error says why there is
// nothing to compare: NotFound for a root that is gone, ResourceExhausted if
// the disk holds far more than the entry, so that the size of the cache bounds
// the memory.
absl::Status CompareWithDisk(CacheDirectory& cache, const ListedEntry& entry,
                             const DatabaseHeader& header,
                             const Program& program);

// How many directories the check walks at most for an entry of `stored` ones.
uint64_t MostDirectories(uint64_t stored);

}  // namespace finder

#endif  // FINDER_CMD_CACHE_CACHE_DEEP_CHECK_H_
