// How a kernel's stat becomes a FileStat. Shared by the sources of the POSIX
// file system and not used outside fs/.
#ifndef FINDER_FS_POSIX_FILES_POSIX_STAT_H_
#define FINDER_FS_POSIX_FILES_POSIX_STAT_H_

#include <errno.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdint>

#include "fs/file_system.h"
#include "fs/result.h"

namespace finder {

inline SystemError LastError() { return SystemError(errno); }

inline EntryKind KindOfMode(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFREG:
      return EntryKind::kFile;
    case S_IFDIR:
      return EntryKind::kDirectory;
    case S_IFLNK:
      return EntryKind::kSymlink;
    default:
      return EntryKind::kOther;
  }
}

inline int64_t ToNs(const timespec& time) {
  return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

// Also for times before the epoch.
inline timespec FromNs(int64_t ns) {
  constexpr int64_t kNsPerSecond = 1'000'000'000;
  timespec time = {};
  time.tv_sec = ns / kNsPerSecond;
  time.tv_nsec = ns % kNsPerSecond;
  if (time.tv_nsec < 0) {
    time.tv_nsec += kNsPerSecond;
    --time.tv_sec;
  }
  return time;
}

inline FileStat ToFileStat(const struct stat& from) {
  FileStat to;
  to.kind = KindOfMode(from.st_mode);
  to.device = from.st_dev;
  to.inode = from.st_ino;
  to.change_ns = std::max(ToNs(from.st_mtim), ToNs(from.st_ctim));
  to.modified_ns = ToNs(from.st_mtim);
  to.size_bytes = from.st_size;
  to.owner = from.st_uid;
  to.group = from.st_gid;
  to.permissions = from.st_mode & 07777;
  to.links = from.st_nlink;
  return to;
}

}  // namespace finder

#endif  // FINDER_FS_POSIX_FILES_POSIX_STAT_H_
