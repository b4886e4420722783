// Types of file systems, by /proc/self/mountinfo. Thread-safe.
#ifndef FINDER_FS_POSIX_POSIX_FILE_SYSTEM_NAMES_H_
#define FINDER_FS_POSIX_POSIX_FILE_SYSTEM_NAMES_H_

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "fs/file_system_names.h"

namespace finder {

// The table of mounts is read when it is first asked for, once.
class PosixFileSystemNames : public FileSystemNames {
 public:
  std::string TypeOf(uint64_t device) override;

 private:
  std::once_flag read_;
  std::map<uint64_t, std::string> types_;  // by device, after read_
};

// The types by device number in the text of such a table. Where several mounts
// bear the same number, the last counts.
std::map<uint64_t, std::string> TypesOfMounts(std::string_view table);

}  // namespace finder

#endif  // FINDER_FS_POSIX_POSIX_FILE_SYSTEM_NAMES_H_
