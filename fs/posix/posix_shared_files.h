// Shared files of a Linux kernel. Thread-safe.
#ifndef FINDER_FS_POSIX_POSIX_SHARED_FILES_H_
#define FINDER_FS_POSIX_POSIX_SHARED_FILES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "fs/file_system.h"
#include "fs/result.h"
#include "fs/shared_files.h"

namespace finder {

// The kernel's. Handles are those of a PosixFileSystem.
class PosixSharedFiles : public SharedFiles {
 public:
  Result<std::unique_ptr<SharedFile>> Open(std::string_view path,
                                           SharedAccess access,
                                           uint32_t permissions) override;
  Result<std::string> Read(const DirectoryHandle& base, std::string_view path,
                           size_t max_bytes) override;
  Outcome Create(std::string_view path, std::string_view bytes,
                 uint32_t permissions) override;
  Outcome WriteOver(std::string_view path, std::string_view bytes) override;
  Result<std::string> MakeUniqueDirectory(std::string_view parent,
                                          std::string_view prefix,
                                          uint32_t permissions) override;
  Outcome Exchange(std::string_view a, std::string_view b) override;
  Outcome MoveToFree(std::string_view from, std::string_view to) override;
  Outcome SetPermissions(std::string_view path, uint32_t permissions) override;
};

}  // namespace finder

#endif  // FINDER_FS_POSIX_POSIX_SHARED_FILES_H_
