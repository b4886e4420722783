// Load, Store and what is beside them. Opening is cache_opening.cc, changing
// the settings cache_settings.cc.
#include "finder/cache/cache_directory.h"

#include <errno.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "finder/cache/disk/entry_files.h"
#include "finder/cache/disk/file_lock.h"
#include "finder/cache/disk/own_names.h"
#include "finder/cache/entry_packing.h"
#include "finder/cache/entry_publishing.h"
#include "finder/cache/entry_removal.h"
#include "finder/cache/entry_repacking.h"
#include "finder/cache/exclusive_entry.h"

namespace finder {
namespace {

// Beyond this, what happened is dropped until upkeep has added it up: 3,000
// runs in an hour.
constexpr int64_t kMaxEventLogBytes = int64_t{64} << 10;

std::string In(const std::string& directory, std::string_view name) {
  return directory + "/" + std::string(name);
}

LoadOutcome Missed(Miss miss, std::string reason) {
  LoadOutcome outcome;
  outcome.miss = miss;
  outcome.reason = std::move(reason);
  return outcome;
}

absl::Status BadKey(std::string_view key) {
  std::string shown;
  for (const char letter : key.substr(0, kMaxKeyBytes)) {
    shown += letter > ' ' && letter < '\x7f' ? letter : '?';
  }
  return absl::InvalidArgumentError(
      absl::StrCat("'", shown, "': not a key of the cache"));
}

}  // namespace

CacheDirectory::CacheDirectory(const CacheEnvironment& environment,
                               CacheLayout layout, CacheInfo info)
    : environment_(environment),
      layout_(std::move(layout)),
      info_(std::move(info)) {}

LoadOutcome CacheDirectory::Load(std::string_view key) {
  LoadOutcome outcome = FindEntry(key);
  events_.Push(outcome.entry ? CacheEvent::kHit : CacheEvent::kMiss);
  return outcome;
}

bool CacheDirectory::IsLoadable(std::string_view key) const {
  return IsCacheKey(key) && !KindOf(key).exclusive;
}

LoadOutcome CacheDirectory::FindEntry(std::string_view key) {
  if (!IsLoadable(key)) {
    return Missed(Miss::kBadKey, std::string(BadKey(key).message()));
  }
  const std::string entry = layout_.Entry(key);
  const std::string data = DataPath(key);
  // The second time it has been unpacked.
  for (int attempt = 0; attempt < 2; ++attempt) {
    Result<LockedFile> lock =
        LockFileAt(environment_, In(entry, kEntryLockName),
                   SharedAccess::kReadWrite, LockMode::kShared);
    if (!lock.ok()) {
      const int code = lock.error().code();
      if (code == ENOENT) return Missed(Miss::kAbsent, "no entry yet");
      if (code == EAGAIN) {
        return Missed(Miss::kContended, "the entry is being replaced");
      }
      return Missed(Miss::kUnreadable,
                    absl::StrCat(entry, ": ", lock.error().Message()));
    }
    const Result<FileStat> stat =
        environment_.files->Stat({}, data, SymlinkPolicy::kNoFollow);
    if (stat.ok()) {
      LoadOutcome outcome;
      outcome.entry.emplace(entry, data, std::move(lock).value(),
                            static_cast<uint64_t>(stat->size_bytes));
      return outcome;
    }
    if (stat.error().code() != ENOENT) {
      return Missed(Miss::kUnreadable,
                    absl::StrCat(entry, ": ", stat.error().Message()));
    }
    const absl::Status unpacked =
        UnpackEntry(*this, key, std::move(lock).value());
    if (absl::IsNotFound(unpacked)) {
      return Missed(Miss::kAbsent, "the entry is not complete");
    }
    if (!unpacked.ok()) {
      return Missed(Miss::kUnreadable, std::string(unpacked.message()));
    }
  }
  return Missed(Miss::kContended, "the entry is being packed");
}

absl::StatusOr<PendingEntry> CacheDirectory::Store(std::string_view key) {
  if (!IsLoadable(key)) return BadKey(key);
  absl::StatusOr<StageArea> area = StageEntry(*this);
  if (!area.ok()) return area.status();
  return PendingEntry(this, std::string(key), *std::move(area));
}

absl::StatusOr<StageArea> CacheDirectory::Stage() {
  const std::string stage = layout_.Of(kStageName);
  for (const bool stage_may_be_gone : {true, false}) {
    Result<StageArea> area =
        StageArea::Make(environment_, layout_, info_.sharing);
    if (area.ok()) return std::move(area).value();
    if (area.error().code() != ENOENT || !stage_may_be_gone) {
      return CacheError(stage, area.error());
    }
    const Outcome made =
        MakeSharedDirectory(environment_, stage, info_.sharing);
    if (!made.ok() && made.error().code() != EEXIST) {
      return CacheError(stage, made.error());
    }
  }
  return absl::InternalError("not reached");
}

absl::StatusOr<std::string> CacheDirectory::ReadEntry(std::string_view key) {
  if (!IsCacheKey(key)) return BadKey(key);
  // Its lock may be held for as long as a scan takes.
  if (KindOf(key).exclusive) return ReadUnlocked(*this, key);
  const std::string entry = layout_.Entry(key);
  const Result<LockedFile> lock =
      LockFileAt(environment_, In(entry, kEntryLockName), SharedAccess::kRead,
                 LockMode::kShared);
  if (!lock.ok() && lock.error().code() == ENOENT) {
    return absl::NotFoundError(absl::StrCat(entry, ": no entry"));
  }
  if (!lock.ok()) return CacheError(entry, lock.error());
  auto file =
      environment_.files->OpenFile(DataPath(key), SymlinkPolicy::kNoFollow);
  if (!file.ok() && file.error().code() == ENOENT) {
    std::string bytes;
    absl::Status status =
        UnpackTo(*environment_.files, DataPath(key, Packing::kZstd),
                 [&](std::string_view piece) {
                   bytes.append(piece);
                   return absl::OkStatus();
                 });
    if (!status.ok()) return status;
    return bytes;
  }
  if (!file.ok()) return CacheError(entry, file.error());
  Result<std::string> bytes = ReadWhole(*file.value());
  if (!bytes.ok()) return CacheError(entry, bytes.error());
  return std::move(bytes).value();
}

absl::StatusOr<RemoveOutcome> CacheDirectory::Remove(std::string_view key) {
  if (!IsCacheKey(key)) return BadKey(key);
  return RemovalBatch(this).Remove(key);
}

void CacheDirectory::FlushEvents() {
  const CacheEventCounts counts = events_.Take();
  if (counts == CacheEventCounts{}) return;
  auto log = environment_.shared_files->Open(layout_.Of(kEventLogName),
                                             SharedAccess::kCreateReadWrite,
                                             file_permissions());
  if (!log.ok()) return;
  const Result<FileStat> stat = log.value()->Stat();
  if (!stat.ok() || stat->size_bytes > kMaxEventLogBytes) return;
  OpenToGroup(environment_, layout_.Of(kEventLogName), stat.value(),
              info_.sharing);
  static_cast<void>(log.value()->Append(EncodeEvents(counts)));
}

}  // namespace finder
