// What every OutputTree must do, run on the kernel's, with openat2 and without,
// and on the fake.
#include <errno.h>

#include <memory>
#include <string>
#include <utility>

#include "fs/fake/disk/fake_file_system.h"
#include "fs/fake/disk/fake_output_tree.h"
#include "fs/output_tree.h"
#include "fs/posix/files/posix_file_system.h"
#include "fs/posix/posix_output_tree.h"
#include "gtest/gtest.h"
#include "tests/fs/fake_world.h"
#include "tests/fs/file_system_contract.h"
#include "tests/fs/posix_world.h"

namespace finder {
namespace {

constexpr int64_t kTime = 1'234'567'890'123'456'789;
constexpr FileAttributes kAttributes = {.permissions = 0640,
                                        .modified_ns = kTime};

class OutputTreeContract : public FileSystemContract {
 protected:
  OutputTreeContract() {
    if (auto* fake = dynamic_cast<FakeFileSystem*>(&fs())) {
      tree_ = std::make_unique<FakeOutputTree>(fake);
    } else {
      const bool by_component = GetParam().name == "PosixByComponent";
      tree_ = std::make_unique<PosixOutputTree>(
          dynamic_cast<PosixFileSystem*>(&fs()),
          by_component ? PosixOutputTree::Walk::kByComponent
                       : PosixOutputTree::Walk::kByKernel);
    }
    root_ = Open(world().root());
  }

  int ErrorOfBeneath(std::string_view path) {
    return ErrorOf(tree_->OpenBeneath(root_, path));
  }
  std::string Read(std::string_view name) {
    auto file = tree_->OpenFile(root_, name);
    EXPECT_EQ(ErrorOf(file), 0) << name;
    if (!file.ok()) return "";
    char buffer[100];
    const Result<size_t> got = file.value()->ReadAt(0, buffer, sizeof(buffer));
    return std::string(buffer, got.ok() ? got.value() : 0);
  }

  std::unique_ptr<OutputTree> tree_;
  DirectoryHandle root_;
};

TEST_P(OutputTreeContract, DirectoriesBeneathAreOpened) {
  world().MakeDirectories(At("a/b"));
  world().WriteFile(At("a/b/file"), "x");
  auto opened = tree_->OpenBeneath(root_, "a/b");
  ASSERT_EQ(ErrorOf(opened), 0);
  std::string names;
  const Outcome listed =
      fs().List(opened.value(), [&](std::string_view name, EntryKind kind) {
        names += name;
        EXPECT_EQ(kind, EntryKind::kFile);
      });
  EXPECT_EQ(ErrorOf(listed), 0);
  EXPECT_EQ(names, "file");
  EXPECT_EQ(ErrorOfBeneath("."), 0);
}

TEST_P(OutputTreeContract, WhatIsNoDirectoryBeneathIsNotOpened) {
  world().MakeDirectories(At("a"));
  world().WriteFile(At("file"), "");
  EXPECT_EQ(ErrorOfBeneath("none"), ENOENT);
  EXPECT_EQ(ErrorOfBeneath("a/none"), ENOENT);
  EXPECT_EQ(ErrorOfBeneath("file"), ENOTDIR);
  EXPECT_EQ(ErrorOfBeneath("file/a"), ENOTDIR);
  EXPECT_EQ(ErrorOfBeneath(""), ENOENT);
}

TEST_P(OutputTreeContract, NoPathLeadsOut) {
  world().MakeDirectories(At("a"));
  EXPECT_EQ(ErrorOfBeneath(".."), EXDEV);
  EXPECT_EQ(ErrorOfBeneath("a/../.."), EXDEV);
  EXPECT_EQ(ErrorOfBeneath("/"), EXDEV);
  EXPECT_EQ(ErrorOfBeneath(At("a")), EXDEV);
}

TEST_P(OutputTreeContract, NoSymlinkIsPassed) {
  world().MakeDirectories(At("a/b"));
  world().Symlink("a", At("inside"));
  world().Symlink("/", At("outside"));
  EXPECT_EQ(ErrorOfBeneath("inside"), ELOOP);
  EXPECT_EQ(ErrorOfBeneath("inside/b"), ELOOP);
  EXPECT_EQ(ErrorOfBeneath("outside"), ELOOP);
  world().Symlink("b", At("a/link"));
  EXPECT_EQ(ErrorOfBeneath("a/link"), ELOOP);
}

TEST_P(OutputTreeContract, OnlyRegularFilesAreOpened) {
  world().WriteFile(At("file"), "bytes");
  world().Symlink("file", At("link"));
  world().MakePipe(At("pipe"));
  world().MakeDirectories(At("a"));
  EXPECT_EQ(Read("file"), "bytes");
  EXPECT_EQ(ErrorOf(tree_->OpenFile(root_, "link")), ELOOP);
  EXPECT_EQ(ErrorOf(tree_->OpenFile(root_, "pipe")), EINVAL);
  EXPECT_EQ(ErrorOf(tree_->OpenFile(root_, "a")), EISDIR);
  EXPECT_EQ(ErrorOf(tree_->OpenFile(root_, "none")), ENOENT);
}

TEST_P(OutputTreeContract, PlacedBytesHaveTheAttributesAsked) {
  ASSERT_EQ(ErrorOf(tree_->PlaceBytes("new", root_, "file", kAttributes)), 0);
  EXPECT_EQ(world().ReadFile(At("file")), "new");
  EXPECT_EQ(StatOf(At("file")).permissions, 0640u);
  EXPECT_EQ(StatOf(At("file")).modified_ns, kTime);
  const FileAttributes open_to_all = {.permissions = 0777, .modified_ns = 5};
  ASSERT_EQ(ErrorOf(tree_->PlaceBytes("", root_, "file", open_to_all)), 0);
  EXPECT_EQ(world().ReadFile(At("file")), "");
  EXPECT_EQ(StatOf(At("file")).permissions, 0777u);
  EXPECT_EQ(StatOf(At("file")).modified_ns, 5);
}

TEST_P(OutputTreeContract, ACopyIsAFileOfItsOwn) {
  world().WriteFile(At("source"), "bytes");
  world().MakeDirectories(At("a"));
  const DirectoryHandle a = Open(At("a"));
  ASSERT_EQ(ErrorOf(tree_->PlaceCopy(root_, "source", a, "copy", kAttributes)),
            0);
  world().WriteFile(At("a/copy"), "other");
  EXPECT_EQ(world().ReadFile(At("source")), "bytes");
  ASSERT_EQ(ErrorOf(tree_->PlaceCopy(DirectoryHandle(), At("source"), a, "copy",
                                     kAttributes)),
            0);
  EXPECT_EQ(world().ReadFile(At("a/copy")), "bytes");
  EXPECT_EQ(StatOf(At("a/copy")).links, 1u);
  EXPECT_EQ(StatOf(At("a/copy")).permissions, 0640u);
  EXPECT_EQ(StatOf(At("a/copy")).modified_ns, kTime);
}

TEST_P(OutputTreeContract, OnlyRegularFilesAreCopied) {
  world().WriteFile(At("file"), "bytes");
  world().Symlink("file", At("link"));
  world().MakePipe(At("pipe"));
  world().MakeDirectories(At("a"));
  const auto copy = [this](std::string_view name) {
    return ErrorOf(tree_->PlaceCopy(root_, name, root_, "copy", kAttributes));
  };
  EXPECT_EQ(copy("link"), ELOOP);
  EXPECT_EQ(copy("pipe"), EINVAL);
  EXPECT_EQ(copy("a"), EISDIR);
  EXPECT_EQ(copy("none"), ENOENT);
  EXPECT_EQ(ErrorOf(Stat(At("copy"))), ENOENT);
}

TEST_P(OutputTreeContract, WhatIsPlacedReplacesASymlinkAndNotItsTarget) {
  world().WriteFile(At("target"), "kept");
  world().Symlink("target", At("link"));
  ASSERT_EQ(ErrorOf(tree_->PlaceBytes("new", root_, "link", kAttributes)), 0);
  EXPECT_EQ(world().ReadFile(At("target")), "kept");
  EXPECT_EQ(world().ReadFile(At("link")), "new");
  EXPECT_EQ(StatOf(At("link")).kind, EntryKind::kFile);
}

TEST_P(OutputTreeContract, NothingReplacesADirectory) {
  world().MakeDirectories(At("a"));
  world().WriteFile(At("file"), "");
  EXPECT_EQ(ErrorOf(tree_->PlaceBytes("new", root_, "a", kAttributes)), EISDIR);
  EXPECT_EQ(ErrorOf(tree_->PlaceCopy(root_, "file", root_, "a", kAttributes)),
            EISDIR);
  EXPECT_EQ(ErrorOf(tree_->PlaceSymlink("x", root_, "a", kAttributes)), EISDIR);
  EXPECT_EQ(world().Names(world().root()),
            (std::vector<std::string>{"a", "file"}));
}

TEST_P(OutputTreeContract, SymlinksAreReplacedInOneStep) {
  ASSERT_EQ(ErrorOf(tree_->PlaceSymlink("a/../b", root_, "link", kAttributes)),
            0);
  EXPECT_EQ(fs().ReadLink(root_, "link").value(), "a/../b");
  EXPECT_EQ(StatOf(At("link")).modified_ns, kTime);
  ASSERT_EQ(ErrorOf(tree_->PlaceSymlink("other", root_, "link", kAttributes)),
            0);
  EXPECT_EQ(fs().ReadLink(root_, "link").value(), "other");
  world().WriteFile(At("file"), "");
  ASSERT_EQ(ErrorOf(tree_->PlaceSymlink("other", root_, "file", kAttributes)),
            0);
  EXPECT_EQ(StatOf(At("file")).kind, EntryKind::kSymlink);
  EXPECT_EQ(world().Names(world().root()),
            (std::vector<std::string>{"file", "link"}));
}

TEST_P(OutputTreeContract, AttributesAreSetAndNotThroughASymlink) {
  ASSERT_EQ(ErrorOf(tree_->MakeDirectory(root_, "a", 0700)), 0);
  EXPECT_EQ(ErrorOf(tree_->MakeDirectory(root_, "a", 0700)), EEXIST);
  EXPECT_EQ(ErrorOf(tree_->SetPermissions(root_, "a", 0777)), 0);
  EXPECT_EQ(ErrorOf(tree_->SetModifiedTime(root_, "a", kTime)), 0);
  EXPECT_EQ(StatOf(At("a")).permissions, 0777u);
  EXPECT_EQ(StatOf(At("a")).modified_ns, kTime);
  world().Symlink("a", At("link"));
  EXPECT_EQ(ErrorOf(tree_->SetPermissions(root_, "link", 0700)), ELOOP);
  EXPECT_EQ(ErrorOf(tree_->SetModifiedTime(root_, "link", 7)), 0);
  EXPECT_EQ(StatOf(At("a")).permissions, 0777u);
  EXPECT_EQ(StatOf(At("a")).modified_ns, kTime);
  EXPECT_EQ(ErrorOf(tree_->SetPermissions(root_, "none", 0700)), ENOENT);
}

TEST_P(OutputTreeContract, EmptyDirectoriesAndSymlinksAreRemoved) {
  world().MakeDirectories(At("full/empty"));
  world().Symlink("full", At("link"));
  EXPECT_EQ(ErrorOf(tree_->Remove(root_, "full")), ENOTEMPTY);
  EXPECT_EQ(ErrorOf(tree_->Remove(root_, "link")), 0);
  EXPECT_EQ(ErrorOf(tree_->Remove(Open(At("full")), "empty")), 0);
  EXPECT_EQ(ErrorOf(tree_->Remove(root_, "full")), 0);
  EXPECT_EQ(ErrorOf(tree_->Remove(root_, "full")), ENOENT);
}

TEST_P(OutputTreeContract, ANameIsOneComponent) {
  world().MakeDirectories(At("a"));
  for (const std::string_view name : {"", ".", "..", "a/b", "/b", "a/"}) {
    EXPECT_EQ(ErrorOf(tree_->PlaceBytes("", root_, name, kAttributes)), EINVAL);
    EXPECT_EQ(ErrorOf(tree_->PlaceSymlink("x", root_, name, kAttributes)),
              EINVAL);
    EXPECT_EQ(ErrorOf(tree_->MakeDirectory(root_, name, 0700)), EINVAL);
    EXPECT_EQ(ErrorOf(tree_->SetPermissions(root_, name, 0700)), EINVAL);
    EXPECT_EQ(ErrorOf(tree_->SetModifiedTime(root_, name, 7)), EINVAL);
    EXPECT_EQ(ErrorOf(tree_->Remove(root_, name)), EINVAL);
  }
}

TEST_P(OutputTreeContract, HandlesAreClosed) {
  const int before = world().CountOpenFiles();
  world().MakeDirectories(At("a/b"));
  {
    const auto opened = tree_->OpenBeneath(root_, "a/b");
    EXPECT_EQ(ErrorOf(tree_->PlaceBytes("x", opened.value(), "f", kAttributes)),
              0);
  }
  EXPECT_NE(ErrorOfBeneath("a/none"), 0);
  EXPECT_EQ(world().CountOpenFiles(), before);
}

std::unique_ptr<World> MakePosixWorld() {
  return std::make_unique<PosixWorld>(std::make_unique<PosixFileSystem>());
}

INSTANTIATE_TEST_SUITE_P(
    Every, OutputTreeContract,
    testing::Values(WorldKind{"Posix", MakePosixWorld},
                    WorldKind{"PosixByComponent", MakePosixWorld},
                    WorldKind{"Fake",
                              [] { return std::make_unique<FakeWorld>(); }}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace finder
