// The contract of Details.
#include <errno.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdint>
#include <string>

#include "fs/file_details.h"
#include "fs/file_system.h"
#include "gtest/gtest.h"
#include "tests/fs/file_system_contract.h"

namespace finder {
namespace {

constexpr auto kFollow = SymlinkPolicy::kFollow;
constexpr auto kNoFollow = SymlinkPolicy::kNoFollow;

int64_t ToNs(FileTime time) {
  return time.seconds * 1'000'000'000 + time.nanoseconds;
}

TEST_P(FileSystemContract, DetailsAgreeWithStat) {
  world().WriteFile(At("file"), "12345");
  world().Chmod(At("file"), 04640);
  world().HardLink(At("file"), At("second"));
  world().MakeDirectories(At("directory"));
  world().Symlink("file", At("link"));
  for (const char* name : {"file", "directory", "link"}) {
    const FileStat stat = StatOf(At(name));
    const Result<FileDetails> details =
        fs().Details(DirectoryHandle(), At(name), kNoFollow);
    ASSERT_TRUE(details.ok()) << name;
    EXPECT_EQ(details->kind, stat.kind) << name;
    EXPECT_EQ(details->mode & 07777, stat.permissions) << name;
    EXPECT_EQ(details->device, stat.device) << name;
    EXPECT_EQ(details->inode, stat.inode) << name;
    EXPECT_EQ(details->links, stat.links) << name;
    EXPECT_EQ(details->owner, stat.owner) << name;
    EXPECT_EQ(details->group, stat.group) << name;
    EXPECT_EQ(details->size_bytes, stat.size_bytes) << name;
    EXPECT_EQ(ToNs(details->modified), stat.modified_ns) << name;
    EXPECT_EQ(std::max(ToNs(details->modified), ToNs(details->changed)),
              stat.change_ns)
        << name;
  }
}

TEST_P(FileSystemContract, DetailsHoldTheTypeInTheMode) {
  world().WriteFile(At("file"), "");
  world().MakeDirectories(At("directory"));
  world().Symlink("file", At("link"));
  world().MakePipe(At("pipe"));
  const auto type_of = [&](const char* name) {
    const Result<FileDetails> details =
        fs().Details(DirectoryHandle(), At(name), kNoFollow);
    return details.ok() ? details->mode & S_IFMT : 0;
  };
  EXPECT_EQ(type_of("file"), static_cast<unsigned>(S_IFREG));
  EXPECT_EQ(type_of("directory"), static_cast<unsigned>(S_IFDIR));
  EXPECT_EQ(type_of("link"), static_cast<unsigned>(S_IFLNK));
  EXPECT_EQ(type_of("pipe"), static_cast<unsigned>(S_IFIFO));
}

TEST_P(FileSystemContract, DetailsTellTheBlocksInUse) {
  world().WriteFile(At("empty"), "");
  world().WriteFile(At("full"), std::string(8192, 'x'));
  const auto empty = fs().Details(DirectoryHandle(), At("empty"), kNoFollow);
  const auto full = fs().Details(DirectoryHandle(), At("full"), kNoFollow);
  ASSERT_TRUE(empty.ok() && full.ok());
  EXPECT_EQ(empty->blocks, 0);
  EXPECT_GE(full->blocks, 16);
}

TEST_P(FileSystemContract, DetailsKeepTimesBeforeTheEpoch) {
  world().WriteFile(At("old"), "");
  world().SetModifiedTime(At("old"), -1'500'000'000);
  const auto old = fs().Details(DirectoryHandle(), At("old"), kNoFollow);
  ASSERT_TRUE(old.ok());
  EXPECT_EQ(old->modified, (FileTime{-2, 500'000'000}));
  EXPECT_LT(old->modified, old->changed);
}

TEST_P(FileSystemContract, DetailsFollowSymlinksOnlyWhenAsked) {
  world().WriteFile(At("file"), "");
  world().Symlink("file", At("link"));
  world().Symlink("nowhere", At("dangling"));
  const DirectoryHandle here;
  EXPECT_EQ(fs().Details(here, At("link"), kNoFollow)->kind,
            EntryKind::kSymlink);
  EXPECT_EQ(fs().Details(here, At("link"), kFollow)->inode,
            StatOf(At("file")).inode);
  EXPECT_EQ(ErrorOf(fs().Details(here, At("dangling"), kFollow)), ENOENT);
}

TEST_P(FileSystemContract, DetailsOfAnEmptyPathAreTheBases) {
  world().MakeDirectories(At("d"));
  const auto by_handle = fs().Details(Open(At("d")), "", kNoFollow);
  ASSERT_TRUE(by_handle.ok());
  EXPECT_EQ(by_handle->inode, StatOf(At("d")).inode);
  const auto here = fs().Details(DirectoryHandle(), "", kNoFollow);
  ASSERT_TRUE(here.ok());
  EXPECT_EQ(here->inode, StatOf(".").inode);
}

TEST_P(FileSystemContract, DetailsTellWhatIsWrong) {
  world().WriteFile(At("file"), "");
  const auto error_of = [&](const std::string& path) {
    return ErrorOf(fs().Details(DirectoryHandle(), path, kNoFollow));
  };
  EXPECT_EQ(error_of(At("missing")), ENOENT);
  EXPECT_EQ(error_of(At("file/below")), ENOTDIR);
  EXPECT_EQ(error_of(At(std::string(256, 'n'))), ENAMETOOLONG);
}

}  // namespace
}  // namespace finder
