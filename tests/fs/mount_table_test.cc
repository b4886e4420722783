// The lines are of the kernel's Documentation/filesystems/proc.rst, "3.5", and
// of mounts made by hand.
#include "fs/posix/files/mount_table.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace finder {
namespace {

constexpr char kTable[] =
    "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root "
    "rw,errors=continue\n"
    "3 1 7:0 / /image rw,relatime shared:2 - squashfs /dev/loop0 "
    "ro,errors=continue\n"
    "51 27 0:42 / /odd\\040name rw - overlay o rw,lowerdir=/a\\072b:l\\054c::/d"
    "\\134\\072e,upperdir=/up,workdir=/w,uuid=on\n"
    "52 27 0:43 / /new rw - overlay o rw,lowerdir+=/one,datadir+=/two\n"
    "53 27 0:44 broken\n";

std::vector<std::string> LayersOf(uint64_t id) {
  const std::optional<MountLine> mount = FindMount(kTable, id);
  return mount.has_value() ? OverlayLayers(*mount) : std::vector<std::string>();
}

TEST(MountTable, AMountIsFoundByItsNumber) {
  const std::optional<MountLine> mount = FindMount(kTable, 3);
  ASSERT_TRUE(mount.has_value());
  EXPECT_EQ(mount->source, "/dev/loop0");
  EXPECT_TRUE(mount->whole.starts_with("3 1 7:0 / /image "));
  EXPECT_EQ(FindMount(kTable, 5), std::nullopt);
  EXPECT_EQ(FindMount(kTable, 1), std::nullopt);
  EXPECT_EQ(FindMount("", 1), std::nullopt);
}

TEST(MountTable, AMalformedLineIsNoMount) {
  EXPECT_EQ(FindMount(kTable, 53), std::nullopt);
}

TEST(MountTable, TheFileSystemItselfMayBeReadOnly) {
  EXPECT_TRUE(IsReadOnly(*FindMount(kTable, 3)));
  EXPECT_FALSE(IsReadOnly(*FindMount(kTable, 36)));
}

// In this order a colon is escaped: by octal digits it is part of the list.
TEST(MountTable, TheLayersOfAnOverlayAreUnescaped) {
  EXPECT_EQ(LayersOf(51),
            (std::vector<std::string>{"/a", "b", "l,c", "/d:e", "/up"}));
  EXPECT_EQ(LayersOf(52), (std::vector<std::string>{"/one", "/two"}));
  EXPECT_EQ(LayersOf(36), std::vector<std::string>());
}

}  // namespace
}  // namespace finder
