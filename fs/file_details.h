// All that an inode's data say of a file, for those who were asked about more
// than the scan needs: times, blocks, device numbers.
//
// Not the stat of a scan: that is FileStat (fs/file_system.h), which is smaller
// and cheaper to get. Plain values; any thread.
#ifndef FINDER_FS_FILE_DETAILS_H_
#define FINDER_FS_FILE_DETAILS_H_

#include <compare>
#include <cstdint>
#include <optional>

#include "fs/entry_kind.h"

namespace finder {

// A moment, as far from the epoch as file systems can store it: ns since the
// epoch in 64 bits would end in the year 2262.
struct FileTime {
  int64_t seconds = 0;      // since the epoch; before it, negative
  int32_t nanoseconds = 0;  // 0 to 999,999,999, towards the future

  friend constexpr auto operator<=>(const FileTime&, const FileTime&) = default;
};

struct FileDetails {
  EntryKind kind = EntryKind::kOther;
  uint32_t mode = 0;  // all of st_mode, with the bits of the type
  uint64_t device = 0;
  uint64_t special_device = 0;  // of a device file, what it stands for
  uint64_t inode = 0;
  uint64_t links = 0;
  uint32_t owner = 0;  // user id
  uint32_t group = 0;  // group id
  int64_t size_bytes = 0;
  int64_t blocks = 0;  // of 512 bytes, whatever the file system's are
  int64_t preferred_block_bytes = 0;
  FileTime accessed;
  FileTime modified;
  FileTime changed;
  std::optional<FileTime> born;  // none where nobody keeps it

  friend bool operator==(const FileDetails&, const FileDetails&) = default;
};

}  // namespace finder

#endif  // FINDER_FS_FILE_DETAILS_H_
