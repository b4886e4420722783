// Shared files of a Linux kernel. Thread-safe.
#ifndef FINDER_FS_POSIX_POSIX_SHARED_FILE_H_
#define FINDER_FS_POSIX_POSIX_SHARED_FILE_H_

#include <cstdint>
#include <memory>
#include <string_view>

#include "fs/result.h"
#include "fs/shared_file.h"

namespace finder {

// The kernel's.
class PosixSharedFiles : public SharedFiles {
 public:
  Result<std::unique_ptr<SharedFile>> Open(std::string_view path,
                                           SharedAccess access,
                                           uint32_t permissions) override;
};

}  // namespace finder

#endif  // FINDER_FS_POSIX_POSIX_SHARED_FILE_H_
