#include "finder/cache/exclusive_entry.h"

#include <errno.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "finder/cache/disk/entry_files.h"
#include "finder/cache/disk/own_names.h"
#include "finder/cache/disk/stage_area.h"
#include "finder/cache/entry_removal.h"
#include "finder/text/abseil_view.h"

namespace finder {
namespace {

// Each is one removal that came just between two calls.
constexpr int kMaxAttempts = 8;

std::string In(const std::string& directory, std::string_view name) {
  return directory + "/" + std::string(name);
}

// Makes an empty entry, unless there is one.
Outcome MakeEntry(const CacheDirectory& cache, const std::string& path) {
  const CacheSharing sharing = cache.info().sharing;
  Outcome made = MakeSharedDirectory(cache.environment(), path, sharing);
  if (!made.ok() && made.error().code() == ENOENT) {
    // objects/ itself is gone.
    static_cast<void>(MakeSharedDirectory(
        cache.environment(), cache.layout().Of(kObjectsName), sharing));
    made = MakeSharedDirectory(cache.environment(), path, sharing);
  }
  if (!made.ok() && made.error().code() == EEXIST) return {};
  return made;
}

// The lock of an entry that may be there by now.
Result<LockedFile> LockNew(const CacheDirectory& cache,
                           const std::string& path) {
  const std::string name = In(path, kEntryLockName);
  Result<LockedFile> lock =
      LockFileAt(cache.environment(), name, SharedAccess::kCreateReadWrite,
                 LockMode::kExclusive, cache.file_permissions());
  if (lock.ok() && cache.info().sharing == CacheSharing::kGroup) {
    static_cast<void>(cache.environment().shared_files->SetPermissions(
        name, cache.file_permissions()));
  }
  return lock;
}

}  // namespace

ExclusiveEntry::ExclusiveEntry(CacheDirectory* cache, std::string key,
                               LockedFile lock)
    : cache_(cache),
      key_(std::move(key)),
      path_(cache_->layout().Entry(key_)),
      lock_(std::move(lock.file)),
      uses_(static_cast<uint64_t>(lock.stat.size_bytes)),
      used_(cache_->environment()
                .files
                ->Stat({}, In(path_, kEntryInfoName), SymlinkPolicy::kNoFollow)
                .ok()) {}

ExclusiveEntry::~ExclusiveEntry() {
  // Published, or moved from.
  if (lock_ == nullptr && prepared_ == nullptr) return;
  prepared_.reset();
  lock_.reset();
  // Whoever has locked it meanwhile keeps it.
  if (!used_) static_cast<void>(RemovalBatch(cache_).RemoveIncomplete(key_));
}

Result<ExclusiveEntry> ExclusiveEntry::TryLock(CacheDirectory& cache,
                                               std::string_view key) {
  if (!IsCacheKey(key) || !cache.KindOf(key).exclusive) {
    return SystemError(EINVAL);
  }
  const std::string path = cache.layout().Entry(key);
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    // Without making anything, so that a disk may be read-only.
    Result<LockedFile> lock =
        LockFileAt(cache.environment(), In(path, kEntryLockName),
                   SharedAccess::kReadWrite, LockMode::kExclusive);
    if (!lock.ok() && lock.error().code() == ENOENT) {
      const Outcome made = MakeEntry(cache, path);
      if (!made.ok()) return made.error();
      lock = LockNew(cache, path);
    }
    if (lock.ok()) {
      return ExclusiveEntry(&cache, std::string(key), std::move(lock).value());
    }
    // Upkeep took an empty one for a leftover.
    if (lock.error().code() != ENOENT) return lock.error();
  }
  return SystemError(EAGAIN);
}

absl::StatusOr<std::string> ExclusiveEntry::Read() const {
  absl::StatusOr<std::string> text = ReadUnlocked(*cache_, key_);
  if (absl::IsNotFound(text.status())) return std::string();
  return text;
}

absl::StatusOr<StoreOutcome> ExclusiveEntry::Prepare(
    std::string_view bytes, ObjectDescription description) {
  const CacheEnvironment& environment = cache_->environment();
  absl::StatusOr<StageArea> area = StageEntry(*cache_);
  if (!area.ok()) return area.status();
  const Outcome written = environment.shared_files->Create(
      In(area->path(), DataName(cache_->KindOf(key_), Packing::kPlain)), bytes,
      cache_->file_permissions());
  if (!written.ok()) return CacheError(path_, written.error());
  PublishRequest request;
  request.info.key = key_;
  request.info.created_ns = environment.clock->RealtimeNs();
  request.info.description = std::move(description);
  request.uses = used_ ? uses_ + 1 : 0;
  request.only_replacing = std::move(lock_);
  prepared_ = std::make_unique<PreparedEntry>(*cache_, *std::move(area),
                                              std::move(request));
  return prepared_->Prepare();
}

absl::Status ExclusiveEntry::Publish() {
  absl::Status placed = prepared_->Place();
  if (placed.ok()) prepared_.reset();
  return placed;
}

void ExclusiveEntry::NoteUse() {
  if (lock_ == nullptr) return;
  static_cast<void>(lock_->Resize(static_cast<int64_t>(uses_) + 1));
}

absl::StatusOr<std::string> ReadUnlocked(const CacheDirectory& cache,
                                         std::string_view key) {
  const std::string entry = cache.layout().Entry(key);
  auto file = cache.environment().files->OpenFile(cache.DataPath(key),
                                                  SymlinkPolicy::kNoFollow);
  if (!file.ok() && file.error().code() == ENOENT) {
    return absl::NotFoundError(
        absl::StrCat(entry, ": no ", Abseil(cache.KindOf(key).name)));
  }
  if (!file.ok()) return CacheError(entry, file.error());
  Result<std::string> bytes = ReadWhole(*file.value());
  if (!bytes.ok()) return CacheError(entry, bytes.error());
  return std::move(bytes).value();
}

}  // namespace finder
