// Holes, which only a real file system has.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "fs/posix/files/posix_file_system.h"
#include "fs/posix/posix_output_tree.h"
#include "gtest/gtest.h"
#include "tests/fs/posix_world.h"

namespace finder {
namespace {

constexpr off_t kSize = off_t{5} << 30;

TEST(FileCopy, ASparseFileOfFiveGigabytesStaysSparse) {
  PosixWorld world(std::make_unique<PosixFileSystem>());
  const std::string source = world.root() + "/source";
  const int file = open(source.c_str(), O_RDWR | O_CREAT, 0600);
  ASSERT_GE(file, 0);
  ASSERT_EQ(ftruncate(file, kSize), 0);
  ASSERT_EQ(pwrite(file, "middle", 6, kSize / 2), 6);
  ASSERT_EQ(close(file), 0);

  PosixFileSystem files;
  PosixOutputTree tree(&files);
  const Result<DirectoryHandle> root = files.OpenDirectory(
      DirectoryHandle(), world.root(), SymlinkPolicy::kNoFollow);
  ASSERT_TRUE(root.ok());
  ASSERT_TRUE(tree.PlaceCopy(root.value(), "source", root.value(), "copy",
                             {.permissions = 0600, .modified_ns = 0})
                  .ok());

  const std::string copy = world.root() + "/copy";
  struct stat found;
  ASSERT_EQ(stat(copy.c_str(), &found), 0);
  EXPECT_EQ(found.st_size, kSize);
  EXPECT_LT(found.st_blocks * 512, 1 << 20);
  char middle[7] = "";
  const int copied = open(copy.c_str(), O_RDONLY);
  ASSERT_GE(copied, 0);
  EXPECT_EQ(pread(copied, middle, 6, kSize / 2), 6);
  EXPECT_STREQ(middle, "middle");
  close(copied);
}

}  // namespace
}  // namespace finder
