#include "finder/cache/entry_publishing.h"

#include <errno.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "finder/text/abseil_view.h"

namespace finder {
namespace {

// Each is another process that stored or removed the same entry just then.
constexpr int kMaxAttempts = 16;

std::string LockPath(const std::string& directory) {
  return directory + "/" + std::string(kEntryLockName);
}

std::string DataPath(const std::string& directory, const EntryInfo& info) {
  std::string_view name = kDatabaseName;
  if (info.packing == Packing::kZstd) name = kPackedDatabaseName;
  if (info.kind == ObjectKind::kAnswer) name = kAnswerName;
  return directory + "/" + std::string(name);
}

// The lock of the entry as it is, shared: while it is held nobody removes the
// entry, but others may replace it too. `access` kCreateReadWrite gives one to
// what a crash has left without.
Result<std::optional<LockedFile>> LockCurrent(const CacheDirectory& cache,
                                              const std::string& entry,
                                              SharedAccess access) {
  Result<LockedFile> lock =
      LockFileAt(cache.environment(), LockPath(entry), access,
                 LockMode::kShared, cache.file_permissions());
  if (lock.ok()) return std::optional(std::move(lock).value());
  if (lock.error().code() == ENOENT) return std::optional<LockedFile>();
  return lock.error();
}

// Where the kernel or the disk cannot exchange: first the old one away, then
// the new one there. In between there is none, which is a miss.
Outcome ReplaceInTwoSteps(const CacheDirectory& cache,
                          const std::string& staged, const std::string& entry,
                          std::string& old) {
  const CacheEnvironment& environment = cache.environment();
  const Result<std::string> away = environment.moves->MakeUniqueDirectory(
      cache.layout().Of(kStageName), kStagePrefix,
      DirectoryPermissions(cache.info().sharing));
  if (!away.ok()) return away.error();
  // Onto an empty directory, which a rename replaces.
  const Outcome moved = environment.files->Rename(entry, away.value());
  if (!moved.ok()) {
    static_cast<void>(environment.files->Remove(away.value()));
    return moved;
  }
  old = away.value();
  return environment.files->Rename(staged, entry);
}

struct Placed {
  std::string old;  // where the replaced entry is now; empty: there was none
};

// Brings `staged` to `entry`. `has_current` says that the entry was there and
// is locked.
Result<Placed> Place(const CacheDirectory& cache, const std::string& staged,
                     const std::string& entry, bool has_current) {
  const CacheEnvironment& environment = cache.environment();
  if (!has_current) {
    const Outcome renamed = environment.files->Rename(staged, entry);
    if (renamed.ok()) return Placed();
    const int code = renamed.error().code();
    if (code == ENOTEMPTY || code == EEXIST) return SystemError(EAGAIN);
    if (code != ENOENT) return renamed.error();
    const Outcome made = MakeSharedDirectory(
        environment, cache.layout().Of(kObjectsName), cache.info().sharing);
    return made.ok() ? SystemError(EAGAIN) : renamed.error();
  }
  Outcome exchanged = environment.moves->Exchange(staged, entry);
  Placed placed = {staged};
  const int code = exchanged.error().code();
  if (code == EINVAL || code == ENOSYS || code == EOPNOTSUPP) {
    exchanged = ReplaceInTwoSteps(cache, staged, entry, placed.old);
  }
  if (exchanged.ok()) return placed;
  if (exchanged.error().code() == ENOENT) return SystemError(EAGAIN);
  return exchanged.error();
}

class Publisher {
 public:
  Publisher(CacheDirectory& cache, StageArea& area, PublishRequest request)
      : cache_(cache),
        environment_(cache.environment()),
        area_(area),
        request_(std::move(request)),
        entry_(cache.layout().Entry(request_.info.key)) {}

  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  // The steps before anybody sees the entry. kStored: they are done.
  absl::StatusOr<StoreOutcome> Prepare() {
    absl::StatusOr<StoreOutcome> completed = CompleteAll();
    if (!completed.ok() || *completed != StoreOutcome::kStored) {
      return completed;
    }
    const Outcome accounted = Account(/*replaces=*/true);
    if (accounted.ok()) return StoreOutcome::kStored;
    if (accounted.error().code() == EBUSY) return StoreOutcome::kBusy;
    return CacheError(entry_, accounted.error());
  }

  // The last step of what is prepared.
  Outcome PlacePrepared() { return TryToPlace(0); }

  // Takes what is prepared, and will not be placed, off the accounts.
  void Abandon() { Unaccount(); }

  absl::StatusOr<StoreOutcome> Publish() {
    absl::StatusOr<StoreOutcome> completed = CompleteAll();
    if (!completed.ok() || *completed != StoreOutcome::kStored) {
      return completed;
    }
    for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
      const Outcome placed = TryToPlace(attempt);
      if (placed.ok()) return StoreOutcome::kStored;
      switch (placed.error().code()) {
        case EAGAIN:
          continue;
        case EDQUOT:  // of ours: the cache is overfull
          return StoreOutcome::kTooLarge;
        case EBUSY:
          return StoreOutcome::kBusy;
        default:
          return CacheError(entry_, placed.error());
      }
    }
    Unaccount();
    return StoreOutcome::kBusy;
  }

 private:
  absl::StatusOr<StoreOutcome> CompleteAll() {
    const Outcome completed = Complete();
    if (!completed.ok() && completed.error().code() == ENOENT) {
      return absl::NotFoundError(
          absl::StrCat(entry_, ": no database was written"));
    }
    if (!completed.ok()) return CacheError(entry_, completed.error());
    return IsAloneTooLarge() ? StoreOutcome::kTooLarge : StoreOutcome::kStored;
  }

  // Writes what the entry has beside its data.
  Outcome Complete() {
    EntryInfo& info = request_.info;
    const std::string data = DataPath(area_.path(), info);
    const Result<FileStat> stat =
        environment_.files->Stat({}, data, SymlinkPolicy::kNoFollow);
    if (!stat.ok()) return stat.error();
    if (info.packing == Packing::kPlain) {
      info.database_bytes = static_cast<uint64_t>(stat->size_bytes);
    }
    info.accounted_bytes = AccountedBytes(stat->size_bytes);
    const std::string path = area_.path() + "/" + std::string(kEntryInfoName);
    const Outcome created = environment_.small_files->Create(
        path, EncodeEntryInfo(info), cache_.file_permissions());
    if (!created.ok() || cache_.info().sharing == CacheSharing::kPrivate) {
      return created;
    }
    for (const std::string& file : {path, data}) {
      const Outcome set =
          environment_.moves->SetPermissions(file, cache_.file_permissions());
      if (!set.ok()) return set;
    }
    return {};
  }

  bool IsAloneTooLarge() const {
    const auto limit = cache_.info().limits.max_bytes;
    return limit && request_.info.accounted_bytes > *limit;
  }

  // Accounts for the entry, once. EDQUOT if it may not come in.
  Outcome Account(bool replaces) {
    if (accounted_) return {};
    const Result<AccountedSize> sum = SizeLogOf(cache_).Add(
        static_cast<int64_t>(request_.info.accounted_bytes), 1);
    if (!sum.ok()) {
      const int code = sum.error().code();
      return code == EAGAIN || code == EFBIG ? SystemError(EBUSY) : sum.error();
    }
    accounted_ = true;
    const CacheLimits& limits = cache_.info().limits;
    const bool full =
        !sum->counted || (limits.max_bytes && sum->bytes > *limits.max_bytes) ||
        (limits.max_entries && sum->entries > *limits.max_entries);
    if (full) cache_.NoteOverfull();
    // What replaces another makes room for itself.
    const bool overfull =
        (limits.max_bytes &&
         sum->bytes > PercentOf(*limits.max_bytes, kOverflowPercent)) ||
        (limits.max_entries &&
         sum->entries > PercentOf(*limits.max_entries, kOverflowPercent));
    if (!overfull || replaces) return {};
    Unaccount();
    return SystemError(EDQUOT);
  }

  void Unaccount() {
    if (!accounted_) return;
    accounted_ = false;
    static_cast<void>(SizeLogOf(cache_).Add(
        -static_cast<int64_t>(request_.info.accounted_bytes), -1));
  }

  // Uses and time of the new entry are set before it is visible.
  void SetUse(const std::optional<LockedFile>& current) {
    const uint64_t inherited =
        current ? static_cast<uint64_t>(current->stat.size_bytes) : 0;
    const uint64_t uses = request_.uses.value_or(inherited);
    if (uses > 0) {
      static_cast<void>(area_.lock().Resize(static_cast<int64_t>(uses)));
    }
    if (request_.last_use_ns) {
      static_cast<void>(area_.lock().SetModifiedTime(*request_.last_use_ns));
    }
  }

  // One attempt; EAGAIN for another, EBUSY if there is no use in one.
  Outcome TryToPlace(int attempt) {
    std::optional<LockedFile> current;
    const bool only = request_.only_replacing != nullptr;
    if (!only) {
      // Something without a lock was there, or another store was faster.
      const SharedAccess access =
          attempt == 0 ? SharedAccess::kRead : SharedAccess::kCreateReadWrite;
      Result<std::optional<LockedFile>> locked =
          LockCurrent(cache_, entry_, access);
      if (!locked.ok() && locked.error().code() == EAGAIN) {
        return GiveUp(EBUSY);
      }
      if (!locked.ok()) return GiveUp(locked.error().code());
      current = std::move(locked).value();
    }
    const bool has_current = only || current.has_value();
    if (Outcome done = Account(has_current); !done.ok()) return done;
    SetUse(current);
    const Result<Placed> placed =
        Place(cache_, area_.path(), entry_, has_current);
    if (!placed.ok()) {
      const int code = placed.error().code();
      if (code == EAGAIN) return placed.error();
      return GiveUp(code);
    }
    area_.Give();
    accounted_ = false;  // for good: it is not ours to take off any more
    // Only now, for until then it kept the entry from being removed.
    current.reset();
    request_.only_replacing.reset();
    if (!placed->old.empty()) RemoveOld(placed->old);
    return {};
  }

  Outcome GiveUp(int code) {
    Unaccount();
    return SystemError(code);
  }

  void RemoveOld(const std::string& old) {
    const std::optional<int64_t> bytes = StoredBytes(environment_, old);
    const Result<SweepOutcome> swept = SweepStaged(environment_, old);
    const bool gone = swept.ok() && (swept.value() == SweepOutcome::kSwept ||
                                     swept.value() == SweepOutcome::kForeign);
    if (!gone || !bytes) return;
    static_cast<void>(SizeLogOf(cache_).Add(
        -static_cast<int64_t>(AccountedBytes(*bytes)), -1));
  }

  CacheDirectory& cache_;
  const CacheEnvironment& environment_;
  StageArea& area_;
  PublishRequest request_;
  const std::string entry_;
  bool accounted_ = false;
};

}  // namespace

Result<std::string> ReadWhole(ReadableFile& file) {
  const Result<FileStat> stat = file.Stat();
  if (!stat.ok()) return stat.error();
  std::string bytes(static_cast<size_t>(stat->size_bytes), '\0');
  const Result<size_t> got = file.ReadAt(0, bytes.data(), bytes.size());
  if (!got.ok()) return got.error();
  bytes.resize(got.value());
  return bytes;
}

absl::Status CacheError(std::string_view path, SystemError error) {
  return absl::UnavailableError(
      absl::StrCat(Abseil(path), ": ", error.Message()));
}

SizeLog SizeLogOf(const CacheDirectory& cache) {
  return SizeLog(cache.environment(), cache.layout(), cache.info().sharing);
}

std::optional<int64_t> StoredBytes(const CacheEnvironment& environment,
                                   const std::string& directory) {
  const Result<FileStat> info =
      environment.files->Stat({}, directory + "/" + std::string(kEntryInfoName),
                              SymlinkPolicy::kNoFollow);
  if (!info.ok()) return std::nullopt;
  for (const std::string_view name : kAllDataNames) {
    const Result<FileStat> stat = environment.files->Stat(
        {}, directory + "/" + std::string(name), SymlinkPolicy::kNoFollow);
    if (stat.ok()) return stat->size_bytes;
  }
  return std::nullopt;
}

struct PreparedEntry::Impl {
  Impl(CacheDirectory& cache, StageArea staged, PublishRequest request)
      : area(std::move(staged)), publisher(cache, area, std::move(request)) {}

  StageArea area;
  Publisher publisher;
};

PreparedEntry::PreparedEntry(CacheDirectory& cache, StageArea area,
                             PublishRequest request)
    : impl_(
          std::make_unique<Impl>(cache, std::move(area), std::move(request))) {}
PreparedEntry::~PreparedEntry() { impl_->publisher.Abandon(); }

absl::StatusOr<StoreOutcome> PreparedEntry::Prepare() {
  return impl_->publisher.Prepare();
}
Outcome PreparedEntry::Place() { return impl_->publisher.PlacePrepared(); }

absl::StatusOr<StoreOutcome> PublishEntry(CacheDirectory& cache,
                                          StageArea& area,
                                          PublishRequest request) {
  return Publisher(cache, area, std::move(request)).Publish();
}

}  // namespace finder
