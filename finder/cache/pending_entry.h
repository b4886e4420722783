// An entry of the cache that is being made. Nobody sees it before Commit; if
// it is destroyed without, nothing is left, and after a crash nothing that the
// next upkeep does not sweep.
// Thread-compatible.
#ifndef FINDER_FINDER_CACHE_PENDING_ENTRY_H_
#define FINDER_FINDER_CACHE_PENDING_ENTRY_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "finder/cache/cache_info.h"
#include "finder/cache/stage_area.h"
#include "fs/posix/interrupt.h"

namespace finder {

class CacheDirectory;

enum class StoreOutcome : uint8_t {
  kStored,
  kTooLarge,  // skipped: alone over the limit, or the cache is overfull
  kBusy,      // skipped: the entry or the accounts are being worked on
};

struct PublishRequest {
  // Sizes are filled in. The packing says which file is the database.
  EntryInfo info;
  // The entry that is to be replaced, and no other: its lock, held exclusively.
  // Null: whatever is there.
  std::unique_ptr<SharedFile> only_replacing;
  // Of the new entry; none: those of what it replaces, and the present.
  std::optional<uint64_t> uses;
  std::optional<int64_t> last_use_ns;
};

class PendingEntry {
 public:
  PendingEntry(CacheDirectory* cache, std::string key, StageArea area);
  PendingEntry(PendingEntry&&) = default;

  // Where the database is to be written, as a file of that very name.
  std::string database_path() const;
  const std::string& key() const { return key_; }

  // Makes what was written the entry, replacing another in one step. Skipped
  // without error if limits forbid it. Unavailable if the disk does, NotFound
  // if no database was written. At most once.
  absl::StatusOr<StoreOutcome> Commit(const EntryDescription& description);

  // For the cache itself: makes it the entry as `request` says.
  absl::StatusOr<StoreOutcome> Publish(PublishRequest request);

  // The directory that becomes the entry's.
  const std::string& path() const { return area_.path(); }

 private:
  CacheDirectory* cache_;
  std::string key_;
  StageArea area_;
  // A signal that would end the process waits for this short while.
  NamedTemporary counted_;
};

}  // namespace finder

#endif  // FINDER_FINDER_CACHE_PENDING_ENTRY_H_
