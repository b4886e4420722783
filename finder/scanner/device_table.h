// Which of the devices known are still the file systems they were. Internal to
// the scanner. doc/consistency.md, "Which file systems are believed".
//
// A device number says little: it is given anew at every boot and mount. So a
// device of the tree counts only once the file system that bears its number now
// has been identified, and found to be the one the facts were read from. That
// is asked once for each number, of the first directory that bears it; all
// others compare one number.
//
// Thread-safe.
#ifndef FINDER_FINDER_SCANNER_DEVICE_TABLE_H_
#define FINDER_FINDER_SCANNER_DEVICE_TABLE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "finder/tree/directory_tree.h"
#include "fs/file_system.h"

namespace finder {

class DeviceTable {
 public:
  // `devices` are the tree's, and are read and written by nobody else as long
  // as this lives. Both must outlive this.
  DeviceTable(FileSystem& files, std::vector<Device>& devices);

  // Whether `index` is what the file system of device `number` was stored
  // under, or has been given in this run. The hot path: one load.
  bool Is(uint16_t index, uint64_t number) const {
    return this->number(index) == number;
  }
  // The number that `index` was found to have in this run; one that no device
  // has if it was not.
  uint64_t number(uint16_t index) const {
    return index < kMost ? live_[index].number.load(std::memory_order_acquire)
                         : kNoNumber;
  }
  // What its stamps prove; REQUIRES: Is(index, ...) was true.
  StampTrust trust(uint16_t index) const { return live_[index].trust; }
  // Whether the facts stored under `index` are of a file system whose stamps
  // are current only when a directory is opened.
  bool NeedsOpening(uint16_t index) const {
    return index < needs_opening_.size() && needs_opening_[index] != 0;
  }

  // The index of a device whose file system is known in this run; none if it
  // has not been identified yet.
  std::optional<uint16_t> Find(uint64_t number) const
      ABSL_LOCKS_EXCLUDED(mutex_);
  // The same, identifying the file system by an open directory on it.
  // kNoDevice if there are more devices than are worth telling apart; nothing
  // is believed there.
  uint16_t Identify(uint64_t number, const DirectoryHandle& directory)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Whether a device of the tree has been added or got another number.
  bool changed() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  static constexpr size_t kMost = 4096;
  // No device has this number.
  static constexpr uint64_t kNoNumber = ~uint64_t{0};

  struct Live {
    std::atomic<uint64_t> number = kNoNumber;
    // Written before `number`, once.
    StampTrust trust = StampTrust::kNever;
  };

  std::optional<uint16_t> FindLocked(uint64_t number) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // The stored place of `volume`, which bears `number` now.
  std::optional<size_t> FindStored(uint64_t number, const Volume& volume) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // A place that nothing is stored under.
  std::optional<size_t> TakePlace() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  FileSystem& files_;
  const std::unique_ptr<Live[]> live_;
  std::vector<uint8_t> needs_opening_;  // bool; const after construction

  mutable absl::Mutex mutex_;
  std::vector<Device>& devices_ ABSL_GUARDED_BY(mutex_);
  bool changed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace finder

#endif  // FINDER_FINDER_SCANNER_DEVICE_TABLE_H_
