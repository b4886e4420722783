// The state behind FakeTree and FakeFileSystem: devices, inodes, names and how
// they change, after the manner of ext4. Knows users and permissions, but no
// handles, faults or counters. Tests use fs/fake/disk/fake_tree.h instead.
//
// Thread-compatible: every method requires mutex() to be held.
#ifndef FINDER_FS_FAKE_DISK_FAKE_DISK_H_
#define FINDER_FS_FAKE_DISK_FAKE_DISK_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "fs/clock.h"
#include "fs/fake/disk/fake_inode.h"
#include "fs/file_system.h"
#include "fs/result.h"

namespace finder {

// Who calls. Everybody is in one group.
struct FakeUser {
  uint32_t id = 1000;
  bool root = false;  // passes every permission check
  uint32_t group = 0;
};

// Of every process.
inline constexpr uint32_t kFakeUmask = 022;

// What is left of a file's unsynced bytes after a power cut.
enum class UnsyncedBytes {
  kLost,   // the file is as long as what was synced
  kEmpty,  // the file is empty, even if some of it was synced
  kTorn,   // some blocks are kept, the others are zeros
};

struct FakePowerCut {
  UnsyncedBytes unsynced_bytes = UnsyncedBytes::kLost;
  uint64_t seed = 0;  // chooses the torn blocks
  // How many of the last calls that changed names (commit, rename, remove,
  // make_directory) never reached the disk.
  size_t lost_name_changes = 0;
};

// Is told of changes as they are made, under the disk's mutex.
class FakeDiskObserver {
 public:
  virtual ~FakeDiskObserver() = default;
  // A name in `directory` came, went or is something else.
  virtual void OnNames(const FakeInode& directory) = 0;
  // A directory was given another owner, other permissions or another name, or
  // lost its last one.
  virtual void OnDirectory(const FakeInode& directory) = 0;
  virtual void OnMounts() = 0;
};

class FakeDisk {
 public:
  enum Permission : uint32_t { kRead = 4, kWrite = 2, kSearch = 1 };

  // Where a path leads. `inode` is null if only the last name is missing.
  // `directory` is null if the path ends in no name: "/", "." or "..".
  struct Place {
    FakeInodePtr directory;
    std::string name;
    FakeInodePtr inode;
    bool trailing_slash = false;
  };

  explicit FakeDisk(Clock* clock);

  absl::Mutex& mutex() ABSL_LOCK_RETURNED(mutex_) { return mutex_; }

  const FakeInodePtr& root() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return root_;
  }

  Result<Place> Find(const FakeUser& user, const FakeInodePtr& base,
                     std::string_view path, SymlinkPolicy symlinks)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  static bool IsAllowed(const FakeUser& user, const FakeInode& inode,
                        uint32_t permissions);

  // A file, directory or symlink of `user` without a name, to be put into
  // `directory`, which hands down its device and, if its set-group-ID bit is
  // on, its group and that bit.
  FakeInodePtr MakeInode(const FakeInode& directory, EntryKind kind,
                         const FakeUser& user, uint32_t permissions)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Gives `inode` a name, which must be free.
  Outcome Link(const FakeUser& user, const Place& place,
               const FakeInodePtr& inode) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // As Link, but replaces what bears the name, unless it is a directory.
  Outcome Replace(const FakeUser& user, const Place& place,
                  const FakeInodePtr& inode)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Outcome Unlink(const FakeUser& user, const Place& place)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Outcome Rename(const FakeUser& user, const Place& from, const Place& to)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Swaps two names.
  Outcome Exchange(const FakeUser& user, const Place& a, const Place& b)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Stamps a change of the inode's bytes or names, or only of its attributes.
  void TouchContent(FakeInode& inode) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void TouchAttributes(FakeInode& inode) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // `observer` must be removed before it goes.
  void AddObserver(FakeDiskObserver* observer)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    observers_.insert(observer);
  }
  void RemoveObserver(FakeDiskObserver* observer)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    observers_.erase(observer);
  }

  void Mount(const FakeInodePtr& directory)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Unmount(const FakeInodePtr& mounted)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // From here on, changes of names belong to one call that a power cut keeps
  // or loses; without it they are lasting.
  void BeginCall() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void EndCall() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Bytes beyond inode->synced_bytes are lost in a power cut.
  void NoteUnsynced(const FakeInodePtr& inode)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void CutPower(const FakePowerCut& cut) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // How many power cuts there have been. Files that were open before one fail.
  int power_cuts() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return power_cuts_;
  }

 private:
  // One name as it was before a change, with the stamps concerned.
  struct NameBefore {
    FakeInodePtr directory;
    std::string name;
    FakeInodePtr inode;  // null if the name was free
    int64_t modified_ns;
    int64_t changed_ns;
    int64_t inode_changed_ns;
  };

  std::shared_ptr<FakeDevice> MakeDevice()
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Whether the name may be given to something, or to something else.
  Outcome CheckChangeable(const FakeUser& user, const Place& place)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // The one place where names change.
  void SetName(const FakeInodePtr& directory, const std::string& name,
               const FakeInodePtr& inode) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  absl::Mutex mutex_;
  Clock* const clock_;
  uint64_t next_device_ ABSL_GUARDED_BY(mutex_) = 2049;  // as of /dev/sda1
  FakeInodePtr root_ ABSL_GUARDED_BY(mutex_);

  bool in_call_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::vector<NameBefore>> calls_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::weak_ptr<FakeInode>> unsynced_ ABSL_GUARDED_BY(mutex_);
  int power_cuts_ ABSL_GUARDED_BY(mutex_) = 0;
  std::set<FakeDiskObserver*> observers_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace finder

#endif  // FINDER_FS_FAKE_DISK_FAKE_DISK_H_
