// The ReadableFile of the POSIX file system. Not used outside fs/.
#ifndef FINDER_FS_POSIX_FILES_POSIX_READABLE_FILE_H_
#define FINDER_FS_POSIX_FILES_POSIX_READABLE_FILE_H_

#include <memory>
#include <string_view>

#include "fs/file_system.h"
#include "fs/result.h"

namespace finder {

// See FileSystem::OpenFile; `path` is relative to the descriptor `base`.
Result<std::unique_ptr<ReadableFile>> OpenPosixReadableFile(
    int base, std::string_view path, SymlinkPolicy symlinks);

}  // namespace finder

#endif  // FINDER_FS_POSIX_FILES_POSIX_READABLE_FILE_H_
