// FileSystem::Details of PosixFileSystem: all of an inode's data.
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <string_view>

#include "fs/file_details.h"
#include "fs/file_system.h"
#include "fs/posix/files/kernel_path.h"
#include "fs/posix/files/posix_file_system.h"
#include "fs/posix/files/posix_stat.h"
#include "fs/result.h"

namespace finder {
namespace {

FileTime ToTime(const timespec& time) {
  return {time.tv_sec, static_cast<int32_t>(time.tv_nsec)};
}

FileTime ToTime(const statx_timestamp& time) {
  return {time.tv_sec, static_cast<int32_t>(time.tv_nsec)};
}

FileDetails ToDetails(const struct statx& from) {
  FileDetails to;
  to.kind = KindOfMode(from.stx_mode);
  to.mode = from.stx_mode;
  to.device = makedev(from.stx_dev_major, from.stx_dev_minor);
  to.special_device = makedev(from.stx_rdev_major, from.stx_rdev_minor);
  to.inode = from.stx_ino;
  to.links = from.stx_nlink;
  to.owner = from.stx_uid;
  to.group = from.stx_gid;
  to.size_bytes = static_cast<int64_t>(from.stx_size);
  to.blocks = static_cast<int64_t>(from.stx_blocks);
  to.preferred_block_bytes = from.stx_blksize;
  to.accessed = ToTime(from.stx_atime);
  to.modified = ToTime(from.stx_mtime);
  to.changed = ToTime(from.stx_ctime);
  if ((from.stx_mask & STATX_BTIME) != 0) to.born = ToTime(from.stx_btime);
  return to;
}

FileDetails ToDetails(const struct stat& from) {
  FileDetails to;
  to.kind = KindOfMode(from.st_mode);
  to.mode = from.st_mode;
  to.device = from.st_dev;
  to.special_device = from.st_rdev;
  to.inode = from.st_ino;
  to.links = from.st_nlink;
  to.owner = from.st_uid;
  to.group = from.st_gid;
  to.size_bytes = from.st_size;
  to.blocks = from.st_blocks;
  to.preferred_block_bytes = from.st_blksize;
  to.accessed = ToTime(from.st_atim);
  to.modified = ToTime(from.st_mtim);
  to.changed = ToTime(from.st_ctim);
  return to;
}

// Sandboxes that do not know statx refuse it by EPERM, old kernels by ENOSYS.
bool LacksCall(int error) { return error == ENOSYS || error == EPERM; }

}  // namespace

Result<FileDetails> PosixFileSystem::Details(const DirectoryHandle& base,
                                             std::string_view path,
                                             SymlinkPolicy symlinks) {
  const bool is_base = path.empty() && base.is_open();
  const KernelPath kernel_path(IdOf(base),
                               path.empty() && !is_base ? "." : path);
  if (!kernel_path.ok()) return LastError();
  int flags = AT_NO_AUTOMOUNT;
  if (symlinks == SymlinkPolicy::kNoFollow) flags |= AT_SYMLINK_NOFOLLOW;
  if (is_base) flags |= AT_EMPTY_PATH;
  struct statx found;
  if (statx(kernel_path.base(), kernel_path.text(), flags,
            STATX_BASIC_STATS | STATX_BTIME, &found) == 0) {
    return ToDetails(found);
  }
  if (!LacksCall(errno)) return LastError();
  struct stat plain;
  if (fstatat(kernel_path.base(), kernel_path.text(), &plain, flags) != 0) {
    return LastError();
  }
  return ToDetails(plain);
}

}  // namespace finder
