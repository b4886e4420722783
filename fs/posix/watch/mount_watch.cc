#include "fs/posix/watch/mount_watch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>

#include <algorithm>
#include <climits>

#include "fs/posix/files/posix_stat.h"

namespace finder {

MountWatch::MountWatch()
    : table_(OpenAt(AT_FDCWD, "/proc/self/mountinfo", O_RDONLY | O_CLOEXEC)) {}

bool MountWatch::TakeChange() {
  if (!told_ && is_open()) {
    pollfd table = {.fd = table_.get(), .events = POLLPRI, .revents = 0};
    told_ = poll(&table, 1, 0) == 1 && (table.revents & POLLPRI) != 0;
  }
  const bool told = told_;
  told_ = false;
  return told;
}

Result<bool> MountWatch::WaitWith(int queue,
                                  std::optional<int64_t> timeout_ms) {
  if (told_) return true;
  pollfd both[] = {{.fd = queue, .events = POLLIN, .revents = 0},
                   {.fd = table_.get(), .events = POLLPRI, .revents = 0}};
  const int wait_ms =
      timeout_ms
          ? static_cast<int>(std::clamp<int64_t>(*timeout_ms, 0, INT_MAX))
          : -1;
  const int ready = poll(both, is_open() ? 2 : 1, wait_ms);
  if (ready < 0) return LastError();
  told_ = (both[1].revents & POLLPRI) != 0;
  return ready > 0;
}

}  // namespace finder
