#include "fs/posix/files/file_system_type.h"

#include <errno.h>
#include <linux/magic.h>
#include <sys/vfs.h>

namespace finder {
namespace {

// Not in every <linux/magic.h>; each from the file system's own sources in
// Linux (fs/*/) or, for ZFS, from OpenZFS (include/sys/fs/zfs.h).
constexpr unsigned kBcachefsMagic = 0xca451a4e;
constexpr unsigned kErofsMagic = 0xe0f5e1e2;
constexpr unsigned kJfsMagic = 0x3153464a;
constexpr unsigned kRomfsMagic = 0x7275;
constexpr unsigned kUdfMagic = 0x15013346;
constexpr unsigned kUfsMagic = 0x00011954;
constexpr unsigned kUfs2Magic = 0x19540119;
constexpr unsigned kZfsMagic = 0x2fc12fc1;

}  // namespace

StampTrust TrustOfType(unsigned magic) {
  switch (magic) {
    case BTRFS_SUPER_MAGIC:
    case EXT4_SUPER_MAGIC:  // of ext2 and ext3, too
    case F2FS_SUPER_MAGIC:
    case NILFS_SUPER_MAGIC:
    case RAMFS_MAGIC:
    case REISERFS_SUPER_MAGIC:
    case TMPFS_MAGIC:  // of devtmpfs, too
    case XFS_SUPER_MAGIC:
    case kBcachefsMagic:
    case kJfsMagic:
    case kUfsMagic:
    case kUfs2Magic:
    case kZfsMagic:
      return StampTrust::kLocal;
    case CRAMFS_MAGIC:
    case ISOFS_SUPER_MAGIC:
    case SQUASHFS_MAGIC:
    case kErofsMagic:
    case kRomfsMagic:
    case kUdfMagic:
      return StampTrust::kMount;
    case OVERLAYFS_SUPER_MAGIC:
      return StampTrust::kLayers;
    case CEPH_SUPER_MAGIC:
    case NFS_SUPER_MAGIC:
      return StampTrust::kServer;
    default:
      return StampTrust::kNever;
  }
}

bool IsLocalFileSystem(unsigned magic) {
  const StampTrust trust = TrustOfType(magic);
  return trust == StampTrust::kLocal || IsBoundToMount(trust);
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
