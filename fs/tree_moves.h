// Whole directories, moved in one step if the kernel can do that.
//
// Thread-safe.
#ifndef FINDER_FS_TREE_MOVES_H_
#define FINDER_FS_TREE_MOVES_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "fs/file_system.h"
#include "fs/result.h"

namespace finder {

class TreeMoves {
 public:
  virtual ~TreeMoves() = default;
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

#endif  // FINDER_FS_TREE_MOVES_H_
