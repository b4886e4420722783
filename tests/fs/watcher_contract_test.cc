// What every DirectoryWatcher must do, run on the kernel's and on the fake one.
#include <errno.h>
#include <unistd.h>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "fs/directory_watcher.h"
#include "fs/fake/disk/fake_file_system.h"
#include "fs/fake/fake_watcher.h"
#include "fs/posix/files/posix_file_system.h"
#include "fs/posix/watch/fanotify_watcher.h"
#include "fs/posix/watch/inotify_watcher.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/fs/fake_world.h"
#include "tests/fs/file_system_contract.h"
#include "tests/fs/posix_world.h"

namespace finder {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

using What = WatchEvent::What;
using Told = std::set<std::pair<What, WatchToken>>;

enum class WatcherKind { kInotify, kFanotify, kFake };

class WatcherContract : public testing::TestWithParam<WatcherKind> {
 protected:
  void SetUp() override {
    Result<std::unique_ptr<DirectoryWatcher>> made = Make();
    if (!made.ok() && GetParam() == WatcherKind::kFanotify) {
      GTEST_SKIP() << "fanotify is for root: " << made.error().Message();
    }
    ASSERT_TRUE(made.ok()) << made.error().Message();
    watcher_ = std::move(made).value();
  }

  Result<std::unique_ptr<DirectoryWatcher>> Make() {
    if (GetParam() == WatcherKind::kFake) {
      auto fake = std::make_unique<FakeWorld>();
      auto* files = dynamic_cast<FakeFileSystem*>(&fake->fs());
      world_ = std::move(fake);
      return std::unique_ptr<DirectoryWatcher>(
          std::make_unique<FakeWatcher>(files));
    }
    // Before the world, which gives up privileges.
    auto made = GetParam() == WatcherKind::kInotify ? InotifyWatcher::Create()
                                                    : FanotifyWatcher::Create();
    world_ = std::make_unique<PosixWorld>(std::make_unique<PosixFileSystem>());
    return made;
  }

  std::string At(const std::string& name) const {
    return name.empty() ? world_->root() : world_->root() + "/" + name;
  }
  int Watch(const std::string& name, WatchToken token,
            SymlinkPolicy symlinks = SymlinkPolicy::kNoFollow) {
    const Outcome outcome = watcher_->Watch({}, At(name), symlinks, token);
    return outcome.ok() ? 0 : outcome.error().code();
  }
  Told Drain() {
    Told told;
    const Outcome outcome = watcher_->Drain([&told](const WatchEvent& event) {
      told.emplace(event.what, event.token);
    });
    EXPECT_TRUE(outcome.ok());
    return told;
  }
  // What is told of `change`, and nothing from before it.
  Told After(const std::function<void()>& change) {
    Drain();
    change();
    return Drain();
  }

  std::unique_ptr<World> world_;
  std::unique_ptr<DirectoryWatcher> watcher_;
};

TEST_P(WatcherContract, NamesThatComeAndGoAreToldAtOnce) {
  world_->MakeDirectories(At("a/b"));
  ASSERT_EQ(Watch("a", 7), 0);
  ASSERT_EQ(Watch("a/b", 9), 0);
  EXPECT_THAT(Drain(), IsEmpty());
  const std::pair<What, WatchToken> a = {What::kNames, 7};
  EXPECT_THAT(After([&] { world_->WriteFile(At("a/file"), "x"); }),
              UnorderedElementsAre(a));
  EXPECT_THAT(After([&] { world_->HardLink(At("a/file"), At("a/link")); }),
              Contains(a));
  EXPECT_THAT(After([&] { world_->Symlink("file", At("a/symlink")); }),
              Contains(a));
  EXPECT_THAT(After([&] { world_->MakeDirectories(At("a/new")); }),
              Contains(a));
  EXPECT_THAT(After([&] { world_->Rename(At("a/file"), At("a/link2")); }),
              Contains(a));
  EXPECT_THAT(After([&] { world_->Rename(At("a/link2"), At("a/b/x")); }),
              IsSupersetOf({a, std::pair<What, WatchToken>{What::kNames, 9}}));
  EXPECT_THAT(After([&] { world_->RemoveAll(At("a/symlink")); }), Contains(a));
  EXPECT_THAT(Drain(), IsEmpty());
}

TEST_P(WatcherContract, WhatIsDoneToAFileIsNoNews) {
  world_->MakeDirectories(At("a"));
  world_->WriteFile(At("a/file"), "x");
  ASSERT_EQ(Watch("a", 1), 0);
  EXPECT_THAT(After([&] {
                world_->WriteFile(At("a/file"), "longer");
                world_->Chmod(At("a/file"), 0600);
                world_->SetModifiedTime(At("a/file"), 1'000'000'000);
              }),
              IsEmpty());
}

TEST_P(WatcherContract, PermissionsAreNewsOfTheDirectoryAndOfTheOneAbove) {
  world_->MakeDirectories(At("a/b"));
  ASSERT_EQ(Watch("a", 1), 0);
  ASSERT_EQ(Watch("a/b", 2), 0);
  Told told = After([&] { world_->Chmod(At("a/b"), 0500); });
  // Root could read it before.
  if (GetParam() == WatcherKind::kFanotify) told.emplace(What::kNames, 1);
  EXPECT_THAT(told, UnorderedElementsAre(std::pair(What::kNames, 1),
                                         std::pair(What::kSelf, 2)));
}

TEST_P(WatcherContract, AWatchGoesWithItsDirectory) {
  world_->MakeDirectories(At("a/b"));
  world_->MakeDirectories(At("c"));
  ASSERT_EQ(Watch("a/b", 2), 0);
  EXPECT_THAT(After([&] { world_->Rename(At("a/b"), At("c/b")); }),
              Contains(std::pair(What::kSelf, 2)));
  EXPECT_THAT(After([&] { world_->WriteFile(At("c/b/file"), ""); }),
              UnorderedElementsAre(std::pair(What::kNames, 2)));
  // Another of that name is not watched.
  world_->MakeDirectories(At("a/b"));
  EXPECT_THAT(After([&] { world_->WriteFile(At("a/b/file"), ""); }), IsEmpty());
}

TEST_P(WatcherContract, AWatchEndsWithItsDirectory) {
  world_->MakeDirectories(At("a"));
  ASSERT_EQ(Watch("a", 1), 0);
  EXPECT_THAT(After([&] { world_->RemoveAll(At("a")); }),
              Contains(std::pair(What::kEnded, 1)));
  world_->MakeDirectories(At("a"));
  EXPECT_THAT(Drain(), IsEmpty());
  ASSERT_EQ(Watch("a", 1), 0);
  EXPECT_THAT(After([&] { world_->WriteFile(At("a/file"), ""); }),
              UnorderedElementsAre(std::pair(What::kNames, 1)));
}

TEST_P(WatcherContract, ADirectoryHasManyTokensAndATokenOneDirectory) {
  world_->MakeDirectories(At("a"));
  world_->MakeDirectories(At("b"));
  ASSERT_EQ(Watch("a", 1), 0);
  ASSERT_EQ(Watch("a", 2), 0);
  ASSERT_EQ(Watch("a", 2), 0);
  ASSERT_EQ(Watch("b", 1), 0);
  EXPECT_THAT(After([&] { world_->WriteFile(At("a/file"), ""); }),
              UnorderedElementsAre(std::pair(What::kNames, 2)));
  EXPECT_THAT(After([&] { world_->WriteFile(At("b/file"), ""); }),
              UnorderedElementsAre(std::pair(What::kNames, 1)));
  ASSERT_EQ(Watch("a", 3), 0);
  watcher_->Unwatch(2);
  watcher_->Unwatch(2);
  watcher_->Unwatch(100);
  EXPECT_THAT(After([&] { world_->WriteFile(At("a/other"), ""); }),
              UnorderedElementsAre(std::pair(What::kNames, 3)));
  watcher_->Unwatch(3);
  EXPECT_THAT(After([&] { world_->WriteFile(At("a/third"), ""); }), IsEmpty());
}

TEST_P(WatcherContract, HandlesAreWatchedAndPathsBelowThem) {
  world_->MakeDirectories(At("a/b/c"));
  {
    auto handle =
        world_->fs().OpenDirectory({}, At("a"), SymlinkPolicy::kNoFollow);
    ASSERT_TRUE(handle.ok());
    EXPECT_TRUE(
        watcher_->Watch(handle.value(), "", SymlinkPolicy::kNoFollow, 1).ok());
    EXPECT_TRUE(
        watcher_->Watch(handle.value(), "b/c", SymlinkPolicy::kNoFollow, 2)
            .ok());
  }
  EXPECT_THAT(After([&] {
                world_->WriteFile(At("a/file"), "");
                world_->WriteFile(At("a/b/c/file"), "");
              }),
              UnorderedElementsAre(std::pair(What::kNames, 1),
                                   std::pair(What::kNames, 2)));
}

TEST_P(WatcherContract, OnlyDirectoriesAreWatchedAndSymlinksIfToldTo) {
  world_->MakeDirectories(At("d"));
  world_->WriteFile(At("d/file"), "");
  world_->Symlink("d", At("link"));
  EXPECT_EQ(Watch("none", 1), ENOENT);
  EXPECT_EQ(Watch("d/file", 1), ENOTDIR);
  EXPECT_THAT(Watch("link", 1), testing::AnyOf(ENOTDIR, ELOOP));
  EXPECT_EQ(Watch("link", 1, SymlinkPolicy::kFollow), 0);
  EXPECT_THAT(After([&] { world_->WriteFile(At("d/other"), ""); }),
              UnorderedElementsAre(std::pair(What::kNames, 1)));
}

TEST_P(WatcherContract, WhatCannotBeReadCannotBeWatched) {
  world_->MakeDirectories(At("d"));
  world_->Chmod(At("d"), 0);
  EXPECT_EQ(Watch("d", 1), EACCES);
  world_->Chmod(At("d"), 0700);
  EXPECT_EQ(Watch("d", 1), 0);
}

TEST_P(WatcherContract, NothingIsHeldOpen) {
  world_->MakeDirectories(At("a"));
  const int before = world_->CountOpenFiles();
  ASSERT_EQ(Watch("a", 1), 0);
  EXPECT_EQ(world_->CountOpenFiles(), before);
}

TEST_P(WatcherContract, WaitingEndsWhenSomethingIsTold) {
  world_->MakeDirectories(At("a"));
  ASSERT_EQ(Watch("a", 1), 0);
  Drain();
  EXPECT_FALSE(watcher_->Wait(0).value());
  world_->WriteFile(At("a/file"), "");
  EXPECT_TRUE(watcher_->Wait(0).value());
  EXPECT_TRUE(watcher_->Wait(std::nullopt).value());
  EXPECT_THAT(Drain(), Not(IsEmpty()));
  EXPECT_FALSE(watcher_->Wait(0).value());
}

INSTANTIATE_TEST_SUITE_P(Every, WatcherContract,
                         testing::Values(WatcherKind::kInotify,
                                         WatcherKind::kFanotify,
                                         WatcherKind::kFake),
                         [](const auto& info) {
                           switch (info.param) {
                             case WatcherKind::kInotify:
                               return "Inotify";
                             case WatcherKind::kFanotify:
                               return "Fanotify";
                             case WatcherKind::kFake:
                               break;
                           }
                           return "Fake";
                         });

TEST(FakeWatcher, TooManyReportsAreLostAndWatchesAreCounted) {
  FakeClock clock;
  FakeTree tree(&clock);
  FakeFileSystem files(&tree);
  tree.MakeDirectories("/a");
  tree.MakeDirectories("/b");
  FakeWatcher watcher(&files);
  watcher.SetMaxWatches(1);
  EXPECT_TRUE(watcher.Watch({}, "/a", SymlinkPolicy::kNoFollow, 1).ok());
  EXPECT_EQ(watcher.Watch({}, "/b", SymlinkPolicy::kNoFollow, 2).error().code(),
            ENOSPC);
  EXPECT_EQ(watcher.watches(), 1u);
  watcher.SetMaxQueued(2);
  for (const char* const name : {"/a/1", "/a/2", "/a/3", "/a/4"}) {
    tree.WriteFile(name);
  }
  int lost = 0;
  int all = 0;
  EXPECT_TRUE(watcher
                  .Drain([&](const WatchEvent& event) {
                    lost += event.what == What::kLost ? 1 : 0;
                    ++all;
                  })
                  .ok());
  EXPECT_EQ(all, 3);
  EXPECT_EQ(lost, 1);
}

TEST(FakeWatcher, MountsAreTold) {
  FakeClock clock;
  FakeTree tree(&clock);
  FakeFileSystem files(&tree);
  tree.MakeDirectories("/a");
  FakeWatcher watcher(&files);
  tree.Mount("/a");
  int mounts = 0;
  EXPECT_TRUE(watcher
                  .Drain([&](const WatchEvent& event) {
                    mounts += event.what == What::kMounts ? 1 : 0;
                  })
                  .ok());
  EXPECT_EQ(mounts, 1);
}

}  // namespace
}  // namespace finder
