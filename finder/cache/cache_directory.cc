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
#include "finder/cache/entry_packing.h"
#include "finder/cache/entry_publishing.h"
#include "finder/cache/entry_removal.h"
#include "finder/cache/file_lock.h"

namespace finder {
namespace {

constexpr size_t kMaxKeyBytes = 64;
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

bool IsCacheKey(std::string_view key) {
  return !key.empty() && key.size() <= kMaxKeyBytes && key[0] != '-' &&
         std::all_of(key.begin(), key.end(), [](char letter) {
           return (letter >= 'a' && letter <= 'z') ||
                  (letter >= '0' && letter <= '9') || letter == '-' ||
                  letter == '_';
         });
}

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

LoadOutcome CacheDirectory::FindEntry(std::string_view key) {
  if (!IsCacheKey(key)) {
    return Missed(Miss::kBadKey, std::string(BadKey(key).message()));
  }
  const std::string entry = layout_.Entry(key);
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
    const Result<FileStat> database = environment_.files->Stat(
        {}, In(entry, kDatabaseName), SymlinkPolicy::kNoFollow);
    if (database.ok()) {
      LoadOutcome outcome;
      outcome.entry.emplace(entry, std::move(lock).value(),
                            static_cast<uint64_t>(database->size_bytes));
      return outcome;
    }
    if (database.error().code() != ENOENT) {
      return Missed(Miss::kUnreadable,
                    absl::StrCat(entry, ": ", database.error().Message()));
    }
    const absl::Status unpacked = Unpack(key, std::move(lock).value());
    if (absl::IsNotFound(unpacked)) {
      return Missed(Miss::kAbsent, "the entry is not complete");
    }
    if (!unpacked.ok()) {
      return Missed(Miss::kUnreadable, std::string(unpacked.message()));
    }
  }
  return Missed(Miss::kContended, "the entry is being packed");
}

absl::Status CacheDirectory::Unpack(std::string_view key, LockedFile lock) {
  const std::string entry = layout_.Entry(key);
  const Result<std::string> text = environment_.small_files->Read(
      {}, In(entry, kEntryInfoName), kMaxInfoBytes);
  if (!text.ok() && text.error().code() == ENOENT) {
    return absl::NotFoundError("no object.info");
  }
  if (!text.ok()) return CacheError(entry, text.error());
  std::optional<EntryInfo> info = EntryInfoDecoder().Decode(text.value());
  if (!info || info->packing != Packing::kZstd || info->key != key) {
    return absl::NotFoundError("no database");
  }
  absl::StatusOr<PendingEntry> pending = Store(key);
  if (!pending.ok()) return pending.status();
  absl::Status unpacked =
      UnpackFile(*environment_.files, In(entry, kPackedDatabaseName),
                 pending->database_path(), file_permissions());
  if (!unpacked.ok()) return unpacked;
  info->packing = Packing::kPlain;
  PublishRequest request = {.info = *std::move(info),
                            .only_replacing = nullptr,
                            .uses = static_cast<uint64_t>(lock.stat.size_bytes),
                            .last_use_ns = lock.stat.modified_ns};
  lock.file.reset();
  const absl::StatusOr<StoreOutcome> stored =
      pending->Publish(std::move(request));
  if (!stored.ok()) return stored.status();
  if (*stored != StoreOutcome::kStored) {
    return absl::UnavailableError("no room to unpack the entry");
  }
  events_.Push(CacheEvent::kUnpacked);
  return absl::OkStatus();
}

absl::StatusOr<PendingEntry> CacheDirectory::Store(std::string_view key) {
  if (!IsCacheKey(key)) return BadKey(key);
  absl::StatusOr<StageArea> area = Stage();
  if (!area.ok()) return area.status();
  const Outcome made = MakeSharedDirectory(
      environment_, In(area->path(), kDataName), info_.sharing);
  if (!made.ok()) return CacheError(area->path(), made.error());
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
  const std::string entry = layout_.Entry(key);
  const Result<LockedFile> lock =
      LockFileAt(environment_, In(entry, kEntryLockName), SharedAccess::kRead,
                 LockMode::kShared);
  if (!lock.ok() && lock.error().code() == ENOENT) {
    return absl::NotFoundError(absl::StrCat(entry, ": no entry"));
  }
  if (!lock.ok()) return CacheError(entry, lock.error());
  auto file = environment_.files->OpenFile(In(entry, kDatabaseName),
                                           SymlinkPolicy::kNoFollow);
  if (!file.ok() && file.error().code() == ENOENT) {
    std::string bytes;
    absl::Status status =
        UnpackTo(*environment_.files, In(entry, kPackedDatabaseName),
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
