// Putting the accounts of a cache right. doc/cache_directory.md, "Accounts",
// says why the result is never under the truth, whatever others do meanwhile.
#ifndef FINDER_FINDER_CACHE_UPKEEP_RECOUNT_H_
#define FINDER_FINDER_CACHE_UPKEEP_RECOUNT_H_

#include "absl/status/statusor.h"
#include "finder/cache/cache_directory.h"
#include "finder/cache/disk/size_log.h"

namespace finder {

// Measures what is there and makes it the base of cache.size. About 3 system
// calls an entry. Unavailable if the cache cannot be read or written.
absl::StatusOr<AccountedSize> Recount(CacheDirectory& cache);

}  // namespace finder

#endif  // FINDER_FINDER_CACHE_UPKEEP_RECOUNT_H_
