// DirectoryWatcher by inotify(7): a watch for each directory, for everybody, up
// to fs.inotify.max_user_watches. A watch takes about a kilobyte of the
// kernel's memory.
//
// Thread-safety: that of the interface.
#ifndef FINDER_FS_POSIX_WATCH_INOTIFY_WATCHER_H_
#define FINDER_FS_POSIX_WATCH_INOTIFY_WATCHER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/synchronization/mutex.h"
#include "fs/directory_watcher.h"
#include "fs/file_system.h"
#include "fs/posix/files/descriptor.h"
#include "fs/posix/watch/mount_watch.h"
#include "fs/posix/watch/watch_table.h"
#include "fs/result.h"

namespace finder {

class InotifyWatcher : public DirectoryWatcher {
 public:
  // EMFILE if the user has too many instances, ENOENT without /proc, which is
  // how handles are named to the kernel.
  static Result<std::unique_ptr<DirectoryWatcher>> Create();

  std::string_view kind() const override { return "inotify"; }
  Outcome Watch(const DirectoryHandle& base, std::string_view path,
                SymlinkPolicy symlinks, WatchToken token) override;
  void Unwatch(WatchToken token) override;
  Outcome Drain(absl::FunctionRef<void(const WatchEvent&)> visit) override;
  Result<bool> Wait(std::optional<int64_t> timeout_ms) override;

 private:
  InotifyWatcher(Descriptor queue, MountWatch mounts)
      : queue_(std::move(queue)), mounts_(std::move(mounts)) {}

  void Visit(int watch, uint32_t mask,
             absl::FunctionRef<void(const WatchEvent&)> visit);

  const Descriptor queue_;
  MountWatch mounts_;
  absl::Mutex mutex_;
  WatchTable table_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace finder

#endif  // FINDER_FS_POSIX_WATCH_INOTIFY_WATCHER_H_
