#include "finder/kept/answer_home.h"

#include <errno.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "finder/cache/disk/file_lock.h"
#include "finder/cache/exclusive_entry.h"
#include "finder/kept/lock_wait.h"
#include "finder/kept/object_kinds.h"
#include "fs/file_system.h"

namespace finder {
namespace {

constexpr uint32_t kWritableByOthers = 0002;

absl::Status Unavailable(const std::string& path, SystemError error) {
  return absl::UnavailableError(absl::StrCat(path, ": ", error.Message()));
}

// Why the lock of the home at `path` was not had.
absl::Status NotLocked(const std::string& path, SystemError error) {
  if (error.code() != EAGAIN) return Unavailable(path, error);
  return absl::UnavailableError(
      absl::StrCat(path, ": in use by another run for ",
                   kAnswerWaitNs / 1'000'000'000, " s; nothing is told"));
}

// What cannot be read is not known.
AnswerStates Decoded(std::string_view text) {
  absl::StatusOr<AnswerStates> states = AnswerStates::Decode(text);
  return states.ok() ? *std::move(states) : AnswerStates();
}

class CachedAnswer : public AnswerHome {
 public:
  CachedAnswer(ExclusiveEntry entry, AnswerStates kept,
               EntryDescription description)
      : AnswerHome(std::move(kept)),
        entry_(std::move(entry)),
        description_(std::move(description)) {}

  absl::Status Publish() override { return entry_.Publish(); }
  void NoteUse() override { entry_.NoteUse(); }

 private:
  absl::Status Stage(const std::string& text) override {
    const absl::StatusOr<StoreOutcome> prepared =
        entry_.Prepare(text, EncodeDescription(description_));
    if (!prepared.ok()) return prepared.status();
    switch (*prepared) {
      case StoreOutcome::kStored:
        return absl::OkStatus();
      case StoreOutcome::kTooLarge:
        return absl::ResourceExhaustedError(absl::StrCat(
            entry_.path(), ": the answer is larger than the cache may be"));
      case StoreOutcome::kBusy:
        break;
    }
    return absl::UnavailableError(
        absl::StrCat(entry_.path(), ": the accounts of the cache are in use"));
  }

  ExclusiveEntry entry_;
  const EntryDescription description_;
};

// The file with the answers of all questions to one database.
class AnswerSidecar : public AnswerHome {
 public:
  AnswerSidecar(FileSystem* files, std::string path, LockedFile lock,
                AnswerStates kept)
      : AnswerHome(std::move(kept)),
        files_(*files),
        path_(std::move(path)),
        lock_(std::move(lock.file)),
        empty_(lock.stat.size_bytes == 0) {}
  // Nobody replaces or removes the file while it is locked, so the name means
  // this one.
  ~AnswerSidecar() override {
    pending_.reset();
    if (empty_ && !published_) static_cast<void>(files_.Remove(path_));
  }

  absl::Status Publish() override {
    // Flushed: an exchange would leave the old file, which is locked.
    const Outcome committed = pending_->Commit();
    if (!committed.ok()) return Unavailable(path_, committed.error());
    published_ = true;
    return absl::OkStatus();
  }

 private:
  absl::Status Stage(const std::string& text) override {
    auto file = files_.CreateFile(path_, 0600);
    if (!file.ok()) return Unavailable(path_, file.error());
    pending_ = std::move(file).value();
    const Outcome written = pending_->Append(text);
    return written.ok() ? absl::OkStatus()
                        : Unavailable(path_, written.error());
  }

  FileSystem& files_;
  const std::string path_;
  const std::unique_ptr<SharedFile> lock_;
  const bool empty_;  // made by this run, or by one that was killed
  std::unique_ptr<PendingFile> pending_;
  bool published_ = false;
};

Result<LockedFile> TryLockSidecar(const CacheEnvironment& environment,
                                  const std::string& path) {
  // Without making anything, so that a disk may be read-only.
  Result<LockedFile> lock = LockFileAt(
      environment, path, SharedAccess::kReadWrite, LockMode::kExclusive);
  if (lock.ok() || lock.error().code() != ENOENT) return lock;
  return LockFileAt(environment, path, SharedAccess::kCreateReadWrite,
                    LockMode::kExclusive);
}

// Whether the file may be replaced: it is one of ours, or what a power cut has
// left of one.
bool IsOurs(std::string_view text) {
  return text.empty() || text[0] == '\0' || text.starts_with(kAnswersMagic);
}

}  // namespace

absl::StatusOr<std::unique_ptr<AnswerHome>> OpenAnswerHome(
    CacheDirectory& cache, const std::string& question,
    EntryDescription description) {
  const std::string key = std::string(kAnswerKeyPrefix) + question;
  Result<ExclusiveEntry> entry =
      WaitForLock(*cache.environment().clock, kAnswerWaitNs,
                  [&] { return ExclusiveEntry::TryLock(cache, key); });
  if (!entry.ok()) {
    return NotLocked(cache.layout().Entry(key), entry.error());
  }
  const absl::StatusOr<std::string> text = entry->Read();
  if (!text.ok()) return text.status();
  return std::make_unique<CachedAnswer>(std::move(entry).value(),
                                        Decoded(*text), std::move(description));
}

absl::StatusOr<std::unique_ptr<AnswerHome>> OpenAnswerHome(
    const CacheEnvironment& environment, const std::string& database) {
  std::string path = database + ".answers";
  Result<LockedFile> lock = WaitForLock(*environment.clock, kAnswerWaitNs, [&] {
    return TryLockSidecar(environment, path);
  });
  if (!lock.ok()) return NotLocked(path, lock.error());
  const FileStat& stat = lock->stat;
  const Result<std::string> text =
      lock->file->Read(static_cast<size_t>(stat.size_bytes));
  if (!text.ok()) return Unavailable(path, text.error());
  if (!IsOurs(text.value())) {
    return absl::FailedPreconditionError(absl::StrCat(
        path, ": is to hold what is known of last time, but is no such file"));
  }
  // As with databases: who else may write there may lie.
  const bool believed = stat.owner == environment.host.user_id &&
                        (stat.permissions & kWritableByOthers) == 0;
  return std::make_unique<AnswerSidecar>(
      environment.files, std::move(path), std::move(lock).value(),
      believed ? Decoded(text.value()) : AnswerStates());
}

}  // namespace finder
