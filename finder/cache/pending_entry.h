// An entry of the cache that is being made. Nobody sees it before Commit; if
// it is destroyed without, nothing is left, and after a crash nothing that the
// next upkeep does not sweep.
// Thread-compatible.
#ifndef FINDER_FINDER_CACHE_PENDING_ENTRY_H_
#define FINDER_FINDER_CACHE_PENDING_ENTRY_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "finder/cache/disk/cache_info.h"
#include "finder/cache/disk/stage_area.h"
#include "finder/cache/entry_publishing.h"
#include "fs/posix/process/interrupt.h"

namespace finder {

class PendingEntry {
 public:
  // `area` is that of StageEntry.
  PendingEntry(CacheDirectory* cache, std::string key, StageArea area);
  PendingEntry(PendingEntry&&) = default;

  // Where the object is to be written, as a file of that very name.
  std::string data_path() const;
  // Where a file beside it is, of a kind that has parts.
  std::string part_path(size_t number) const;
  const std::string& key() const { return key_; }

  // Makes what was written the entry, replacing another in one step. Skipped
  // without error if limits forbid it. Unavailable if the disk does, NotFound
  // if nothing was written. At most once.
  absl::StatusOr<StoreOutcome> Commit(ObjectDescription description);

 private:
  CacheDirectory* cache_;
  std::string key_;
  // A signal that would end the process waits until the area is gone.
  NamedTemporary counted_;
  StageArea area_;
};

}  // namespace finder

#endif  // FINDER_FINDER_CACHE_PENDING_ENTRY_H_
