// Locking a file that others may replace or move away at any time. The rules
// are in doc/cache_directory.md, "Locks".
#ifndef FINDER_FINDER_CACHE_DISK_FILE_LOCK_H_
#define FINDER_FINDER_CACHE_DISK_FILE_LOCK_H_

#include <cstdint>
#include <memory>
#include <string>

#include "finder/cache/disk/cache_environment.h"
#include "fs/file_system.h"
#include "fs/result.h"
#include "fs/shared_files.h"

namespace finder {

struct LockedFile {
  std::unique_ptr<SharedFile> file;
  FileStat stat;  // taken with the lock held
};

// Whether two stats are of one file.
inline bool IsSameFile(const FileStat& a, const FileStat& b) {
  return a.device == b.device && a.inode == b.inode;
}

// Opens and locks the file that bears the name `path` when the lock is held: a
// file that was replaced between opening and locking is let go and the new one
// tried. Does not wait: EAGAIN if another holds a lock in the way. `access`
// kReadWrite falls back to kRead where writing is forbidden. Five system calls
// with the closing.
Result<LockedFile> LockFileAt(const CacheEnvironment& environment,
                              const std::string& path, SharedAccess access,
                              LockMode mode, uint32_t permissions = 0600);

// Whether a file of this stat still bears the name.
bool IsStillAt(const CacheEnvironment& environment, const std::string& path,
               const FileStat& stat);

}  // namespace finder

#endif  // FINDER_FINDER_CACHE_DISK_FILE_LOCK_H_
