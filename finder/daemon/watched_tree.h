// A tree that stands and hears of changes, so that it is brought up to date by
// a look at what changed instead of at everything.
//
// Why that is exact: a directory is watched before its stamp is taken and its
// listing read, so what changes later is told; the kernel tells before the
// system call that made the change returns (fs/directory_watcher.h), so all
// that was done before Refresh is called is told when it drains. A child that
// takes another's place changes the listing of its parent, which is watched,
// and is stamped with it. Roots and targets of symlinks are looked at each
// time. What the watcher cannot tell is stamped at each Refresh: directories
// that could not be watched, and all on file systems that others change too.
//
// One thread calls; the Finder's workers tell of directories.
#ifndef FINDER_FINDER_DAEMON_WATCHED_TREE_H_
#define FINDER_FINDER_DAEMON_WATCHED_TREE_H_

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "finder/facade/finder.h"
#include "finder/query/scan_scope.h"
#include "finder/scanner/standing_notes.h"
#include "finder/scanner/tree_observer.h"
#include "finder/tree/directory.h"
#include "fs/directory_watcher.h"
#include "fs/file_system.h"

namespace finder {

class WatchedTree : private TreeObserver {
 public:
  // `finder` has not scanned yet and follows no symlinks; only this scans and
  // updates it from now on. `watcher` is of this tree alone. Both must outlive
  // this.
  WatchedTree(Finder* finder, DirectoryWatcher* watcher);
  WatchedTree(const WatchedTree&) = delete;
  WatchedTree& operator=(const WatchedTree&) = delete;

  // Has the Finder know the tree as it was when this was called, or later, as
  // far as `scope` says what is asked of the targets of symlinks. Fails as
  // Finder::Scan does; a later call begins anew.
  absl::Status Refresh(const ScanScope& scope = ScanScope());

  struct Counts {
    uint64_t scans = 0;      // everything was stamped
    uint64_t updates = 0;    // only what was told of
    uint64_t events = 0;     // told by the watcher
    uint64_t overflows = 0;  // times that it lost some
    uint64_t watched = 0;    // directories
    uint64_t unwatched = 0;  // directories that are stamped at each Refresh
  };
  Counts counts() const;

 private:
  void BeforeStamp(const Directory& d, const DirectoryHandle& base,
                   std::string_view path) override;
  void Dropped(const Directory& d) override;
  void Moved(const Directory& from, const Directory& to) override;

  // What was told since the last time.
  void Collect();
  void Note(const WatchEvent& event);
  // Adds what is to be stamped though nobody tells of it.
  void AddUntold();
  WatchToken TakeToken(const Directory& d)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Finder& finder_;
  DirectoryWatcher& watcher_;
  bool needs_scan_ = true;
  TreeChanges changes_;
  Counts counts_;  // without `watched` and `unwatched`

  mutable absl::Mutex mutex_;
  std::unordered_map<const Directory*, WatchToken> tokens_
      ABSL_GUARDED_BY(mutex_);
  // By token; null for one that is free.
  std::vector<const Directory*> directories_ ABSL_GUARDED_BY(mutex_);
  std::vector<WatchToken> free_tokens_ ABSL_GUARDED_BY(mutex_);
  std::unordered_set<const Directory*> unwatched_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace finder

#endif  // FINDER_FINDER_DAEMON_WATCHED_TREE_H_
