// Small files of a Linux kernel. Thread-safe.
#ifndef FINDER_FS_POSIX_POSIX_SMALL_FILE_H_
#define FINDER_FS_POSIX_POSIX_SMALL_FILE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fs/file_system.h"
#include "fs/result.h"
#include "fs/small_file.h"

namespace finder {

// The kernel's. Handles are those of a PosixFileSystem.
class PosixSmallFiles : public SmallFiles {
 public:
  Result<std::string> Read(const DirectoryHandle& base, std::string_view path,
                           size_t max_bytes) override;
  Outcome Create(std::string_view path, std::string_view bytes,
                 uint32_t permissions) override;
  Outcome WriteOver(std::string_view path, std::string_view bytes) override;
};

}  // namespace finder

#endif  // FINDER_FS_POSIX_POSIX_SMALL_FILE_H_
