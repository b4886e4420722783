#include "finder/cache/entry_removal.h"

#include <errno.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "finder/cache/cache_listing.h"
#include "finder/cache/disk/entry_files.h"
#include "finder/cache/disk/file_lock.h"
#include "finder/cache/disk/own_removal.h"
#include "finder/text/abseil_view.h"

namespace finder {
namespace {

std::string LockPath(const std::string& directory) {
  return directory + "/" + std::string(kEntryLockName);
}

}  // namespace

absl::StatusOr<RemoveOutcome> RemovalBatch::Remove(
    std::string_view key, std::optional<int64_t> unless_used_after_ns) {
  return RemoveUnless(key, [&](const LockedFile& lock) {
    return unless_used_after_ns &&
           lock.stat.modified_ns > *unless_used_after_ns;
  });
}

absl::StatusOr<RemoveOutcome> RemovalBatch::RemoveIncomplete(
    std::string_view key) {
  return RemoveUnless(
      key, [&](const LockedFile&) { return ListEntry(cache_, key).ok(); });
}

absl::StatusOr<RemoveOutcome> RemovalBatch::RemoveUnless(
    std::string_view key,
    absl::FunctionRef<bool(const LockedFile& lock)> keep) {
  const CacheEnvironment& environment = cache_.environment();
  const std::string entry = cache_.layout().Entry(key);
  const Result<LockedFile> lock =
      LockFileAt(environment, LockPath(entry), SharedAccess::kReadWrite,
                 LockMode::kExclusive);
  if (!lock.ok()) {
    if (lock.error().code() == EAGAIN) return RemoveOutcome::kInUse;
    if (lock.error().code() == ENOENT) return RemoveBare(key, entry);
    return CacheError(entry, lock.error());
  }
  if (keep(lock.value())) return RemoveOutcome::kInUse;
  if (!area_) {
    Result<StageArea> area =
        StageArea::Make(environment, cache_.layout(), cache_.info().sharing);
    if (!area.ok()) return CacheError(entry, area.error());
    area_.emplace(std::move(area).value());
  }
  const std::string away = absl::StrCat(area_->path(), "/", Abseil(key));
  const Outcome moved = environment.files->Rename(entry, away);
  if (!moved.ok()) return CacheError(entry, moved.error());
  const std::optional<int64_t> bytes = StoredBytes(environment, away);
  // From here on nobody sees it; what fails now is swept later.
  const Outcome removed = RemoveOwn(environment, away);
  const bool gone = removed.ok() || removed.error().code() == ENOTEMPTY;
  if (gone && bytes) {
    removed_bytes_ += static_cast<int64_t>(AccountedBytes(*bytes));
    ++removed_entries_;
  }
  return RemoveOutcome::kRemoved;
}

// An entry without a lock is gone, or an exclusive one that is about to get its
// lock: who is making it begins anew.
RemoveOutcome RemovalBatch::RemoveBare(std::string_view key,
                                       const std::string& entry) {
  const bool removed = cache_.KindOf(key).exclusive &&
                       cache_.environment().files->Remove(entry).ok();
  return removed ? RemoveOutcome::kRemoved : RemoveOutcome::kAbsent;
}

void RemovalBatch::Finish() {
  area_.reset();
  if (removed_entries_ == 0) return;
  static_cast<void>(cache_.size_log().Add(-removed_bytes_, -removed_entries_));
  removed_bytes_ = 0;
  removed_entries_ = 0;
}

}  // namespace finder
