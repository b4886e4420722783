// How a staged entry becomes visible, whoever stages it: a store, packing and
// unpacking, and who has an entry alone. Users of the cache have PendingEntry
// and ExclusiveEntry for this.
//
// Thread-compatible.
#ifndef FINDER_FINDER_CACHE_ENTRY_PUBLISHING_H_
#define FINDER_FINDER_CACHE_ENTRY_PUBLISHING_H_

#include <cstdint>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "finder/cache/disk/cache_info.h"
#include "finder/cache/disk/stage_area.h"
#include "fs/shared_files.h"

namespace finder {

class CacheDirectory;

enum class StoreOutcome : uint8_t {
  kStored,
  kTooLarge,  // skipped: alone over the limit, or the cache is overfull
  kBusy,      // skipped: the entry or the accounts are being worked on
};

struct PublishRequest {
  // Kind and sizes are filled in. The packing says which file is the object.
  EntryInfo info;
  // The entry that is to be replaced, and no other: its lock, held exclusively.
  // Null: whatever is there.
  std::unique_ptr<SharedFile> only_replacing = nullptr;
  // Of the new entry; none: those of what it replaces, and the present.
  std::optional<uint64_t> uses = std::nullopt;
  std::optional<int64_t> last_use_ns = std::nullopt;
};

// A stage area with an empty data/ in it. Unavailable, "PATH: reason".
absl::StatusOr<StageArea> StageEntry(CacheDirectory& cache);

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
  absl::Status Place();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace finder

#endif  // FINDER_FINDER_CACHE_ENTRY_PUBLISHING_H_
