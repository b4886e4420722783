// The moment before a scan, for make and other tools that compare only times of
// files: later than every stamp from before the scan, and earlier than every
// stamp after its begin. An output with that time is newer than the targets
// that were built from its old content, and older than a directory that changes
// while the scan runs. doc/plan.md has the interleavings.
//
// Values; one thread.
#ifndef FINDER_CMD_SEARCH_SCAN_MOMENT_H_
#define FINDER_CMD_SEARCH_SCAN_MOMENT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "finder/tree/directory_tree.h"
#include "fs/clock.h"
#include "fs/file_system.h"

namespace finder {

class ScanMoment {
 public:
  // Waits until the clock of the file system has moved, which takes one of its
  // ticks, or two where it stores no times in between: 1 to 10 ms, and up to 4
  // s on FAT. Call it before the scan. `path` is a file, or the name of a
  // future one, on the file system in question; nothing is changed there.
  static ScanMoment Await(FileSystem& files, Clock& clock,
                          const std::string& path);

  // The moment, for outputs of a scan of `tree`, in ns since the epoch. None if
  // it is not known, or if the times of one of the directories do not compare
  // with it (those of a server, or in coarse steps, on another file system) or
  // prove nothing.
  std::optional<int64_t> TimeFor(const DirectoryTree& tree) const;

  // Whether a file was last changed before this moment, by the clock of the
  // file system in question. False also if nobody knows.
  bool IsAfter(const FileStat& stat) const {
    return time_ns_.has_value() && stat.device == device_ &&
           stat.change_ns < *time_ns_;
  }

 private:
  ScanMoment() = default;

  std::optional<int64_t> time_ns_;
  uint64_t device_ = 0;
  bool stamped_here_ = false;  // by this kernel's clock
};

}  // namespace finder

#endif  // FINDER_CMD_SEARCH_SCAN_MOMENT_H_
