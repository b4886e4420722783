// What the workers of one scan share. Internal to the scanner.
//
// Thread-safety: const members are read by all; the rest is atomic or guarded.
#ifndef FINDER_FINDER_SCANNER_SCAN_STATE_H_
#define FINDER_FINDER_SCANNER_SCAN_STATE_H_

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "finder/scanner/device_table.h"
#include "finder/scanner/growth_gauge.h"
#include "finder/scanner/ignore_marks.h"
#include "finder/scanner/scanner.h"
#include "finder/scanner/work_item.h"
#include "finder/tree/directory_tree.h"
#include "finder/tree/stamp.h"
#include "finder/view/view.h"
#include "fs/file_system.h"

namespace finder {

// How a path that ends with `d` is to be resolved.
inline SymlinkPolicy PolicyFor(const Directory& d) {
  return d.via_link ? SymlinkPolicy::kFollow : SymlinkPolicy::kNoFollow;
}

// Whether a directory that gives this error is not there, or no directory.
inline bool IsAbsent(SystemError error) {
  return error.code() == ENOENT || error.code() == ENOTDIR ||
         error.code() == ELOOP;
}

// Whether a walk would have come across `d`: a directory above it may have
// vanished, or become unreadable itself, after `d` was looked at.
bool IsInAnswer(const Directory& d);

struct Unreadable {
  const Directory* directory;
  SystemError error;
};

// Of all processors of today but a few, which only lose some time by it.
inline constexpr size_t kCacheLineBytes = 64;

struct ScanState {
  ScanState(ScanRequest request, DirectoryTree& tree, ThreadPool& pool);

  // Index of the root that `d` is or lies below, and its open handle.
  size_t RootIndex(const Directory& d) const;
  const DirectoryHandle& RootHandle(const Directory& d) const {
    return root_handles[RootIndex(d)];
  }
  // Whether the output comes to what is inside `a` before it comes to what is
  // inside `b`.
  bool ComesBefore(const Directory& a, const Directory& b) const;
  // The path of `d` as the user would see it.
  std::string PrintedPath(const Directory& d) const;
  // Notes that `d` could not be stamped or listed; reported at the end if it
  // is part of the answer by then.
  void NoteUnreadable(const Directory& d, SystemError error)
      ABSL_LOCKS_EXCLUDED(mutex);

  // Why the listing of `d` may not hold although its name leads to `stat`; none
  // if it holds. REQUIRES: the device of `stat` is known to `devices`.
  std::optional<ListReason> Doubt(const Directory& d,
                                  const FileStat& stat) const {
    if (!devices.Is(d.device, stat.device)) return ListReason::kDevice;
    if (d.inode != stat.inode) return ListReason::kInode;
    if (d.change_ns != stat.change_ns) return ListReason::kChangeTime;
    if (!d.trusted || MayLie(d, stat)) return ListReason::kUntrusted;
    if (d.change_ns >= request.distrusted_from_ns) {
      return ListReason::kClockStep;
    }
    return std::nullopt;
  }
  // Whether the stamp of `d` may stay although its listing changes.
  bool MayLie(const Directory& d, const FileStat& stat) const {
    return StampMayLie(devices.trust(d.device), stat.inode, stat.links);
  }
  // Whether `d`, which is no root, may matter; see ScanRequest::reach.
  bool IsInReach(const Directory& d) const {
    return request.reach.is_whole() ||
           request.reach.Includes(d, tree.roots[RootIndex(d)].path);
  }
  // Whether to look where a symlink of that name leads, which is not followed.
  bool AsksTarget(std::string_view name) const {
    return seen_keep.Keeps(name) &&
           (!request.asks_target || request.asks_target(name));
  }
  // Whether that is asked of any symlink that the listing of `d` names.
  bool AsksAnyTarget(const Directory& d) const;
  // Whether the output comes to the limit before it comes to what is inside
  // `d`.
  bool IsBehindLimit(const Directory& d) const;
  // Whether `device` is beyond the boundary for directories below `root`.
  bool IsForeign(uint64_t device, const Directory& root) const {
    return request.view->boundary == Boundary::kOneFileSystem &&
           device != root_stats[RootIndex(root)].device;
  }

  // To be called before the stamp of `d` is taken.
  void TellObserver(const Directory& d, const DirectoryHandle& base,
                    std::string_view path) const {
    if (request.observer == nullptr) return;
    request.observer->BeforeStamp(d, base, path);
  }
  void AddCounts(const ScanCounts& worker) ABSL_LOCKS_EXCLUDED(mutex);
  void NoteChangeTime(int64_t change_ns) ABSL_LOCKS_EXCLUDED(mutex) {
    absl::MutexLock lock(&mutex);
    latest_change_ns = std::max(latest_change_ns, change_ns);
  }
  void CountProgress(uint64_t directories);
  void NoteChange() {
    if (facts_changed.load(std::memory_order_relaxed)) return;
    facts_changed.store(true, std::memory_order_relaxed);
  }
  // Once idle: marks what was taken off the tree, and takes it off its
  // landmarks.
  void MarkRemoved() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex);
  // For one worker, which gives it back for the next step's.
  Arena& TakeArena() ABSL_LOCKS_EXCLUDED(mutex);
  void ReturnArena(Arena& arena) ABSL_LOCKS_EXCLUDED(mutex);
  // Takes one directory from the step's budget; false if it is used up.
  bool SpendBudget() {
    return !has_budget || budget.fetch_sub(1, std::memory_order_relaxed) > 0;
  }

  const ScanRequest request;
  const KeepFilter stored_keep;
  const KeepFilter seen_keep;
  const bool follow;
  DirectoryTree& tree;
  DeviceTable devices;
  ThreadPool& pool;
  GrowthGauge gauge;
  std::optional<IgnoreMarks> ignore_marks;  // if ignore files count
  // By index of the tree's roots.
  std::vector<DirectoryHandle> root_handles;
  std::vector<FileStat> root_stats;

  // Read at every directory and hardly ever written, so kept apart from what
  // is.
  std::atomic<bool> facts_changed = false;
  std::atomic<bool> given_up = false;
  std::atomic<unsigned> explorers = 1;  // asked for in this step
  // A hint, without the lock, that somebody waits for work.
  std::atomic<unsigned> idle = 0;
  // How many directories may be kept open for their children, and are.
  const int64_t most_open;
  alignas(kCacheLineBytes) std::atomic<int64_t> open_count = 0;

  alignas(kCacheLineBytes) std::atomic<uint64_t> directories_done = 0;
  // How many directories may still be explored in this step, if that matters.
  bool has_budget = false;
  // Behind it nothing is verified.
  std::optional<AnswerPlace> limit;
  bool may_grow = true;  // whether the gauge may add threads
  std::atomic<int64_t> budget = 0;
  mutable absl::Mutex mutex;
  ScanCounts counts ABSL_GUARDED_BY(mutex);
  std::vector<Unreadable> unreadable ABSL_GUARDED_BY(mutex);
  std::vector<WorkItem> queue ABSL_GUARDED_BY(mutex);
  // What workers had left when the budget was used up.
  std::vector<WorkItem> left ABSL_GUARDED_BY(mutex);
  // What was absent when it was stamped.
  std::vector<Directory*> gone ABSL_GUARDED_BY(mutex);
  // The latest change time of what was stamped anew.
  int64_t latest_change_ns ABSL_GUARDED_BY(mutex) =
      std::numeric_limits<int64_t>::min();
  // Directories that were taken off the tree, each with all below it, and not
  // marked so yet; the bytes of what was replaced; and places in what was
  // added.
  std::vector<Directory*> unlinked ABSL_GUARDED_BY(mutex);
  uint64_t dead_bytes ABSL_GUARDED_BY(mutex) = 0;
  std::vector<Landmark> landmarks ABSL_GUARDED_BY(mutex);
  unsigned working ABSL_GUARDED_BY(mutex) = 0;
  // In an update: directories that may not show their contents any more, and
  // that may hold symlinks now.
  std::vector<Directory*> closed ABSL_GUARDED_BY(mutex);
  std::vector<Directory*> with_links ABSL_GUARDED_BY(mutex);
};

}  // namespace finder

#endif  // FINDER_FINDER_SCANNER_SCAN_STATE_H_
