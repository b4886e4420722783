// What is in a cache: its entries, what a crash has left, what is not ours.
// Locks nothing; what changes meanwhile may be seen either way.
// Thread-safety: each call uses what it is handed from one thread.
#ifndef FINDER_FINDER_CACHE_CACHE_LISTING_H_
#define FINDER_FINDER_CACHE_CACHE_LISTING_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "finder/cache/cache_directory.h"
#include "finder/cache/disk/cache_info.h"

namespace finder {

struct ListedEntry {
  std::string key;
  ObjectKind kind;
  EntryInfo info;
  uint64_t uses = 0;
  // When it was last loaded, else stored; since the epoch, from the clock of
  // the file system. May lie in the future if that clock was set back.
  int64_t last_use_ns = 0;
  // Device and inode of its lock file: this very entry, whatever its name.
  std::pair<uint64_t, uint64_t> identity;
};

struct CacheListing {
  std::vector<ListedEntry> entries;  // by key
  // Names in objects/ with a lock but no readable object.info: of a crash, or
  // being removed right now.
  std::vector<std::string> incomplete;
  // Names in stage/: work going on, or left by a crash.
  std::vector<std::string> staged;
  // Paths relative to the cache of what no part of it has made. Reported, and
  // never touched.
  std::vector<std::string> unknown;
  uint64_t accounted_bytes = 0;  // of `entries`
};

// About 5 us an entry. Unavailable if the directories cannot be read.
absl::StatusOr<CacheListing> ListCache(CacheDirectory& cache);

// One entry; NotFound if there is none.
absl::StatusOr<ListedEntry> ListEntry(CacheDirectory& cache,
                                      std::string_view key);

struct CacheSummary {
  // As accounted in cache.size, without counting: never under the truth, and
  // right after upkeep.
  uint64_t bytes = 0;
  uint64_t entries = 0;
  bool counted = false;        // false: cache.size was lost, wait for upkeep
  CacheStatistics statistics;  // with what upkeep has not added up yet
  // When upkeep last began or was started, or the cache was made.
  int64_t last_upkeep_ns = 0;
};

// Costs the same for every number of entries.
absl::StatusOr<CacheSummary> Summarize(CacheDirectory& cache);

}  // namespace finder

#endif  // FINDER_FINDER_CACHE_CACHE_LISTING_H_
