// `cache.lock`: keeps upkeep to one process at a time, and to one in a while.
// Its time is when upkeep last began or was started; its lock is held while
// one runs.
//
// Thread-compatible.
#ifndef FINDER_FINDER_CACHE_UPKEEP_TASK_LOCK_H_
#define FINDER_FINDER_CACHE_UPKEEP_TASK_LOCK_H_

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "finder/cache/cache_directory.h"
#include "fs/shared_files.h"

namespace finder {

class TaskLock {
 public:
  // Locks, and sets the time. Not taken if another upkeep holds it, unless that
  // began so long ago that it must hang: then both go on, which every step of
  // an upkeep allows. Unavailable if the disk forbids it.
  static absl::StatusOr<TaskLock> Take(CacheDirectory& cache);

  // Sets the time if upkeep is due: not since `interval_ns` has one begun or
  // been started, and none is running. Of many at once one gets true.
  static bool ClaimIfDue(CacheDirectory& cache, int64_t interval_ns);

  bool taken() const { return taken_; }

 private:
  TaskLock(bool taken, std::unique_ptr<SharedFile> lock)
      : taken_(taken), lock_(std::move(lock)) {}

  bool taken_;
  std::unique_ptr<SharedFile> lock_;  // null if another's has expired
};

}  // namespace finder

#endif  // FINDER_FINDER_CACHE_UPKEEP_TASK_LOCK_H_
