// How a staged entry becomes visible. Not for users of the cache, who have
// CacheDirectory.
//
// Thread-compatible.
#ifndef FINDER_FINDER_CACHE_ENTRY_PUBLISHING_H_
#define FINDER_FINDER_CACHE_ENTRY_PUBLISHING_H_

#include <cstdint>
#include <memory>
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
#include "fs/file_system.h"
#include "fs/result.h"

namespace finder {

// "PATH: reason", Unavailable.
absl::Status CacheError(std::string_view path, SystemError error);

// All bytes of a file.
Result<std::string> ReadWhole(ReadableFile& file);

// The accounts of a cache.
SizeLog SizeLogOf(const CacheDirectory& cache);

// Completes the entry in `area`, accounts for it and makes it the one of its
// key. What it replaces is removed if nobody uses it, else left to upkeep.
absl::StatusOr<StoreOutcome> PublishEntry(CacheDirectory& cache,
                                          StageArea& area,
                                          PublishRequest request);

// The same in two steps, for who holds the entry that is to be replaced: all
// that can fail for want of room or rights does so in the first, and nobody
// sees anything before the second. Limits on the cache as a whole do not
// matter, as for everything that replaces another entry.
class PreparedEntry {
 public:
  // `request.only_replacing` is the lock of the entry that is there.
  PreparedEntry(CacheDirectory& cache, StageArea area, PublishRequest request);
  PreparedEntry(const PreparedEntry&) = delete;
  PreparedEntry& operator=(const PreparedEntry&) = delete;
  // Leaves nothing if it was not placed.
  ~PreparedEntry();

  // kStored: it can be placed.
  absl::StatusOr<StoreOutcome> Prepare();
  // Once, after Prepare. Drops the lock.
  Outcome Place();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The size of an entry's data as it lies there, packed or plain. None if
// the entry is not complete, and so may never have been accounted for.
std::optional<int64_t> StoredBytes(const CacheEnvironment& environment,
                                   const std::string& directory);

}  // namespace finder

#endif  // FINDER_FINDER_CACHE_ENTRY_PUBLISHING_H_
