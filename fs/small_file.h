// Files of some hundred bytes, read or made as a whole with the fewest system
// calls: three each, and one more to make a file durable.
//
// Thread-safe.
#ifndef FINDER_FS_SMALL_FILE_H_
#define FINDER_FS_SMALL_FILE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fs/file_system.h"
#include "fs/result.h"

namespace finder {

class SmallFiles {
 public:
  virtual ~SmallFiles() = default;
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
};

}  // namespace finder

#endif  // FINDER_FS_SMALL_FILE_H_
