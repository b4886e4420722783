// What the kernel is asked to tell file systems apart, and what follows where
// it tells less.
#include <errno.h>
#include <gtest/gtest.h>
#include <linux/magic.h>
#include <sys/vfs.h>

#include <string>

#include "fs/file_system.h"
#include "fs/posix/files/posix_file_system.h"
#include "fs/volume.h"
#include "tests/fs/tampered_calls.h"

namespace finder {
namespace {

constexpr long kUnknownType = 0x12345;

class VolumeIdentity : public testing::Test {
 protected:
  Volume Identify(Tampering tampering, const char* path = "/tmp") {
    const TamperedCalls calls(std::move(tampering));
    const Result<DirectoryHandle> directory =
        files_.OpenDirectory({}, path, SymlinkPolicy::kFollow);
    EXPECT_TRUE(directory.ok());
    return files_.IdentifyVolume(directory.value());
  }
  Volume OfType(long type) { return Identify({.file_system = type}); }

  PosixFileSystem files_;
};

TEST_F(VolumeIdentity, OnlyKnownTypesAreBelieved) {
  EXPECT_EQ(OfType(EXT4_SUPER_MAGIC).trust, StampTrust::kLocal);
  EXPECT_EQ(OfType(TMPFS_MAGIC).trust, StampTrust::kLocal);
  EXPECT_EQ(OfType(SQUASHFS_MAGIC).trust, StampTrust::kMount);
  EXPECT_EQ(OfType(NFS_SUPER_MAGIC).trust, StampTrust::kServer);
  for (const long type :
       {long{PROC_SUPER_MAGIC}, long{SYSFS_MAGIC}, long{CGROUP2_SUPER_MAGIC},
        long{FUSE_SUPER_MAGIC}, long{V9FS_MAGIC}, long{DEBUGFS_MAGIC},
        long{TRACEFS_MAGIC}, long{AUTOFS_SUPER_MAGIC}, long{MSDOS_SUPER_MAGIC},
        long{CIFS_SUPER_MAGIC}, kUnknownType}) {
    EXPECT_EQ(OfType(type).trust, StampTrust::kNever) << std::hex << type;
  }
}

TEST_F(VolumeIdentity, WhatCannotBeAskedIsNotBelieved) {
  const auto fail = [](Call call) {
    return call == Call::kStatFileSystem ? EIO : 0;
  };
  EXPECT_EQ(Identify({.fail = fail}), Volume());
}

TEST_F(VolumeIdentity, OnlyWhatIsBoundToAMountBearsOne) {
  EXPECT_EQ(OfType(EXT4_SUPER_MAGIC).mount, "");
  EXPECT_NE(OfType(SQUASHFS_MAGIC).mount, "");
}

TEST_F(VolumeIdentity, TwoFileSystemsDiffer) {
  const Volume one = Identify({}, "/proc");
  const Volume other = Identify({}, "/sys");
  EXPECT_NE(one.identity, other.identity);
  EXPECT_NE(Identify({.file_system = SQUASHFS_MAGIC}, "/proc").mount,
            Identify({.file_system = SQUASHFS_MAGIC}, "/sys").mount);
}

// A mount that is read-only of a file system that is not is as good as it.
TEST_F(VolumeIdentity, AReadOnlyMountOfAWritableFileSystemIsLocal) {
  const Volume volume =
      Identify({.file_system = EXT4_SUPER_MAGIC, .read_only = true}, "/dev");
  EXPECT_EQ(volume.trust, StampTrust::kLocal);
}

TEST_F(VolumeIdentity, ReadOnlyWhereTheMountIsNotToldIsAnImage) {
  const Volume volume = Identify({.file_system = EXT4_SUPER_MAGIC,
                                  .read_only = true,
                                  .hide_mounts = true});
  EXPECT_EQ(volume.trust, StampTrust::kMount);
  EXPECT_EQ(volume.mount, "");
}

TEST_F(VolumeIdentity, OlderKernelsTellAMountByItsLine) {
  const Tampering older = {.file_system = OVERLAYFS_SUPER_MAGIC,
                           .hide_unique_mounts = true};
  const Volume of_proc = Identify(older, "/proc");
  EXPECT_TRUE(of_proc.mount.starts_with("line:")) << of_proc.mount;
  EXPECT_EQ(Identify(older, "/proc"), of_proc);
  EXPECT_NE(Identify(older, "/sys").mount, of_proc.mount);
}

}  // namespace
}  // namespace finder
