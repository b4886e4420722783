// `finder cache verify --deep`: what an entry answers beside a full walk.
#ifndef FINDER_CMD_CACHE_DEEP_CHECK_H_
#define FINDER_CMD_CACHE_DEEP_CHECK_H_

#include <string_view>

#include "absl/status/status.h"
#include "cmd/session.h"
#include "finder/cache/cache_directory.h"
#include "finder/database/database_format.h"

namespace finder {

// Compares all that the entry `key`, whose database has this header, knows with
// the disk. DataLoss names the first difference; any other error says why there
// is nothing to compare: NotFound for a root that is gone.
absl::Status CompareWithDisk(CacheDirectory& cache, std::string_view key,
                             const DatabaseHeader& header,
                             const Session& session);

}  // namespace finder

#endif  // FINDER_CMD_CACHE_DEEP_CHECK_H_
