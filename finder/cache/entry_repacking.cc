#include "finder/cache/entry_repacking.h"

#include <errno.h>

#include <optional>
#include <string>
#include <utility>

#include "finder/cache/disk/entry_files.h"
#include "finder/cache/entry_packing.h"
#include "finder/cache/entry_publishing.h"
#include "fs/posix/process/interrupt.h"

namespace finder {
namespace {

std::string In(const std::string& directory, std::string_view name) {
  return directory + "/" + std::string(name);
}

}  // namespace

absl::Status UnpackEntry(CacheDirectory& cache, std::string_view key,
                         LockedFile lock) {
  const CacheEnvironment& environment = cache.environment();
  const ObjectKind& kind = cache.KindOf(key);
  const std::string entry = cache.layout().Entry(key);
  const Result<std::string> text = environment.shared_files->Read(
      {}, In(entry, kEntryInfoName), kMaxInfoBytes);
  if (!text.ok() && text.error().code() == ENOENT) {
    return absl::NotFoundError("no object.info");
  }
  if (!text.ok()) return CacheError(entry, text.error());
  std::optional<EntryInfo> info = EntryInfoDecoder().Decode(text.value());
  if (!info || info->packing != Packing::kZstd || info->key != key) {
    return absl::NotFoundError("nothing packed");
  }
  const NamedTemporary counted;
  absl::StatusOr<StageArea> area = StageEntry(cache);
  if (!area.ok()) return area.status();
  absl::Status unpacked =
      UnpackFile(*environment.files, cache.DataPath(key, Packing::kZstd),
                 In(area->path(), DataName(kind, Packing::kPlain)),
                 cache.file_permissions());
  if (!unpacked.ok()) return unpacked;
  info->packing = Packing::kPlain;
  PublishRequest request = {.info = *std::move(info),
                            .only_replacing = nullptr,
                            .uses = static_cast<uint64_t>(lock.stat.size_bytes),
                            .last_use_ns = lock.stat.modified_ns};
  // Publishing locks what is there by then.
  lock.file.reset();
  const absl::StatusOr<StoreOutcome> stored =
      PublishEntry(cache, *area, std::move(request));
  if (!stored.ok()) return stored.status();
  if (*stored != StoreOutcome::kStored) {
    return absl::UnavailableError("no room to unpack the entry");
  }
  cache.events().Push(CacheEvent::kUnpacked);
  return absl::OkStatus();
}

absl::StatusOr<bool> PackEntry(CacheDirectory& cache,
                               const ListedEntry& entry) {
  const CacheEnvironment& environment = cache.environment();
  const ObjectKind& kind = cache.KindOf(entry.key);
  const std::string directory = cache.layout().Entry(entry.key);
  const std::string lock_path = In(directory, kEntryLockName);
  Result<LockedFile> lock = LockFileAt(environment, lock_path,
                                       SharedAccess::kRead, LockMode::kShared);
  if (!lock.ok() || lock->stat.modified_ns != entry.last_use_ns) return false;
  const NamedTemporary counted;
  absl::StatusOr<StageArea> area = StageEntry(cache);
  if (!area.ok()) return area.status();
  absl::Status packed =
      PackFile(*environment.files, cache.DataPath(entry.key),
               In(area->path(), DataName(kind, Packing::kZstd)),
               cache.file_permissions());
  if (!packed.ok()) return packed;
  if (!lock->file->TryLock(LockMode::kExclusive).ok() ||
      !IsStillAt(environment, lock_path, lock->stat)) {
    return false;
  }
  // Changing a lock drops it for a moment.
  const Result<FileStat> now = lock->file->Stat();
  if (!now.ok() || now->modified_ns != entry.last_use_ns) return false;
  PublishRequest request = {.info = entry.info,
                            .only_replacing = std::move(lock->file),
                            .uses = entry.uses,
                            .last_use_ns = entry.last_use_ns};
  request.info.packing = Packing::kZstd;
  const absl::StatusOr<StoreOutcome> stored =
      PublishEntry(cache, *area, std::move(request));
  if (!stored.ok()) return stored.status();
  if (*stored != StoreOutcome::kStored) return false;
  cache.events().Push(CacheEvent::kPacked);
  return true;
}

}  // namespace finder
