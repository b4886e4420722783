// What the kernel tells of changes in directories, so that nobody has to look.
//
// The kernel queues a report before the system call that caused it returns.
// So after a Drain that visits nothing, every directory watched is as it was
// when it was listed, if it was listed after it was watched. That holds for
// what this machine does; what another one does on a file system of the
// network, or what is done to a layer below an overlay, is not told.
//
// Two implementations of the kernel's are in fs/posix/watch/, a fake is
// fs/fake/fake_watcher.h; all pass tests/fs/watcher_contract_test.cc.
//
// Thread-safety: Watch and Unwatch may be called from any thread at any time,
// the rest by one thread at a time.
#ifndef FINDER_FS_DIRECTORY_WATCHER_H_
#define FINDER_FS_DIRECTORY_WATCHER_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "fs/file_system.h"
#include "fs/result.h"

namespace finder {

// A caller's number of a directory. Memory is taken up to the largest in use.
using WatchToken = uint32_t;

struct WatchEvent {
  enum class What : uint8_t {
    kNames,   // a name came or went, or is something else now
    kSelf,    // permissions, owner or name of the directory itself are others
    kEnded,   // the directory is removed or its file system unmounted, and is
              // watched no more
    kLost,    // there were too many reports: anything may have changed
    kMounts,  // something was mounted or unmounted, anywhere on the machine
  };
  What what = What::kLost;
  WatchToken token = 0;  // of the directory; none for kLost and kMounts
};

class DirectoryWatcher {
 public:
  virtual ~DirectoryWatcher() = default;

  // "inotify" or "fanotify", for people.
  virtual std::string_view kind() const = 0;

  // Watches the directory at `path` relative to `base` (or absolute; an empty
  // path means `base` itself) from now on, wherever it is moved, and holds
  // nothing open of it. A directory may have several tokens, each of which gets
  // its reports, and a token is of one directory at a time. ENOSPC if the user
  // may watch no more, EOPNOTSUPP if the file system does not report; else as
  // OpenDirectory.
  virtual Outcome Watch(const DirectoryHandle& base, std::string_view path,
                        SymlinkPolicy symlinks, WatchToken token) = 0;
  // Reports with this token end; one that is queued already may still come.
  virtual void Unwatch(WatchToken token) = 0;

  // Visits what was queued when it was called, and possibly more; never waits.
  // `visit` must not call this watcher.
  virtual Outcome Drain(absl::FunctionRef<void(const WatchEvent&)> visit) = 0;

  // Waits until there is something to drain, at most `timeout_ms`. False if
  // nothing came.
  virtual Result<bool> Wait(std::optional<int64_t> timeout_ms) = 0;
};

}  // namespace finder

#endif  // FINDER_FS_DIRECTORY_WATCHER_H_
