#include "fs/posix/watch/fanotify_watcher.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/ioctl.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "fs/posix/files/kernel_path.h"
#include "fs/posix/files/posix_file_system.h"
#include "fs/posix/files/posix_stat.h"

namespace finder {
namespace {

constexpr uint64_t kNameMask =
    FAN_CREATE | FAN_DELETE | FAN_MOVED_FROM | FAN_MOVED_TO;
constexpr uint64_t kSelfMask = FAN_ATTRIB | FAN_MOVE_SELF;
constexpr uint64_t kMask = kNameMask | kSelfMask | FAN_DELETE_SELF | FAN_ONDIR;

constexpr size_t kReadBytes = size_t{32} << 10;

// What tells one file of all machines from another: the file system's number,
// then the handle's type and bytes.
std::string IdentityOf(std::string_view file_system, const file_handle& handle,
                       const void* bytes) {
  std::string identity(file_system);
  identity.append(reinterpret_cast<const char*>(&handle.handle_type),
                  sizeof(handle.handle_type));
  identity.append(static_cast<const char*>(bytes), handle.handle_bytes);
  return identity;
}

// A file_handle with room for its bytes.
union HandleSpace {
  file_handle handle;
  char space[sizeof(file_handle) + MAX_HANDLE_SZ];
};

}  // namespace

Result<std::unique_ptr<DirectoryWatcher>> FanotifyWatcher::Create() {
  Descriptor queue(fanotify_init(
      FAN_CLASS_NOTIF | FAN_CLOEXEC | FAN_NONBLOCK | FAN_REPORT_DFID_NAME,
      O_RDONLY | O_CLOEXEC));
  if (!queue.is_open()) return LastError();
  MountWatch mounts;
  if (!mounts.is_open()) return SystemError(ENOENT);
  return std::unique_ptr<DirectoryWatcher>(
      new FanotifyWatcher(std::move(queue), std::move(mounts)));
}

Result<std::string> FanotifyWatcher::MarkedFileSystem(int directory,
                                                      int mount_id) {
  const auto known = file_systems_.find(mount_id);
  if (known != file_systems_.end()) return known->second;
  if (fanotify_mark(queue_.get(), FAN_MARK_ADD | FAN_MARK_FILESYSTEM, kMask,
                    directory, nullptr) != 0) {
    // EXDEV: a subvolume; ENODEV: no identity; EINVAL: no handles.
    const bool cannot = errno == EXDEV || errno == ENODEV || errno == EINVAL;
    return cannot ? SystemError(EOPNOTSUPP) : LastError();
  }
  struct statfs found;
  if (fstatfs(directory, &found) != 0) return LastError();
  std::string identity(reinterpret_cast<const char*>(&found.f_fsid),
                       sizeof(found.f_fsid));
  file_systems_.emplace(mount_id, identity);
  return identity;
}

Outcome FanotifyWatcher::Watch(const DirectoryHandle& base,
                               std::string_view path, SymlinkPolicy symlinks,
                               WatchToken token) {
  const KernelPath kernel_path(PosixFileSystem::DescriptorOf(base),
                               path.empty() ? "." : path);
  if (!kernel_path.ok()) return LastError();
  const int follow = symlinks == SymlinkPolicy::kFollow ? 0 : O_NOFOLLOW;
  const Descriptor directory =
      OpenAt(kernel_path.base(), kernel_path.text(),
             O_RDONLY | O_DIRECTORY | O_CLOEXEC | follow);
  if (!directory.is_open()) return LastError();
  HandleSpace space;
  space.handle.handle_bytes = MAX_HANDLE_SZ;
  int mount_id = 0;
  if (name_to_handle_at(directory.get(), "", &space.handle, &mount_id,
                        AT_EMPTY_PATH) != 0) {
    return LastError();
  }
  absl::MutexLock lock(&mutex_);
  const Result<std::string> file_system =
      MarkedFileSystem(directory.get(), mount_id);
  if (!file_system.ok()) return file_system.error();
  const auto [at, is_new] = watches_.emplace(
      IdentityOf(file_system.value(), space.handle, space.handle.f_handle),
      next_watch_);
  if (is_new) ++next_watch_;
  table_.Add(at->second, token);
  return {};
}

void FanotifyWatcher::Unwatch(WatchToken token) {
  absl::MutexLock lock(&mutex_);
  table_.Remove(token);
}

void FanotifyWatcher::VisitEvent(
    const char* event, size_t size,
    absl::FunctionRef<void(const WatchEvent&)> visit) {
  fanotify_event_metadata metadata;
  memcpy(&metadata, event, sizeof(metadata));
  if (metadata.mask & FAN_Q_OVERFLOW) visit({.what = WatchEvent::What::kLost});
  for (size_t at = metadata.metadata_len; at < size;) {
    fanotify_event_info_fid info;
    if (size - at < sizeof(info) + sizeof(file_handle)) return;
    memcpy(&info, event + at, sizeof(info));
    HandleSpace handle;
    const char* const bytes = event + at + sizeof(info);
    memcpy(&handle.space, bytes, sizeof(file_handle));
    const char* const name =
        bytes + sizeof(file_handle) + handle.handle.handle_bytes;
    at += info.hdr.len;
    const bool named = info.hdr.info_type == FAN_EVENT_INFO_TYPE_DFID_NAME;
    if (!named && info.hdr.info_type != FAN_EVENT_INFO_TYPE_DFID) continue;
    const bool itself = !named || strcmp(name, ".") == 0;
    const std::string_view fsid(reinterpret_cast<const char*>(&info.fsid),
                                sizeof(info.fsid));
    absl::MutexLock lock(&mutex_);
    const auto watch = watches_.find(
        IdentityOf(fsid, handle.handle, bytes + sizeof(file_handle)));
    if (watch == watches_.end()) continue;
    const auto tell = [&](WatchEvent::What what) {
      mutex_.AssertHeld();
      table_.ForEach(watch->second, [&](WatchToken token) {
        visit({.what = what, .token = token});
      });
    };
    // The attributes of a directory that could not be read are its parent's
    // news; those of a file nobody's.
    const bool is_directory = (metadata.mask & FAN_ONDIR) != 0;
    const uint64_t names =
        kNameMask | (is_directory && !itself ? uint64_t{FAN_ATTRIB} : 0);
    if (metadata.mask & names) tell(WatchEvent::What::kNames);
    if (itself && (metadata.mask & kSelfMask)) tell(WatchEvent::What::kSelf);
    if (itself && (metadata.mask & FAN_DELETE_SELF)) {
      tell(WatchEvent::What::kEnded);
      table_.Drop(watch->second);
      watches_.erase(watch);
    }
  }
}

Outcome FanotifyWatcher::Drain(
    absl::FunctionRef<void(const WatchEvent&)> visit) {
  if (mounts_.TakeChange()) {
    absl::MutexLock lock(&mutex_);
    file_systems_.clear();
    visit({.what = WatchEvent::What::kMounts});
  }
  // The kernel tells how many reports there are in bytes of their heads.
  int heads = 0;
  if (ioctl(queue_.get(), FIONREAD, &heads) != 0) return LastError();
  auto left = heads / int{FAN_EVENT_METADATA_LEN};
  alignas(fanotify_event_metadata) char buffer[kReadBytes];
  while (left > 0) {
    const ssize_t got = read(queue_.get(), buffer, sizeof(buffer));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) break;
    if (got < 0) return LastError();
    for (const char* at = buffer; at < buffer + got;) {
      fanotify_event_metadata metadata;
      memcpy(&metadata, at, sizeof(metadata));
      VisitEvent(at, metadata.event_len, visit);
      at += metadata.event_len;
      --left;
    }
  }
  return {};
}

Result<bool> FanotifyWatcher::Wait(std::optional<int64_t> timeout_ms) {
  return mounts_.WaitWith(queue_.get(), timeout_ms);
}

}  // namespace finder
