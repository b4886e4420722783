// DirectoryWatcher by fanotify(7): one mark for each file system, so that
// millions of directories cost the kernel nothing. For root (CAP_SYS_ADMIN in
// the first user namespace), since Linux 5.9.
//
// All that happens anywhere on a file system is told, and most of it is
// nobody's here; what is not is found by the directory's file handle, some
// hundred bytes of memory each.
//
// Thread-safety: that of the interface.
#ifndef FINDER_FS_POSIX_WATCH_FANOTIFY_WATCHER_H_
#define FINDER_FS_POSIX_WATCH_FANOTIFY_WATCHER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
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

class FanotifyWatcher : public DirectoryWatcher {
 public:
  // EPERM without the privilege, EINVAL or ENOSYS on an older kernel, ENOENT
  // without /proc, by which mounts are noticed.
  static Result<std::unique_ptr<DirectoryWatcher>> Create();

  std::string_view kind() const override { return "fanotify"; }
  // EOPNOTSUPP also where files have no handles, as on many FUSE file systems.
  Outcome Watch(const DirectoryHandle& base, std::string_view path,
                SymlinkPolicy symlinks, WatchToken token) override;
  void Unwatch(WatchToken token) override;
  Outcome Drain(absl::FunctionRef<void(const WatchEvent&)> visit) override;
  Result<bool> Wait(std::optional<int64_t> timeout_ms) override;

 private:
  FanotifyWatcher(Descriptor queue, MountWatch mounts)
      : queue_(std::move(queue)), mounts_(std::move(mounts)) {}

  // The file system behind an open directory, by mount, with a mark on it.
  Result<std::string> MarkedFileSystem(int directory, int mount_id)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void VisitEvent(const char* event, size_t size,
                  absl::FunctionRef<void(const WatchEvent&)> visit);

  const Descriptor queue_;
  MountWatch mounts_;
  absl::Mutex mutex_;
  // By the number of the mount, which the kernel does not give out twice while
  // it lasts; the table of mounts having changed, all are forgotten.
  std::unordered_map<int, std::string> file_systems_ ABSL_GUARDED_BY(mutex_);
  // By the identities of file system and file, as reports bear them.
  std::unordered_map<std::string, uint32_t> watches_ ABSL_GUARDED_BY(mutex_);
  uint32_t next_watch_ ABSL_GUARDED_BY(mutex_) = 0;
  WatchTable table_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace finder

#endif  // FINDER_FS_POSIX_WATCH_FANOTIFY_WATCHER_H_
