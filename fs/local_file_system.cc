#include "fs/local_file_system.h"

#include <errno.h>
#include <linux/magic.h>
#include <sys/vfs.h>

namespace finder {
namespace {

// Not in every <linux/magic.h>.
constexpr unsigned kBcachefsMagic = 0xca451a4e;
constexpr unsigned kErofsMagic = 0xe0f5e1e2;
constexpr unsigned kZfsMagic = 0x2fc12fc1;

}  // namespace

bool IsLocalFileSystem(unsigned magic) {
  switch (magic) {
    case BTRFS_SUPER_MAGIC:
    case EXT4_SUPER_MAGIC:  // of ext2 and ext3, too
    case F2FS_SUPER_MAGIC:
    case ISOFS_SUPER_MAGIC:
    case OVERLAYFS_SUPER_MAGIC:
    case RAMFS_MAGIC:
    case SQUASHFS_MAGIC:
    case TMPFS_MAGIC:
    case XFS_SUPER_MAGIC:
    case kBcachefsMagic:
    case kErofsMagic:
    case kZfsMagic:
      return true;
    default:
      return false;
  }
}

bool IsOnLocalFileSystem(int descriptor) {
  struct statfs found;
  int result;
  do {
    result = fstatfs(descriptor, &found);
  } while (result != 0 && errno == EINTR);
  return result == 0 && IsLocalFileSystem(static_cast<unsigned>(found.f_type));
}

}  // namespace finder
