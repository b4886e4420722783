#include "finder/cache/disk/stage_area.h"

#include <errno.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "finder/cache/disk/file_lock.h"
#include "finder/cache/disk/own_removal.h"

namespace finder {
namespace {

// Each is one new area that upkeep took for a leftover before it was locked.
constexpr int kMaxAttempts = 8;

std::string LockPath(const std::string& directory) {
  return directory + "/" + std::string(kEntryLockName);
}

}  // namespace

uint32_t DirectoryPermissions(CacheSharing sharing) {
  return sharing == CacheSharing::kGroup ? 02770 : 0700;
}

uint32_t FilePermissions(CacheSharing sharing) {
  return sharing == CacheSharing::kGroup ? 0660 : 0600;
}

void OpenToGroup(const CacheEnvironment& environment, const std::string& path,
                 const FileStat& stat, CacheSharing sharing) {
  const uint32_t permissions = FilePermissions(sharing);
  if (sharing == CacheSharing::kPrivate || stat.permissions == permissions ||
      stat.owner != environment.host.user_id) {
    return;
  }
  static_cast<void>(
      environment.shared_files->SetPermissions(path, permissions));
}

Outcome MakeSharedDirectory(const CacheEnvironment& environment,
                            const std::string& path, CacheSharing sharing) {
  const uint32_t permissions = DirectoryPermissions(sharing);
  const Outcome made = environment.files->MakeDirectory(path, permissions);
  if (!made.ok() || sharing == CacheSharing::kPrivate) return made;
  return environment.shared_files->SetPermissions(path, permissions);
}

StageArea::StageArea(const CacheEnvironment* environment, std::string path,
                     std::unique_ptr<SharedFile> lock)
    : environment_(environment),
      path_(std::move(path)),
      lock_(std::move(lock)) {}

StageArea::~StageArea() {
  // What cannot be removed now is swept by upkeep.
  if (lock_ != nullptr) {
    static_cast<void>(RemoveOwn(*environment_, path_));
  }
}

Result<StageArea> StageArea::Make(const CacheEnvironment& environment,
                                  const CacheLayout& layout,
                                  CacheSharing sharing) {
  SystemError error(EAGAIN);
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    Result<std::string> path = environment.shared_files->MakeUniqueDirectory(
        layout.Of(kStageName), kStagePrefix, DirectoryPermissions(sharing));
    if (!path.ok()) return path.error();
    const bool shared = sharing == CacheSharing::kGroup;
    if (shared) {
      static_cast<void>(environment.shared_files->SetPermissions(
          path.value(), DirectoryPermissions(sharing)));
    }
    const std::string lock_path = LockPath(path.value());
    Result<LockedFile> lock =
        LockFileAt(environment, lock_path, SharedAccess::kCreateReadWrite,
                   LockMode::kShared, FilePermissions(sharing));
    if (lock.ok()) {
      if (shared) {
        static_cast<void>(environment.shared_files->SetPermissions(
            lock_path, FilePermissions(sharing)));
      }
      return StageArea(&environment, std::move(path).value(),
                       std::move(lock->file));
    }
    error = lock.error();
    // EAGAIN, ENOENT: upkeep came first. Else there is nobody but us.
    if (error.code() != EAGAIN && error.code() != ENOENT) {
      static_cast<void>(RemoveOwn(environment, path.value()));
      return error;
    }
  }
  return error;
}

namespace {

// Writes a file in a stage area, and has `move` bring it to its place.
template <typename Move>
Outcome PlaceFile(const CacheEnvironment& environment,
                  const CacheLayout& layout, CacheSharing sharing,
                  std::string_view name, std::string_view text, Move move) {
  const Result<StageArea> area = StageArea::Make(environment, layout, sharing);
  if (!area.ok()) return area.error();
  const std::string staged = area->path() + "/" + std::string(kStagedFileName);
  Outcome done =
      environment.shared_files->Create(staged, text, FilePermissions(sharing));
  if (done.ok() && sharing == CacheSharing::kGroup) {
    done = environment.shared_files->SetPermissions(staged,
                                                    FilePermissions(sharing));
  }
  if (!done.ok()) return done;
  return move(staged, layout.Of(name));
}

}  // namespace

Outcome ReplaceFile(const CacheEnvironment& environment,
                    const CacheLayout& layout, CacheSharing sharing,
                    std::string_view name, std::string_view text) {
  return PlaceFile(environment, layout, sharing, name, text,
                   [&](const std::string& from, const std::string& to) {
                     return environment.files->Rename(from, to);
                   });
}

Outcome CreateWholeFile(const CacheEnvironment& environment,
                        const CacheLayout& layout, CacheSharing sharing,
                        std::string_view name, std::string_view text) {
  return PlaceFile(environment, layout, sharing, name, text,
                   [&](const std::string& from, const std::string& to) {
                     return environment.shared_files->MoveToFree(from, to);
                   });
}

Result<SweepOutcome> SweepStaged(const CacheEnvironment& environment,
                                 const std::string& path) {
  Result<LockedFile> lock =
      LockFileAt(environment, LockPath(path), SharedAccess::kReadWrite,
                 LockMode::kExclusive);
  if (!lock.ok() && lock.error().code() == ENOENT) {
    // It died before it had a lock, or it is being made right now. An empty one
    // goes in one step, which makes who is making it begin anew; any other has
    // just got its lock, or is not ours.
    const Outcome removed = environment.files->Remove(path);
    if (removed.ok()) return SweepOutcome::kSwept;
    if (removed.error().code() == ENOENT) return SweepOutcome::kGone;
    if (removed.error().code() != ENOTEMPTY &&
        removed.error().code() != EEXIST) {
      return removed.error();
    }
    lock = LockFileAt(environment, LockPath(path), SharedAccess::kReadWrite,
                      LockMode::kExclusive);
  }
  if (!lock.ok()) {
    if (lock.error().code() == EAGAIN) return SweepOutcome::kInUse;
    if (lock.error().code() == ENOENT) return SweepOutcome::kForeign;
    return lock.error();
  }
  const Outcome removed = RemoveOwn(environment, path);
  if (removed.ok()) return SweepOutcome::kSwept;
  if (removed.error().code() == ENOTEMPTY) return SweepOutcome::kForeign;
  return removed.error();
}

}  // namespace finder
