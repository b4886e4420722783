// Moves of directories by a Linux kernel. Thread-safe.
#ifndef FINDER_FS_POSIX_POSIX_TREE_MOVES_H_
#define FINDER_FS_POSIX_POSIX_TREE_MOVES_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "fs/result.h"
#include "fs/tree_moves.h"

namespace finder {

// The kernel's.
class PosixTreeMoves : public TreeMoves {
 public:
  Result<std::string> MakeUniqueDirectory(std::string_view parent,
                                          std::string_view prefix,
                                          uint32_t permissions) override;
  Outcome Exchange(std::string_view a, std::string_view b) override;
  Outcome MoveToFree(std::string_view from, std::string_view to) override;
  Outcome SetPermissions(std::string_view path, uint32_t permissions) override;
};

}  // namespace finder

#endif  // FINDER_FS_POSIX_POSIX_TREE_MOVES_H_
