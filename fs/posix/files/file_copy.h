// The contents of an open file, put into another one. Used inside fs/ only; any
// thread.
#ifndef FINDER_FS_POSIX_FILES_FILE_COPY_H_
#define FINDER_FS_POSIX_FILES_FILE_COPY_H_

#include "fs/output_tree.h"
#include "fs/result.h"

namespace finder {

// Makes the empty file `to` hold what `from` does: by sharing its blocks where
// the file system can do that (FICLONE), else by a copy within the kernel, else
// by one through memory. Holes stay holes.
Result<CopyMethod> CopyContents(int from, int to);

}  // namespace finder

#endif  // FINDER_FS_POSIX_FILES_FILE_COPY_H_
