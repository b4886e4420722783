#include "fs/posix/watch/inotify_watcher.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "fs/posix/files/kernel_path.h"
#include "fs/posix/files/posix_file_system.h"
#include "fs/posix/files/posix_stat.h"

namespace finder {
namespace {

// IN_ATTRIB of a file in the directory comes too, which cannot be had apart.
constexpr uint32_t kMask = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO |
                           IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF |
                           IN_ONLYDIR;
constexpr uint32_t kNameMask =
    IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO;

// Some 500 reports of short names at a time.
constexpr size_t kReadBytes = size_t{16} << 10;
static_assert(kReadBytes >= sizeof(inotify_event) + NAME_MAX + 1);

// What the mask means with an entry's name. The attributes of a file are no
// news; a directory that could not be read, and so not be watched, may be
// readable now.
uint32_t OfEntry(uint32_t mask) {
  const bool readable = (mask & IN_ATTRIB) != 0 && (mask & IN_ISDIR) != 0;
  return (mask & ~uint32_t{IN_ATTRIB}) | (readable ? IN_CREATE : 0);
}

// inotify_add_watch takes no directory to start from.
std::string FromRoot(int base, const char* path) {
  if (path[0] == '/' || base == DirectoryHandle::kWorkingDirectory) return path;
  std::string whole = "/proc/self/fd/" + std::to_string(base);
  if (path[0] != '\0') whole.append("/").append(path);
  return whole;
}

}  // namespace

Result<std::unique_ptr<DirectoryWatcher>> InotifyWatcher::Create() {
  Descriptor queue(inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  if (!queue.is_open()) return LastError();
  MountWatch mounts;
  if (!mounts.is_open()) return SystemError(ENOENT);
  return std::unique_ptr<DirectoryWatcher>(
      new InotifyWatcher(std::move(queue), std::move(mounts)));
}

Outcome InotifyWatcher::Watch(const DirectoryHandle& base,
                              std::string_view path, SymlinkPolicy symlinks,
                              WatchToken token) {
  const KernelPath kernel_path(PosixFileSystem::DescriptorOf(base), path);
  if (!kernel_path.ok()) return LastError();
  const std::string whole = FromRoot(kernel_path.base(), kernel_path.text());
  // An empty path is the handle itself, which /proc shows as a symlink.
  const bool follows = symlinks == SymlinkPolicy::kFollow || path.empty();
  absl::MutexLock lock(&mutex_);
  const int watch = inotify_add_watch(queue_.get(), whole.c_str(),
                                      kMask | (follows ? 0 : IN_DONT_FOLLOW));
  if (watch < 0) return LastError();
  const std::optional<uint32_t> left =
      table_.Add(static_cast<uint32_t>(watch), token);
  if (left) inotify_rm_watch(queue_.get(), static_cast<int>(*left));
  return {};
}

void InotifyWatcher::Unwatch(WatchToken token) {
  absl::MutexLock lock(&mutex_);
  const std::optional<uint32_t> left = table_.Remove(token);
  if (left) inotify_rm_watch(queue_.get(), static_cast<int>(*left));
}

void InotifyWatcher::Visit(int watch, uint32_t mask,
                           absl::FunctionRef<void(const WatchEvent&)> visit) {
  const auto tell = [&](WatchEvent::What what) {
    mutex_.AssertHeld();
    table_.ForEach(static_cast<uint32_t>(watch), [&](WatchToken token) {
      visit({.what = what, .token = token});
    });
  };
  if ((mask & IN_Q_OVERFLOW) != 0) visit({.what = WatchEvent::What::kLost});
  if (watch < 0) return;
  absl::MutexLock lock(&mutex_);
  if ((mask & kNameMask) != 0) tell(WatchEvent::What::kNames);
  if ((mask & (IN_ATTRIB | IN_MOVE_SELF)) != 0) tell(WatchEvent::What::kSelf);
  if ((mask & IN_IGNORED) != 0) {
    tell(WatchEvent::What::kEnded);
    table_.Drop(static_cast<uint32_t>(watch));
  }
}

Outcome InotifyWatcher::Drain(
    absl::FunctionRef<void(const WatchEvent&)> visit) {
  if (mounts_.TakeChange()) visit({.what = WatchEvent::What::kMounts});
  // No more than there is now, or a busy writer would keep us here.
  int left = 0;
  if (ioctl(queue_.get(), FIONREAD, &left) != 0) return LastError();
  alignas(inotify_event) char buffer[kReadBytes];
  while (left > 0) {
    const ssize_t got = read(queue_.get(), buffer, sizeof(buffer));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) break;
    if (got < 0) return LastError();
    left -= static_cast<int>(got);
    for (const char* at = buffer; at < buffer + got;) {
      inotify_event event;
      memcpy(&event, at, sizeof(event));
      at += sizeof(event) + event.len;
      if (event.len > 0) event.mask = OfEntry(event.mask);
      Visit(event.wd, event.mask, visit);
    }
  }
  return {};
}

Result<bool> InotifyWatcher::Wait(std::optional<int64_t> timeout_ms) {
  return mounts_.WaitWith(queue_.get(), timeout_ms);
}

}  // namespace finder
