// Files that are written from the beginning, as a shell's ">" does: what was in
// them is lost at once, and whoever looks sees what is written so far. For a
// file that must never be seen half written there is a PendingFile
// (fs/file_system.h).
//
// Thread-safety: OutputFiles may be used by any thread, a stream by one.
#ifndef FINDER_FS_OUTPUT_FILES_H_
#define FINDER_FS_OUTPUT_FILES_H_

#include <memory>
#include <string_view>

#include "fs/file_system.h"
#include "fs/result.h"
#include "fs/standard_streams.h"

namespace finder {

struct OpenedOutput {
  std::unique_ptr<OutputStream> stream;  // destruction closes it
  FileStat stat;                         // device and inode tell which file
};

class OutputFiles {
 public:
  virtual ~OutputFiles() = default;
  // Makes the file, or empties it. Follows symlinks; a pipe or a device will
  // do, and waits as such things do. `path` may be longer than PATH_MAX.
  virtual Result<OpenedOutput> Open(std::string_view path) = 0;
};

}  // namespace finder

#endif  // FINDER_FS_OUTPUT_FILES_H_
