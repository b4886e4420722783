// What PosixFileSystem promises beyond the contract.
#include "fs/posix/files/posix_file_system.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "fs/file_system.h"
#include "gtest/gtest.h"
#include "tests/fs/child_process.h"
#include "tests/fs/posix_world.h"

namespace finder {
namespace {

constexpr auto kFollow = SymlinkPolicy::kFollow;
constexpr auto kNoFollow = SymlinkPolicy::kNoFollow;

// The open descriptors that a program started now would get.
std::vector<int> InheritedDescriptors() {
  std::vector<int> inherited;
  for (int descriptor = 0; descriptor < 1000; ++descriptor) {
    const int flags = fcntl(descriptor, F_GETFD);
    if (flags >= 0 && (flags & FD_CLOEXEC) == 0) {
      inherited.push_back(descriptor);
    }
  }
  return inherited;
}

TEST(PosixFileSystem, BelievesNoStampOfProc) {
  PosixFileSystem fs;
  const Result<DirectoryHandle> proc =
      fs.OpenDirectory(DirectoryHandle(), "/proc", kNoFollow);
  if (!proc.ok()) GTEST_SKIP() << "no /proc";
  EXPECT_EQ(fs.IdentifyVolume(proc.value()).trust, StampTrust::kNever);
}

TEST(PosixFileSystem, DoesNotOpenDevices) {
  PosixFileSystem fs;
  EXPECT_EQ(fs.OpenFile("/dev/null", kFollow).error().code(), EINVAL);
  EXPECT_EQ(fs.Stat(DirectoryHandle(), "/dev/null", kNoFollow)->kind,
            EntryKind::kOther);
}

TEST(PosixFileSystem, SocketsAreOther) {
  PosixWorld world(std::make_unique<PosixFileSystem>());
  const std::string path = world.root() + "/socket";
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) GTEST_SKIP() << path;
  path.copy(address.sun_path, path.size());
  const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ASSERT_EQ(bind(descriptor, reinterpret_cast<const sockaddr*>(&address),
                 sizeof(address)),
            0);
  EXPECT_EQ(world.fs().OpenFile(path, kNoFollow).error().code(), EINVAL);
  const Result<DirectoryHandle> root =
      world.fs().OpenDirectory(DirectoryHandle(), world.root(), kNoFollow);
  EXPECT_TRUE(world.fs()
                  .List(root.value(),
                        [](std::string_view, EntryKind kind) {
                          EXPECT_EQ(kind, EntryKind::kOther);
                        })
                  .ok());
  close(descriptor);
}

TEST(PosixFileSystem, AKilledWriterLeavesNothing) {
  PosixWorld world(std::make_unique<PosixFileSystem>());
  EXPECT_EQ(SignalThatEnded([&] {
              auto file = world.fs().CreateFile(world.root() + "/file", 0600);
              if (!file.ok() || !file.value()->Append("x").ok()) return 1;
              if (!world.Names(world.root()).empty()) return 2;
              raise(SIGKILL);
              return 0;
            }),
            SIGKILL);
  EXPECT_EQ(world.Names(world.root()), std::vector<std::string>());
}

TEST(PosixFileSystem, NamedTemporariesAreHiddenPrivateAndDiffer) {
  PosixWorld world(std::make_unique<NamedTemporariesFileSystem>());
  const std::string path = world.root() + "/file";
  const auto first = world.fs().CreateFile(path, 0600);
  const auto second = world.fs().CreateFile(path, 0600);
  const std::vector<std::string> names = world.Names(world.root());
  ASSERT_EQ(names.size(), 2u);
  for (const std::string& name : names) {
    EXPECT_EQ(name.substr(0, 13), ".file.finder-") << name;
    EXPECT_EQ(world.fs()
                  .Stat(DirectoryHandle(), world.root() + "/" + name, kNoFollow)
                  ->permissions,
              0600u);
  }
}

TEST(PosixFileSystem, WhatAKilledWriterLeftIsRemovedByTheNext) {
  PosixWorld world(std::make_unique<NamedTemporariesFileSystem>());
  const std::string path = world.root() + "/file";
  EXPECT_EQ(SignalThatEnded([&] {
              auto file = world.fs().CreateFile(path, 0600);
              auto other = world.fs().CreateFile(path, 0400);
              raise(SIGKILL);
              return 0;
            }),
            SIGKILL);
  EXPECT_EQ(world.Names(world.root()).size(), 2u);
  EXPECT_TRUE(world.fs().CreateFile(path, 0600).value()->Commit().ok());
  EXPECT_EQ(world.Names(world.root()), std::vector<std::string>{"file"});
}

TEST(PosixFileSystem, ALivingWriterOfAnotherProcessIsLeftAlone) {
  PosixWorld world(std::make_unique<NamedTemporariesFileSystem>());
  const std::string path = world.root() + "/file";
  int ready[2], go_on[2];
  ASSERT_EQ(pipe2(ready, O_CLOEXEC), 0);
  ASSERT_EQ(pipe2(go_on, O_CLOEXEC), 0);
  const pid_t child = StartChild([&] {
    auto file = world.fs().CreateFile(path, 0600);
    if (!file.ok() || !file.value()->Append("child").ok()) return 1;
    char byte = 0;
    if (write(ready[1], &byte, 1) != 1 || read(go_on[0], &byte, 1) != 1) {
      return 2;
    }
    return file.value()->Commit().ok() ? 0 : 3;
  });
  char byte = 0;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  auto file = world.fs().CreateFile(path, 0600);
  ASSERT_TRUE(file.ok() && file.value()->Append("parent").ok());
  EXPECT_TRUE(file.value()->Commit().ok());
  EXPECT_EQ(world.ReadFile(path), "parent");
  ASSERT_EQ(write(go_on[1], &byte, 1), 1);
  EXPECT_EQ(WaitFor(child), 0);
  EXPECT_EQ(world.ReadFile(path), "child");
  EXPECT_EQ(world.Names(world.root()), std::vector<std::string>{"file"});
  for (const int end : {ready[0], ready[1], go_on[0], go_on[1]}) close(end);
}

TEST(PosixFileSystem, WritersThatSweepAtTheSameMomentAllSucceed) {
  NamedTemporariesFileSystem named;
  PosixFileSystem nameless;
  PosixWorld world(std::make_unique<PosixFileSystem>());
  const std::string path = world.root() + "/file";
  const auto write_often = [&path](FileSystem& fs) {
    for (int i = 0; i < 300; ++i) {
      auto file = fs.CreateFile(path, 0600);
      ASSERT_TRUE(file.ok()) << file.error().code();
      ASSERT_TRUE(file.value()->Append("whole").ok());
      const Outcome committed = file.value()->Commit();
      ASSERT_TRUE(committed.ok()) << committed.error().code();
    }
  };
  std::vector<std::thread> writers;
  writers.reserve(6);
  for (int i = 0; i < 6; ++i) {
    writers.emplace_back([&, i] {
      write_often(i % 2 == 0 ? static_cast<FileSystem&>(named) : nameless);
    });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(world.ReadFile(path), "whole");
  EXPECT_EQ(world.Names(world.root()), std::vector<std::string>{"file"});
}

TEST(PosixFileSystem, DescriptorsAreNotInherited) {
  PosixWorld world(std::make_unique<PosixFileSystem>());
  world.WriteFile(world.root() + "/file", "");
  const std::vector<int> before = InheritedDescriptors();
  const auto directory =
      world.fs().OpenDirectory(DirectoryHandle(), world.root(), kNoFollow);
  const auto file = world.fs().OpenFile(world.root() + "/file", kNoFollow);
  const auto nameless = world.fs().CreateFile(world.root() + "/new", 0600);
  NamedTemporariesFileSystem named_fs;
  const auto named = named_fs.CreateFile(world.root() + "/new", 0600);
  EXPECT_TRUE(directory.ok() && file.ok() && nameless.ok() && named.ok());
  EXPECT_EQ(InheritedDescriptors(), before);
}

}  // namespace
}  // namespace finder
