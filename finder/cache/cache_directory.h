// The shared cache directory: objects of many trees, views, tools and CI jobs
// side by side, each under a key, safe under parallel use.
// doc/cache_directory.md tells the layout, the life of an entry, the order of
// locks and the races.
//
//   auto cache = CacheDirectory::Open(environment, {.path = path});
//   LoadOutcome loaded = (*cache)->Load(key);  // shared lock, no waiting
//   ... read loaded.entry->data_path() ...
//   loaded.entry->Release();                   // notes the use
//   auto pending = (*cache)->Store(key);       // if something changed
//   ... write pending->data_path() ...
//   pending->Commit(description);              // atomically visible
//   (*cache)->FlushEvents();
//   StartUpkeepIfDue(...)                      // finder/cache/upkeep/upkeep.h
//
// What an object is, is its owner's business: it is neither looked into nor
// checked here, and its owner says by an ObjectKind how it is to be treated. A
// cache gives no promise to keep anything.
//
// Thread-safety: all methods of CacheDirectory may be called from any thread.
// What they return is used by one thread at a time, and must not outlive it.
#ifndef FINDER_FINDER_CACHE_CACHE_DIRECTORY_H_
#define FINDER_FINDER_CACHE_CACHE_DIRECTORY_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "finder/cache/disk/cache_environment.h"
#include "finder/cache/disk/cache_info.h"
#include "finder/cache/disk/event_queue.h"
#include "finder/cache/disk/object_kind.h"
#include "finder/cache/disk/size_log.h"
#include "finder/cache/disk/stage_area.h"
#include "finder/cache/loaded_entry.h"
#include "finder/cache/pending_entry.h"

namespace finder {

enum class IfNoCache : uint8_t { kCreate, kFail };

struct CachePlace {
  std::string path;  // absolute, where upkeep is to start by itself
  // Directories above `path` are made where missing, but for those that are
  // part of `given`; empty: none is.
  std::optional<std::string> make_parents_below = std::nullopt;
  IfNoCache if_no_cache = IfNoCache::kCreate;
};

enum class RemoveOutcome : uint8_t { kRemoved, kInUse, kAbsent };

class CacheDirectory {
 public:
  // Opens the cache, or creates it, in parallel with others and without
  // touching what is there. Nothing of `environment` is owned.
  //
  // Refuses with "PATH: reason":
  //   NotFound            nothing there, and kFail
  //   PermissionDenied    another user's, writable by others, or reached by a
  //                       symlink of another user's; no access
  //   FailedPrecondition  no directory; or not empty and no cache
  //   Unimplemented       a newer format
  //   Unavailable         the disk: full, read-only, broken
  // REQUIRES: `environment.kinds` names a kind.
  // A cache that exists on a read-only disk opens, and only Load works.
  static absl::StatusOr<std::unique_ptr<CacheDirectory>> Open(
      const CacheEnvironment& environment, const CachePlace& place);

  // The entry for reading, locked against removal until it is released. Any
  // reason why there is none is a miss. A packed entry is unpacked first, and
  // stays so. Neither this nor Store is for an exclusive kind.
  LoadOutcome Load(std::string_view key);

  // An entry to be filled, invisible until committed. InvalidArgument for a
  // malformed key; else Unavailable, "PATH: reason".
  absl::StatusOr<PendingEntry> Store(std::string_view key);

  // A directory for the caller alone, that goes when it is destroyed or, after
  // a crash, with the next upkeep.
  absl::StatusOr<StageArea> Stage();

  // The bytes of any entry's object, unpacked; no use is noted. NotFound if
  // there is none, Unavailable if it is contended, DataLoss if its packing is
  // damaged.
  absl::StatusOr<std::string> ReadEntry(std::string_view key);

  // Removes an entry that nobody uses. Unavailable if the disk forbids it.
  absl::StatusOr<RemoveOutcome> Remove(std::string_view key);

  // Change cache.info. Unavailable if another process is at it, or the disk
  // forbids it. kGroup gives the directory's group access to all that is there
  // and comes; kPrivate takes it.
  absl::Status SetLimits(const CacheLimits& limits);
  absl::Status SetSharing(CacheSharing sharing);

  // Hands what happened to the statistics, in one small write. Nothing is
  // waited for, and what cannot be written is dropped. See event_queue.h.
  void FlushEvents();

  const std::string& path() const { return layout_.path; }
  const CacheInfo& info() const { return info_; }
  const CacheLayout& layout() const { return layout_; }
  const CacheEnvironment& environment() const { return environment_; }
  EventQueue& events() { return events_; }
  // The accounts.
  SizeLog size_log() const {
    return SizeLog(environment_, layout_, info_.sharing);
  }
  // Where the object of `key` lies, whether there is one or not.
  std::string DataPath(std::string_view key,
                       Packing packing = Packing::kPlain) const {
    return layout_.Entry(key) + "/" + DataName(KindOf(key), packing);
  }
  // Of what is under `key`.
  const ObjectKind& KindOf(std::string_view key) const {
    return finder::KindOf(environment_.kinds, key);
  }

  // For files of an entry: 0600, or 0660 in a group's cache.
  uint32_t file_permissions() const { return FilePermissions(info_.sharing); }

  // Whether a store of this process has found the cache over a limit, or its
  // accounts lost: then upkeep is due earlier.
  bool overfull() const { return overfull_; }
  void NoteOverfull() { overfull_ = true; }

 private:
  CacheDirectory(const CacheEnvironment& environment, CacheLayout layout,
                 CacheInfo info);

  LoadOutcome FindEntry(std::string_view key);
  // Whether Load and Store are for what is under `key`.
  bool IsLoadable(std::string_view key) const;

  const CacheEnvironment environment_;
  const CacheLayout layout_;
  const CacheInfo info_;  // as it was when opened
  EventQueue events_;
  std::atomic<bool> overfull_{false};
};

}  // namespace finder

#endif  // FINDER_FINDER_CACHE_CACHE_DIRECTORY_H_
