#include "finder/cache/answer_entry.h"

#include <errno.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "finder/cache/entry_removal.h"
#include "finder/cache/stage_area.h"

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
    static_cast<void>(cache.environment().moves->SetPermissions(
        name, cache.file_permissions()));
  }
  return lock;
}

}  // namespace

AnswerEntry::AnswerEntry(CacheDirectory* cache, std::string key,
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

AnswerEntry::~AnswerEntry() {
  // Published, or moved from.
  if (lock_ == nullptr && prepared_ == nullptr) return;
  prepared_.reset();
  lock_.reset();
  // Whoever has locked it meanwhile keeps it.
  if (!used_) static_cast<void>(RemovalBatch(cache_).RemoveIncomplete(key_));
}

Result<AnswerEntry> AnswerEntry::TryLock(CacheDirectory& cache,
                                         std::string_view question) {
  std::string key = std::string(kAnswerKeyPrefix) + std::string(question);
  if (!IsCacheKey(key)) return SystemError(EINVAL);
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
      return AnswerEntry(&cache, std::move(key), std::move(lock).value());
    }
    // Upkeep took an empty one for a leftover.
    if (lock.error().code() != ENOENT) return lock.error();
  }
  return SystemError(EAGAIN);
}

absl::StatusOr<std::string> AnswerEntry::Read() const {
  absl::StatusOr<std::string> text = ReadAnswer(*cache_, key_);
  if (absl::IsNotFound(text.status())) return std::string();
  return text;
}

absl::Status AnswerEntry::Prepare(std::string_view text,
                                  const EntryDescription& description) {
  const CacheEnvironment& environment = cache_->environment();
  absl::StatusOr<StageArea> area = cache_->Stage();
  if (!area.ok()) return area.status();
  const std::string staged = area->path();
  Outcome written = MakeSharedDirectory(environment, In(staged, kDataName),
                                        cache_->info().sharing);
  if (written.ok()) {
    written = environment.small_files->Create(In(staged, kAnswerName), text,
                                              cache_->file_permissions());
  }
  if (!written.ok()) return CacheError(path_, written.error());
  PublishRequest request;
  request.info.key = key_;
  request.info.kind = ObjectKind::kAnswer;
  request.info.created_ns = environment.clock->RealtimeNs();
  request.info.description = description;
  request.uses = used_ ? uses_ + 1 : 0;
  request.only_replacing = std::move(lock_);
  prepared_ = std::make_unique<PreparedEntry>(*cache_, *std::move(area),
                                              std::move(request));
  const absl::StatusOr<StoreOutcome> prepared = prepared_->Prepare();
  if (!prepared.ok()) return prepared.status();
  switch (*prepared) {
    case StoreOutcome::kStored:
      return absl::OkStatus();
    case StoreOutcome::kTooLarge:
      return absl::ResourceExhaustedError(
          absl::StrCat(path_, ": the answer is larger than the cache may be"));
    case StoreOutcome::kBusy:
      break;
  }
  return absl::UnavailableError(
      absl::StrCat(path_, ": the accounts of the cache are in use"));
}

absl::Status AnswerEntry::Publish() {
  const Outcome placed = prepared_->Place();
  if (!placed.ok()) return CacheError(path_, placed.error());
  prepared_.reset();
  return absl::OkStatus();
}

void AnswerEntry::NoteUse() {
  if (lock_ == nullptr) return;
  static_cast<void>(lock_->Resize(static_cast<int64_t>(uses_) + 1));
}

absl::StatusOr<std::string> ReadAnswer(const CacheDirectory& cache,
                                       std::string_view key) {
  const std::string entry = cache.layout().Entry(key);
  auto file = cache.environment().files->OpenFile(In(entry, kAnswerName),
                                                  SymlinkPolicy::kNoFollow);
  if (!file.ok() && file.error().code() == ENOENT) {
    return absl::NotFoundError(absl::StrCat(entry, ": no answer"));
  }
  if (!file.ok()) return CacheError(entry, file.error());
  Result<std::string> bytes = ReadWhole(*file.value());
  if (!bytes.ok()) return CacheError(entry, bytes.error());
  return std::move(bytes).value();
}

}  // namespace finder
