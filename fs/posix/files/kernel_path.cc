#include "fs/posix/files/kernel_path.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <string_view>

namespace finder {

void KernelPath::EnterLongPath(std::string_view path) {
  while (path.size() >= sizeof(text_)) {
    const size_t slash = path.rfind('/', sizeof(text_) - 1);
    if (slash == std::string_view::npos || slash == 0) {
      errno = ENAMETOOLONG;
      ok_ = false;
      return;
    }
    Assign(path.substr(0, slash));
    // O_PATH asks only for search permission, as the kernel does on its way
    // through a path.
    int next;
    do {
      next = openat(base_, text_, O_PATH | O_DIRECTORY | O_CLOEXEC);
    } while (next < 0 && errno == EINTR);
    if (next < 0) {
      ok_ = false;
      return;
    }
    if (entered_ >= 0) Leave();
    base_ = entered_ = next;
    path.remove_prefix(slash);
    const size_t name = path.find_first_not_of('/');
    path = name == std::string_view::npos ? "." : path.substr(name);
  }
  Assign(path);
}

void KernelPath::Leave() {
  const int saved = errno;  // the call's own errno is still to be read
  close(entered_);
  errno = saved;
}

}  // namespace finder
