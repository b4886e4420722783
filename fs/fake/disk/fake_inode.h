// Inodes and devices of the fake file system: plain data, guarded by the mutex
// of the FakeDisk they belong to. Tests use fs/fake/disk/fake_tree.h instead.
#ifndef FINDER_FS_FAKE_DISK_FAKE_INODE_H_
#define FINDER_FS_FAKE_DISK_FAKE_INODE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "fs/file_details.h"
#include "fs/file_system.h"

namespace finder {

struct FakeInode;
using FakeInodePtr = std::shared_ptr<FakeInode>;

// How a device stamps changes.
struct FakeStampRule {
  int64_t granularity_ns = 1;   // times are stored as multiples of it
  int64_t tick_ns = 1;          // its clock moves in steps of this
  int64_t clock_offset_ns = 0;  // how far its clock is ahead of the FakeClock
};

struct FakeDevice {
  uint64_t number = 0;
  FakeStampRule stamp_rule;
  Volume volume;
  std::weak_ptr<FakeInode> mount_point;  // expired for the first device

  int64_t StampNs(int64_t now_ns) const;
  // A time as the device can store it.
  int64_t Stored(int64_t ns) const;

  // The lowest number that is free: like ext4, a new file soon bears the
  // number of one just removed. Thread-safe, for an inode may go with the last
  // handle to it.
  uint64_t TakeInodeNumber();
  void ReturnInodeNumber(uint64_t returned_number);

 private:
  absl::Mutex mutex_;
  uint64_t next_ ABSL_GUARDED_BY(mutex_) = 2;
  std::set<uint64_t> returned_ ABSL_GUARDED_BY(mutex_);
};

struct FakeInode {
  FakeInode(std::shared_ptr<FakeDevice> on, EntryKind of_kind);
  ~FakeInode();
  FakeInode(const FakeInode&) = delete;
  FakeInode& operator=(const FakeInode&) = delete;

  FileStat Stat() const;
  // The fake knows no read: the time of the last access is what a test sets.
  FileDetails Details() const;

  const std::shared_ptr<FakeDevice> device;
  const EntryKind kind;
  const uint64_t taken_number;
  uint64_t number;  // as reported: a test may have set another
  uint32_t owner = 0;
  uint32_t group = 0;
  uint32_t permissions = 0;
  int64_t modified_ns = 0;
  int64_t changed_ns = 0;
  int64_t accessed_ns = 0;
  int64_t born_ns = 0;
  uint64_t special_device = 0;  // of something of kind kOther
  int links = 0;                // names; a removed file or directory has none
  bool merged = false;  // a directory of an overlay, from several layers

  // Locks of flock(2): so many openings hold one shared, or one exclusively.
  int shared_locks = 0;
  bool exclusively_locked = false;

  std::string bytes;        // of a file; of a symlink, its target
  size_t synced_bytes = 0;  // how many of them survive a power cut

  // Of a directory.
  std::map<std::string, FakeInodePtr, std::less<>> entries;
  std::weak_ptr<FakeInode> parent;
  FakeInodePtr mounted;  // the root of the device that hides it, if any
};

}  // namespace finder

#endif  // FINDER_FS_FAKE_DISK_FAKE_INODE_H_
