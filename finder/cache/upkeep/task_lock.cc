#include "finder/cache/upkeep/task_lock.h"

#include <errno.h>

#include <memory>
#include <string>
#include <utility>

#include "finder/cache/disk/entry_files.h"
#include "finder/cache/disk/file_lock.h"
#include "finder/cache/disk/stage_area.h"
#include "finder/cache/upkeep/eviction.h"
#include "finder/cache/upkeep/upkeep.h"

namespace finder {
namespace {

// Whether something of `time_ns` is `age_ns` old. So is what lies in the
// future: that clock was wrong.
bool IsOlder(int64_t time_ns, int64_t now_ns, int64_t age_ns) {
  return now_ns - time_ns >= age_ns || time_ns - now_ns > kClockDriftNs;
}

Result<FileStat> StatTaskLock(const CacheDirectory& cache) {
  return cache.environment().files->Stat({}, cache.layout().Of(kTaskLockName),
                                         SymlinkPolicy::kNoFollow);
}

Result<LockedFile> LockTask(const CacheDirectory& cache) {
  const std::string path = cache.layout().Of(kTaskLockName);
  Result<LockedFile> lock =
      LockFileAt(cache.environment(), path, SharedAccess::kCreateReadWrite,
                 LockMode::kExclusive, cache.file_permissions());
  if (lock.ok()) {
    OpenToGroup(cache.environment(), path, lock->stat, cache.info().sharing);
  }
  return lock;
}

// In a group's cache another member may own the file, and only its owner may
// choose the time.
Outcome Stamp(SharedFile& lock, int64_t now_ns) {
  const Outcome set = lock.SetModifiedTime(now_ns);
  return !set.ok() && set.error().code() == EPERM ? lock.Touch() : set;
}

}  // namespace

absl::StatusOr<TaskLock> TaskLock::Take(CacheDirectory& cache) {
  const int64_t now_ns = cache.environment().clock->RealtimeNs();
  Result<LockedFile> lock = LockTask(cache);
  if (lock.ok()) {
    if (Outcome stamped = Stamp(*lock->file, now_ns); !stamped.ok()) {
      return CacheError(cache.layout().Of(kTaskLockName), stamped.error());
    }
    return TaskLock(true, std::move(lock->file));
  }
  if (lock.error().code() != EAGAIN) {
    return CacheError(cache.layout().Of(kTaskLockName), lock.error());
  }
  const Result<FileStat> stat = StatTaskLock(cache);
  return TaskLock(
      stat.ok() && IsOlder(stat->modified_ns, now_ns, kTaskExpiryNs), nullptr);
}

bool TaskLock::ClaimIfDue(CacheDirectory& cache, int64_t interval_ns) {
  const int64_t now_ns = cache.environment().clock->RealtimeNs();
  const Result<FileStat> stat = StatTaskLock(cache);
  if (stat.ok() && !IsOlder(stat->modified_ns, now_ns, interval_ns)) {
    return false;
  }
  if (!stat.ok() && stat.error().code() != ENOENT) return false;
  const Result<LockedFile> lock = LockTask(cache);
  if (!lock.ok()) {
    // One is running. If it hangs, the one that is started will see that too.
    return lock.error().code() == EAGAIN && stat.ok() &&
           IsOlder(stat->modified_ns, now_ns, kTaskExpiryNs);
  }
  // Another may have been here between the two.
  if (stat.ok() && !IsOlder(lock->stat.modified_ns, now_ns, interval_ns)) {
    return false;
  }
  return Stamp(*lock->file, now_ns).ok();
}

}  // namespace finder
