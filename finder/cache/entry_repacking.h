// Packing entries that are seldom used, and getting them back: each time a new
// entry replaces the old one, with its uses and its time. Not for users of the
// cache: Load unpacks, upkeep packs.
//
// Thread-compatible.
#ifndef FINDER_FINDER_CACHE_ENTRY_REPACKING_H_
#define FINDER_FINDER_CACHE_ENTRY_REPACKING_H_

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "finder/cache/cache_directory.h"
#include "finder/cache/cache_listing.h"
#include "finder/cache/disk/file_lock.h"

namespace finder {

// Replaces the packed entry whose lock is `lock`, held shared, by a plain one.
// NotFound if nothing is packed in it.
absl::Status UnpackEntry(CacheDirectory& cache, std::string_view key,
                         LockedFile lock);

// Replaces a plain entry by a packed one; false if it was used, replaced or
// removed since it was listed, or is being worked on. The entry can be loaded
// meanwhile; only the exchange at the end keeps others off, and it is not made
// if anybody has come.
absl::StatusOr<bool> PackEntry(CacheDirectory& cache, const ListedEntry& entry);

}  // namespace finder

#endif  // FINDER_FINDER_CACHE_ENTRY_REPACKING_H_
