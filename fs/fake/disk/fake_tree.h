// The disk under a FakeFileSystem, as a test sees and edits it. An edit here is
// no user's call: it needs no permission, is not counted or logged, never fails
// by injection, and survives a power cut.
//
//   FakeClock clock;
//   FakeTree tree(&clock);
//   tree.WriteFile("/src/a.c");
//   FakeFileSystem fs(&tree);
//
// Several FakeFileSystems on one tree are several processes on one disk. New
// files belong to FakeUser().id, which is also who a FakeFileSystem is by
// default. The clock stands still until the test advances it, so changes bear
// the same stamp until then.
//
// Paths are absolute. Symlinks are followed on the way, not at the end. An edit
// that cannot be done is a mistake in the test and ends it.
//
// Thread-safe.
#ifndef FINDER_FS_FAKE_DISK_FAKE_TREE_H_
#define FINDER_FS_FAKE_DISK_FAKE_TREE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "fs/clock.h"
#include "fs/fake/disk/fake_disk.h"
#include "fs/fake/disk/fake_inode.h"
#include "fs/file_system.h"

namespace finder {

class FakeTree {
 public:
  // An empty root directory. `clock` must outlive the tree.
  explicit FakeTree(Clock* clock) : disk_(clock) {}

  // Makes the directory and those above it, as far as they are missing.
  void MakeDirectories(std::string_view path);
  // Makes or overwrites a file (which keeps its inode), and the directories
  // above it.
  void WriteFile(std::string_view path, std::string_view bytes = "");
  // Makes a symlink, and the directories above it. `target` is not empty.
  void Symlink(std::string_view target, std::string_view path);
  // Makes a pipe, and the directories above it: something of kind kOther.
  void MakePipe(std::string_view path);
  void HardLink(std::string_view existing, std::string_view path);
  // As rename(2): replaces a file or an empty directory.
  void Rename(std::string_view from, std::string_view to);
  // Removes a file, a symlink or a whole tree.
  void RemoveAll(std::string_view path);
  void Chmod(std::string_view path, uint32_t permissions);
  void Chown(std::string_view path, uint32_t owner);
  // As utimensat(2): sets mtime; ctime becomes now.
  void SetModifiedTime(std::string_view path, int64_t modified_ns);

  // One entry a line: "d PATH", "f PATH", "l PATH -> TARGET", each relative to
  // `root`, which is made too. An empty path is the root itself.
  void AddTree(std::string_view text, std::string_view root = "/");

  // Sets inode number and both times, for replaying a recorded tree.
  void SetStamp(std::string_view path, uint64_t inode, int64_t change_ns);

  // Hides the directory at `path` under the root of a new device.
  void Mount(std::string_view path);
  // Removes the mount at `path`; all it held is lost.
  void Unmount(std::string_view path);
  // Gives the device that holds `path` another number, as a reboot may.
  void SetDevice(std::string_view path, uint64_t number);
  // Changes how the device that holds `path` stamps from now on.
  void SetStampRule(std::string_view path, const FakeStampRule& rule);
  // Makes the device that holds `path` another volume. A new device is a local
  // one with an identity and a mount of its own.
  void SetVolume(std::string_view path, const Volume& volume);
  Volume GetVolume(std::string_view path) const;
  // The same volume, but its stamps prove more or less.
  void SetTrust(std::string_view path, StampTrust trust);
  // Whether a directory shows itself as one that an overlay has merged.
  void SetMerged(std::string_view path, bool merged);

  // Loses written bytes that were not synced, and ends all writing: every
  // PendingFile fails from now on.
  void CutPower(const FakePowerCut& cut = FakePowerCut());

  // Questions; for a symlink, about itself.
  bool Exists(std::string_view path) const;
  FileStat Stat(std::string_view path) const;
  // The bytes of a file, or the target of a symlink.
  std::string ReadFile(std::string_view path) const;
  // The names in a directory, sorted.
  std::vector<std::string> Names(std::string_view path) const;

  // For FakeFileSystem.
  FakeDisk& disk() { return disk_; }

 private:
  // What is or shall be at `path`, the directories above it made.
  FakeDisk::Place PlaceFor(std::string_view path)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(disk_.mutex());
  FakeInodePtr MakeMissingDirectories(std::string_view path)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(disk_.mutex());
  // What is at `path`, which must exist.
  FakeDisk::Place Existing(std::string_view path) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(disk_.mutex());
  void MakeEntry(std::string_view path, EntryKind kind, std::string_view bytes)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(disk_.mutex());

  mutable FakeDisk disk_;
};

}  // namespace finder

#endif  // FINDER_FS_FAKE_DISK_FAKE_TREE_H_
