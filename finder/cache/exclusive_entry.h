// An entry that one process has alone, from before its object is made until the
// new one is in its place: of a kind with which more is lost than time, so that
// two that work on it at once would spoil each other's work. What is in it, and
// what is to be said when it cannot be had, is its owner's business.
// doc/cache_directory.md, "Answers".
//
// Thread-compatible.
#ifndef FINDER_FINDER_CACHE_EXCLUSIVE_ENTRY_H_
#define FINDER_FINDER_CACHE_EXCLUSIVE_ENTRY_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "finder/cache/cache_directory.h"
#include "finder/cache/disk/cache_info.h"
#include "finder/cache/disk/file_lock.h"
#include "finder/cache/entry_publishing.h"
#include "fs/result.h"
#include "fs/shared_files.h"

namespace finder {

class ExclusiveEntry {
 public:
  // Locks the entry of `key` against everybody, and makes an empty one where
  // there is none. Does not wait: EAGAIN if another has it. EINVAL if the key
  // is none, or of a kind that is not exclusive. `cache` must outlive it.
  static Result<ExclusiveEntry> TryLock(CacheDirectory& cache,
                                        std::string_view key);

  ExclusiveEntry(ExclusiveEntry&&) noexcept = default;
  ExclusiveEntry& operator=(ExclusiveEntry&&) = delete;
  // Leaves no empty entry behind.
  ~ExclusiveEntry();

  const std::string& path() const { return path_; }
  // The object; empty if there is none yet.
  absl::StatusOr<std::string> Read() const;

  // Writes what is to be the object from now on, without anybody seeing it. All
  // that can fail for want of room or rights fails here: Unavailable, or
  // another outcome than kStored.
  absl::StatusOr<StoreOutcome> Prepare(std::string_view bytes,
                                       ObjectDescription description);
  // Makes it the object, in one step, and unlocks the entry. Once, after a
  // Prepare that returned kStored.
  absl::Status Publish();

  // Counts a use that changes nothing.
  void NoteUse();

 private:
  ExclusiveEntry(CacheDirectory* cache, std::string key, LockedFile lock);

  CacheDirectory* cache_;
  std::string key_;
  std::string path_;
  std::unique_ptr<SharedFile> lock_;  // null once it is handed on
  uint64_t uses_;
  std::unique_ptr<PreparedEntry> prepared_;
  // Whether there was ever an object in it.
  bool used_;
};

// The object of an exclusive entry, read without a lock, since it is never
// written again. NotFound if there is none.
absl::StatusOr<std::string> ReadUnlocked(const CacheDirectory& cache,
                                         std::string_view key);

}  // namespace finder

#endif  // FINDER_FINDER_CACHE_EXCLUSIVE_ENTRY_H_
