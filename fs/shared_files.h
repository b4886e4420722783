// What several processes keep in a directory they share: files that are locked,
// appended to and stamped, files of some hundred bytes read or made as a whole,
// and names moved in one step. For contents of any size there is
// fs/file_system.h.
//
// Locks are those of flock(2): they belong to an opened file, hold against
// every other opening of it, in this process too, and the kernel drops them
// when the file is closed, however the process ends. They bind only processes
// that ask for them. Nothing here waits for a lock.
//
// Thread-safety: SharedFiles may be used by any thread, a SharedFile by one at
// a time. A SharedFile must not outlive its SharedFiles.
#ifndef FINDER_FS_SHARED_FILES_H_
#define FINDER_FS_SHARED_FILES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "fs/file_system.h"
#include "fs/result.h"

namespace finder {

enum class LockMode : uint8_t { kShared, kExclusive };

enum class SharedAccess : uint8_t {
  kRead,             // may be locked, read and looked at
  kReadWrite,        // the file must exist
  kCreateReadWrite,  // and is made, empty, if it does not
};

// An open file; destruction closes it and drops its lock.
class SharedFile {
 public:
  virtual ~SharedFile() = default;
  // Locks the file, or changes the mode of the lock that this opening holds,
  // without waiting. EAGAIN if another opening holds a lock that excludes it;
  // an earlier lock of this opening is then lost.
  virtual Outcome TryLock(LockMode mode) = 0;
  virtual Result<FileStat> Stat() = 0;
  // The first `max_bytes` bytes of the file, or all if there are fewer.
  virtual Result<std::string> Read(size_t max_bytes) = 0;
  // Adds bytes at the end in one step: bytes of several processes never mix. A
  // full disk may leave a part of them (ENOSPC).
  virtual Outcome Append(std::string_view bytes) = 0;
  // Cuts the file or lengthens it by zeros that take no room on the disk, and
  // stamps it with the present time.
  virtual Outcome Resize(int64_t size_bytes) = 0;
  // Sets the time of the last modification, in ns since the epoch. EPERM if the
  // user is not the file's owner.
  virtual Outcome SetModifiedTime(int64_t modified_ns) = 0;
  // Sets it to the present time of the file system's clock. For everybody who
  // has permission to write to the file, else EACCES.
  virtual Outcome Touch() = 0;
};

class SharedFiles {
 public:
  virtual ~SharedFiles() = default;
  // Opens a regular file. A symlink fails with ELOOP. A new file gets
  // `permissions`, less the umask.
  virtual Result<std::unique_ptr<SharedFile>> Open(std::string_view path,
                                                   SharedAccess access,
                                                   uint32_t permissions) = 0;

  // Small files as a whole, in three system calls each.
  //
  // All bytes of the file at `path` relative to `base` (or absolute). A symlink
  // fails with ELOOP, a directory with EISDIR, more than `max_bytes` with
  // EFBIG.
  virtual Result<std::string> Read(const DirectoryHandle& base,
                                   std::string_view path, size_t max_bytes) = 0;
  // Makes a file, with `permissions` less the umask. EEXIST if the name is
  // taken. Another error may leave an incomplete file.
  virtual Outcome Create(std::string_view path, std::string_view bytes,
                         uint32_t permissions) = 0;
  // Writes over the beginning of an existing file, and brings it to stable
  // storage. Many at once may write the same bytes. A symlink fails with ELOOP.
  virtual Outcome WriteOver(std::string_view path, std::string_view bytes) = 0;

  // Makes a directory in `parent` under a new name, `prefix` and 32 hexadecimal
  // digits, with `permissions` less the umask. Returns its path.
  virtual Result<std::string> MakeUniqueDirectory(std::string_view parent,
                                                  std::string_view prefix,
                                                  uint32_t permissions) = 0;
  // Swaps two names atomically; both must exist. EINVAL or ENOSYS where the
  // file system cannot (NFS, some FUSE).
  virtual Outcome Exchange(std::string_view a, std::string_view b) = 0;
  // Renames to a free name; EEXIST if it is taken. Where the file system has no
  // such call, an empty directory at `to` counts as free.
  virtual Outcome MoveToFree(std::string_view from, std::string_view to) = 0;
  // Sets exactly these permissions (12 bits), whatever the umask. Not through
  // a symlink as last component, where the kernel can tell (ELOOP).
  virtual Outcome SetPermissions(std::string_view path,
                                 uint32_t permissions) = 0;
};

}  // namespace finder

#endif  // FINDER_FS_SHARED_FILES_H_
