// What FakeTree::CutPower leaves of the calls before it.
#include <errno.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fs/fake/disk/fake_file_system.h"
#include "fs/fake/disk/fake_shared_files.h"
#include "fs/fake/disk/fake_tree.h"
#include "fs/fake/fake_clock.h"
#include "fs/file_system.h"
#include "gtest/gtest.h"

namespace finder {
namespace {

class PowerCut : public testing::Test {
 protected:
  PowerCut() : tree_(&clock_), fs_(&tree_) {}

  std::unique_ptr<PendingFile> Create(std::string_view path) {
    Result<std::unique_ptr<PendingFile>> file = fs_.CreateFile(path, 0600);
    EXPECT_TRUE(file.ok());
    return std::move(file).value();
  }
  // Makes a file of "synced" and, unsynced, `rest`, and renames it to `path`.
  void Write(std::string_view path, std::string_view rest) {
    EXPECT_TRUE(shared_files_.Create("/new", "", 0600).ok());
    EXPECT_TRUE(shared_files_.WriteOver("/new", "synced").ok());
    auto file = shared_files_.Open("/new", SharedAccess::kReadWrite, 0);
    ASSERT_TRUE(file.ok());
    EXPECT_TRUE(file.value()->Append(rest).ok());
    EXPECT_TRUE(fs_.Rename("/new", path).ok());
  }

  FakeClock clock_;
  FakeTree tree_;
  FakeFileSystem fs_;
  FakeSharedFiles shared_files_{&fs_};
};

TEST_F(PowerCut, WhatWasSyncedStays) {
  Write("/file", "");
  tree_.CutPower({.unsynced_bytes = UnsyncedBytes::kEmpty});
  EXPECT_EQ(tree_.ReadFile("/file"), "synced");
}

TEST_F(PowerCut, EditsOfTheTestStay) {
  tree_.WriteFile("/file", "bytes");
  tree_.CutPower({.lost_name_changes = 100});
  EXPECT_EQ(tree_.ReadFile("/file"), "bytes");
}

TEST_F(PowerCut, UnsyncedBytesAreLost) {
  Write("/file", ", not synced");
  tree_.CutPower();
  EXPECT_EQ(tree_.ReadFile("/file"), "synced");
}

TEST_F(PowerCut, AFileMayBeLeftEmpty) {
  Write("/file", ", not synced");
  tree_.CutPower({.unsynced_bytes = UnsyncedBytes::kEmpty});
  EXPECT_EQ(tree_.ReadFile("/file"), "");
}

TEST_F(PowerCut, AFileMayBeTornIntoBlocksAndZeros) {
  const std::string rest(5000, 'x');
  Write("/file", rest);
  tree_.CutPower({.unsynced_bytes = UnsyncedBytes::kTorn, .seed = 1});
  const std::string torn = tree_.ReadFile("/file");
  EXPECT_EQ(torn.size(), 6 + rest.size());
  EXPECT_EQ(torn.substr(0, 6), "synced");
  EXPECT_NE(torn.find('x', 6), std::string::npos);
  EXPECT_NE(torn.find('\0', 6), std::string::npos);
  Write("/again", rest);
  tree_.CutPower({.unsynced_bytes = UnsyncedBytes::kTorn, .seed = 2});
  EXPECT_NE(tree_.ReadFile("/again"), torn);
}

TEST_F(PowerCut, EndsWhatIsBeingWritten) {
  std::unique_ptr<PendingFile> file = Create("/file");
  EXPECT_TRUE(file->Append("x").ok());
  tree_.CutPower();
  EXPECT_EQ(file->Append("x").error().code(), EIO);
  EXPECT_EQ(file->Commit().error().code(), EIO);
  EXPECT_FALSE(tree_.Exists("/file"));
}

TEST_F(PowerCut, ARenameMayBeLost) {
  tree_.WriteFile("/d/file", "old");
  clock_.Advance(1000);
  const FileStat before = tree_.Stat("/d");
  clock_.Advance(1000);
  Write("/d/file", "");
  EXPECT_EQ(tree_.ReadFile("/d/file"), "synced");
  tree_.CutPower({.lost_name_changes = 1});
  EXPECT_EQ(tree_.ReadFile("/d/file"), "old");
  EXPECT_EQ(tree_.Stat("/d").change_ns, before.change_ns);
}

TEST_F(PowerCut, TheLastNameChangesAreLostInReverseOrder) {
  EXPECT_TRUE(fs_.MakeDirectory("/kept", 0700).ok());
  EXPECT_TRUE(fs_.MakeDirectory("/a", 0700).ok());
  Write("/a/file", "");
  EXPECT_TRUE(fs_.Rename("/a/file", "/kept/file").ok());
  EXPECT_TRUE(fs_.Remove("/a").ok());
  tree_.CutPower({.lost_name_changes = 2});
  EXPECT_EQ(tree_.Names("/"), (std::vector<std::string>{"a", "kept"}));
  EXPECT_EQ(tree_.ReadFile("/a/file"), "synced");
  EXPECT_EQ(tree_.Names("/kept"), std::vector<std::string>());
}

TEST_F(PowerCut, FailedCallsAreNotAmongTheLost) {
  EXPECT_TRUE(fs_.MakeDirectory("/a", 0700).ok());
  EXPECT_FALSE(fs_.MakeDirectory("/a", 0700).ok());
  EXPECT_FALSE(fs_.Remove("/missing").ok());
  tree_.CutPower({.lost_name_changes = 1});
  EXPECT_FALSE(tree_.Exists("/a"));
}

}  // namespace
}  // namespace finder
