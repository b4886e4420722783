// The PendingFile of the POSIX file system. Not used outside fs/.
#ifndef FINDER_FS_POSIX_FILES_POSIX_PENDING_FILE_H_
#define FINDER_FS_POSIX_FILES_POSIX_PENDING_FILE_H_

#include <cstdint>
#include <memory>
#include <string_view>

#include "fs/file_system.h"
#include "fs/result.h"

namespace finder {

// See FileSystem::CreateFile. The file has no name until it is committed
// (O_TMPFILE). Where the file system does not know that, or /proc is not
// mounted, it has a hidden name in the directory of `path`; such a name
// outlives SIGINT and SIGTERM only if fs/posix/process/interrupt.h is not in
// use. A name that outlives a SIGKILL is removed here, by the next writer of
// the same file (fs/posix/files/temporary_claim.h); not on file systems that
// other hosts use as well.
Result<std::unique_ptr<PendingFile>> CreatePosixPendingFile(
    std::string_view path, uint32_t permissions);

// The same, always with a name from the start.
Result<std::unique_ptr<PendingFile>> CreateNamedPosixPendingFile(
    std::string_view path, uint32_t permissions);

// A PendingFile that others of fs/posix/ write to by its descriptor, which is
// open until it is committed.
class OpenPendingFile : public PendingFile {
 public:
  virtual int descriptor() const = 0;
};

// The same as CreatePosixPendingFile, for `name` in the open `directory`.
Result<std::unique_ptr<OpenPendingFile>> CreatePosixPendingFileIn(
    int directory, std::string_view name, uint32_t permissions);

}  // namespace finder

#endif  // FINDER_FS_POSIX_FILES_POSIX_PENDING_FILE_H_
