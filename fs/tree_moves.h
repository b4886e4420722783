// Whole directories, moved in one step as far as the kernel can.
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
  // Makes a directory in `parent` under a name nobody has used: `prefix` and
  // 32 hexadecimal digits. Returns its path. `permissions` less the umask.
  virtual Result<std::string> MakeUniqueDirectory(std::string_view parent,
                                                  std::string_view prefix,
                                                  uint32_t permissions) = 0;
  // Swaps what two names stand for, atomically; both must exist. EINVAL or
  // ENOSYS where the file system cannot (NFS, some FUSE).
  virtual Outcome Exchange(std::string_view a, std::string_view b) = 0;
  // Renames to a name that must be free, else EEXIST. Where the file system has
  // no such call, an empty directory at `to` counts as free.
  virtual Outcome MoveToFree(std::string_view from, std::string_view to) = 0;
  // Sets exactly these permissions (12 bits), whatever the umask. Not through
  // a symlink as last component, where the kernel can tell (ELOOP).
  virtual Outcome SetPermissions(std::string_view path,
                                 uint32_t permissions) = 0;
};

}  // namespace finder

#endif  // FINDER_FS_TREE_MOVES_H_
