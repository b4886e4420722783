// Whether something was mounted or unmounted: no report of a directory tells.
// Used inside fs/posix/watch/ only. One thread at a time.
#ifndef FINDER_FS_POSIX_WATCH_MOUNT_WATCH_H_
#define FINDER_FS_POSIX_WATCH_MOUNT_WATCH_H_

#include <cstdint>
#include <optional>

#include "fs/posix/files/descriptor.h"
#include "fs/result.h"

namespace finder {

class MountWatch {
 public:
  // Without /proc every mount goes unnoticed: is_open() is false then.
  MountWatch();
  bool is_open() const { return table_.is_open(); }

  // Whether the table of mounts has changed since the last time.
  bool TakeChange();
  // Waits until it has, or until `queue` can be read. False if neither came in
  // time.
  Result<bool> WaitWith(int queue, std::optional<int64_t> timeout_ms);

 private:
  Descriptor table_;
  // The kernel tells a change once, whoever asks.
  bool told_ = false;
};

}  // namespace finder

#endif  // FINDER_FS_POSIX_WATCH_MOUNT_WATCH_H_
