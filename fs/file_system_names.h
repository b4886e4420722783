// Which type of file system a device number belongs to: "ext4", "tmpfs".
//
// Thread-safe.
#ifndef FINDER_FS_FILE_SYSTEM_NAMES_H_
#define FINDER_FS_FILE_SYSTEM_NAMES_H_

#include <cstdint>
#include <string>

namespace finder {

class FileSystemNames {
 public:
  virtual ~FileSystemNames() = default;
  // `device`: the st_dev of a file. "unknown" if no mount bears it.
  virtual std::string TypeOf(uint64_t device) = 0;
};

}  // namespace finder

#endif  // FINDER_FS_FILE_SYSTEM_NAMES_H_
