// Whether what the cache has of a command is sound, without using it: for
// `finder cache verify`.
//
// Thread-compatible.
#ifndef FINDER_FINDER_RESULTS_RESULT_CHECK_H_
#define FINDER_FINDER_RESULTS_RESULT_CHECK_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "finder/cache/cache_directory.h"

namespace finder {

// `bytes` are the object of the entry `key`, which is of one of the kinds that
// finder/kept/object_kinds.h has for commands. Reads all payloads of a result.
// DataLoss if something is damaged.
absl::Status CheckResultEntry(const CacheDirectory& cache,
                              const std::string& key, std::string_view bytes);

}  // namespace finder

#endif  // FINDER_FINDER_RESULTS_RESULT_CHECK_H_
