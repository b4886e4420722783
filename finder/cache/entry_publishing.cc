// The steps of doc/cache_directory.md, "Life of an entry", from completed to
// replaced, and what the races there ask for:
//
// - The lock of the entry that is there is taken shared before anything else
//   and kept until the new one is in its place. It keeps removal off: else a
//   remover that has locked the old entry might carry off the new one, which
//   bears its name by then. It does not keep off other stores, since both
//   exchange, and the last one wins.
// - The accounts are raised before the entry is visible and lowered after one
//   is gone, so that they are never under the truth.
// - Uses and time are set before the entry is visible, for afterwards its lock
//   is everybody's.
// - After the exchange the old entry lies in the area of this process, but its
//   readers still hold its lock. It is swept like any other area, by who gets
//   that lock exclusively: this process, or upkeep when the last has gone.
#include "finder/cache/entry_publishing.h"

#include <errno.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "finder/cache/cache_directory.h"
#include "finder/cache/disk/entry_files.h"
#include "finder/cache/disk/file_lock.h"
#include "finder/cache/disk/size_log.h"

namespace finder {
namespace {

// Each is another process that stored or removed the same entry just then.
constexpr int kMaxAttempts = 16;

std::string LockPath(const std::string& directory) {
  return directory + "/" + std::string(kEntryLockName);
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
  const Result<std::string> away =
      environment.shared_files->MakeUniqueDirectory(
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

// What became of an attempt to bring an entry to its place.
struct Placing {
  // False: another has stored or removed the entry since it was looked at.
  bool placed = true;
  // Where the replaced entry is now; empty: there was none.
  std::string old;
};

// Brings `staged` to `entry`. `has_current` says that the entry was there and
// is locked.
Result<Placing> Place(const CacheDirectory& cache, const std::string& staged,
                      const std::string& entry, bool has_current) {
  const CacheEnvironment& environment = cache.environment();
  const Placing again = {.placed = false, .old = ""};
  if (!has_current) {
    const Outcome renamed = environment.files->Rename(staged, entry);
    if (renamed.ok()) return Placing();
    const int code = renamed.error().code();
    // Another's first store was faster.
    if (code == ENOTEMPTY || code == EEXIST) return again;
    if (code != ENOENT) return renamed.error();
    // objects/ itself is gone.
    const Outcome made = MakeSharedDirectory(
        environment, cache.layout().Of(kObjectsName), cache.info().sharing);
    if (made.ok()) return again;
    return renamed.error();
  }
  Placing placing = {.placed = true, .old = staged};
  Outcome exchanged = environment.shared_files->Exchange(staged, entry);
  const int code = exchanged.error().code();
  if (code == EINVAL || code == ENOSYS || code == EOPNOTSUPP) {
    exchanged = ReplaceInTwoSteps(cache, staged, entry, placing.old);
  }
  if (exchanged.ok()) return placing;
  // Another that replaces it in two steps is between them, or it was removed
  // by somebody who asks for no locks.
  if (exchanged.error().code() == ENOENT) return again;
  return exchanged.error();
}

class Publisher {
 public:
  Publisher(CacheDirectory& cache, StageArea& area, PublishRequest request)
      : cache_(cache),
        environment_(cache.environment()),
        area_(area),
        request_(std::move(request)),
        kind_(cache.KindOf(request_.info.key)),
        entry_(cache.layout().Entry(request_.info.key)) {
    request_.info.kind = kind_.name;
  }

  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  // The steps before anybody sees the entry. kStored: they are done.
  absl::StatusOr<StoreOutcome> Prepare() {
    absl::StatusOr<StoreOutcome> completed = Complete();
    if (!completed.ok() || *completed != StoreOutcome::kStored) {
      return completed;
    }
    const Result<StoreOutcome> accounted = Account(/*replaces=*/true);
    if (!accounted.ok()) return CacheError(entry_, accounted.error());
    return accounted.value();
  }

  // The last step of what is prepared.
  absl::Status PlacePrepared() {
    const Result<Attempt> attempt = TryToPlace(0);
    if (!attempt.ok()) return CacheError(entry_, attempt.error());
    // Nobody but this process may work on the entry.
    if (attempt.value() != Attempt::kPlaced) {
      return CacheError(entry_, SystemError(EAGAIN));
    }
    return absl::OkStatus();
  }

  // Takes what is prepared, and will not be placed, off the accounts.
  void Abandon() { Unaccount(); }

  absl::StatusOr<StoreOutcome> Publish() {
    absl::StatusOr<StoreOutcome> completed = Complete();
    if (!completed.ok() || *completed != StoreOutcome::kStored) {
      return completed;
    }
    for (int number = 0; number < kMaxAttempts; ++number) {
      const Result<Attempt> attempt = TryToPlace(number);
      if (!attempt.ok()) return CacheError(entry_, attempt.error());
      switch (attempt.value()) {
        case Attempt::kPlaced:
          return StoreOutcome::kStored;
        case Attempt::kTooLarge:
          return StoreOutcome::kTooLarge;
        case Attempt::kBusy:
          return StoreOutcome::kBusy;
        case Attempt::kAgain:
          break;
      }
    }
    Unaccount();
    return StoreOutcome::kBusy;
  }

 private:
  enum class Attempt : uint8_t {
    kPlaced,
    kAgain,  // another was at the same entry; the next one may succeed
    kTooLarge,
    kBusy,  // the same, but no attempt will do
  };

  // Writes what the entry has beside its data. kStored: it is whole.
  absl::StatusOr<StoreOutcome> Complete() {
    const Outcome written = WriteInfo();
    if (!written.ok() && written.error().code() == ENOENT) {
      return absl::NotFoundError(absl::StrCat(entry_, ": nothing was written"));
    }
    if (!written.ok()) return CacheError(entry_, written.error());
    const auto limit = cache_.info().limits.max_bytes;
    const bool is_alone_too_large =
        limit && request_.info.accounted_bytes > *limit;
    return is_alone_too_large ? StoreOutcome::kTooLarge : StoreOutcome::kStored;
  }

  Outcome WriteInfo() {
    EntryInfo& info = request_.info;
    const std::string data = area_.path() + "/" + DataName(kind_, info.packing);
    const Result<FileStat> stat =
        environment_.files->Stat({}, data, SymlinkPolicy::kNoFollow);
    if (!stat.ok()) return stat.error();
    if (info.packing == Packing::kPlain) {
      info.data_bytes = static_cast<uint64_t>(stat->size_bytes);
    }
    int64_t bytes = stat->size_bytes;
    if (kind_.has_parts) {
      const Result<std::optional<int64_t>> all =
          DataBytes(environment_, {}, area_.path());
      if (!all.ok()) return all.error();
      bytes = all.value().value_or(bytes);
    }
    info.accounted_bytes = AccountedBytes(bytes);
    const std::string path = area_.path() + "/" + std::string(kEntryInfoName);
    const Outcome created = environment_.shared_files->Create(
        path, EncodeEntryInfo(info), cache_.file_permissions());
    if (!created.ok() || cache_.info().sharing == CacheSharing::kPrivate) {
      return created;
    }
    std::vector<std::string> made = {path, data};
    if (kind_.has_parts) {
      const Outcome listed = AddParts(made);
      if (!listed.ok()) return listed;
    }
    for (const std::string& file : made) {
      const Outcome set = environment_.shared_files->SetPermissions(
          file, cache_.file_permissions());
      if (!set.ok()) return set;
    }
    return {};
  }

  Outcome AddParts(std::vector<std::string>& paths) {
    const std::string data = area_.path() + "/" + std::string(kDataName);
    Result<DirectoryHandle> directory =
        environment_.files->OpenDirectory({}, data, SymlinkPolicy::kNoFollow);
    if (!directory.ok()) return directory.error();
    return environment_.files->List(
        directory.value(), [&](std::string_view name, EntryKind) {
          if (IsPartName(name)) paths.push_back(data + "/" + std::string(name));
        });
  }

  // Accounts for the entry, once. kStored: it may come in.
  Result<StoreOutcome> Account(bool replaces) {
    if (accounted_) return StoreOutcome::kStored;
    const Result<AccountedSize> sum = cache_.size_log().Add(
        static_cast<int64_t>(request_.info.accounted_bytes), 1);
    if (!sum.ok()) {
      const int code = sum.error().code();
      if (code == EAGAIN || code == EFBIG) return StoreOutcome::kBusy;
      return sum.error();
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
    if (!overfull || replaces) return StoreOutcome::kStored;
    Unaccount();
    return StoreOutcome::kTooLarge;
  }

  void Unaccount() {
    if (!accounted_) return;
    accounted_ = false;
    static_cast<void>(cache_.size_log().Add(
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

  // On an error, and unless it is placed or may be tried again, nothing is left
  // in the accounts.
  Result<Attempt> TryToPlace(int number) {
    std::optional<LockedFile> current;
    const bool only = request_.only_replacing != nullptr;
    if (!only) {
      // Something without a lock was there, or another store was faster.
      const SharedAccess access =
          number == 0 ? SharedAccess::kRead : SharedAccess::kCreateReadWrite;
      Result<std::optional<LockedFile>> locked =
          LockCurrent(cache_, entry_, access);
      if (!locked.ok()) {
        Unaccount();
        // It is being removed or packed.
        if (locked.error().code() == EAGAIN) return Attempt::kBusy;
        return locked.error();
      }
      current = std::move(locked).value();
    }
    const bool has_current = only || current.has_value();
    const Result<StoreOutcome> accounted = Account(has_current);
    if (!accounted.ok()) return accounted.error();
    if (accounted.value() == StoreOutcome::kTooLarge) return Attempt::kTooLarge;
    if (accounted.value() == StoreOutcome::kBusy) return Attempt::kBusy;
    SetUse(current);
    const Result<Placing> placing =
        Place(cache_, area_.path(), entry_, has_current);
    if (!placing.ok()) {
      Unaccount();
      return placing.error();
    }
    if (!placing->placed) return Attempt::kAgain;
    area_.Give();
    accounted_ = false;  // for good: it is not ours to take off any more
    // Only now, for until then it kept the entry from being removed.
    current.reset();
    request_.only_replacing.reset();
    if (!placing->old.empty()) RemoveOld(placing->old);
    return Attempt::kPlaced;
  }

  void RemoveOld(const std::string& old) {
    const std::optional<int64_t> bytes = StoredBytes(environment_, old);
    const Result<SweepOutcome> swept = SweepStaged(environment_, old);
    const bool gone = swept.ok() && (swept.value() == SweepOutcome::kSwept ||
                                     swept.value() == SweepOutcome::kForeign);
    if (!gone || !bytes) return;
    static_cast<void>(cache_.size_log().Add(
        -static_cast<int64_t>(AccountedBytes(*bytes)), -1));
  }

  CacheDirectory& cache_;
  const CacheEnvironment& environment_;
  StageArea& area_;
  PublishRequest request_;
  const ObjectKind& kind_;
  const std::string entry_;
  bool accounted_ = false;
};

}  // namespace

absl::StatusOr<StageArea> StageEntry(CacheDirectory& cache) {
  absl::StatusOr<StageArea> area = cache.Stage();
  if (!area.ok()) return area;
  const Outcome made = MakeSharedDirectory(
      cache.environment(), area->path() + "/" + std::string(kDataName),
      cache.info().sharing);
  if (!made.ok()) return CacheError(area->path(), made.error());
  return area;
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
absl::Status PreparedEntry::Place() { return impl_->publisher.PlacePrepared(); }

absl::StatusOr<StoreOutcome> PublishEntry(CacheDirectory& cache,
                                          StageArea& area,
                                          PublishRequest request) {
  return Publisher(cache, area, std::move(request)).Publish();
}

}  // namespace finder
