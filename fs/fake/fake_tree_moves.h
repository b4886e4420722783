// TreeMoves of a FakeFileSystem: its user, its faults, its log.
//
// Thread-safe.
#ifndef FINDER_FS_FAKE_FAKE_TREE_MOVES_H_
#define FINDER_FS_FAKE_FAKE_TREE_MOVES_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include "fs/fake/fake_file_system.h"
#include "fs/result.h"
#include "fs/tree_moves.h"

namespace finder {

class FakeTreeMoves : public TreeMoves {
 public:
  // `files` must outlive this.
  explicit FakeTreeMoves(FakeFileSystem* files) : files_(*files) {}

  // As on a file system that can neither exchange nor refuse to replace.
  void ForbidFlags() { flags_forbidden_ = true; }

  Result<std::string> MakeUniqueDirectory(std::string_view parent,
                                          std::string_view prefix,
                                          uint32_t permissions) override;
  Outcome Exchange(std::string_view a, std::string_view b) override;
  Outcome MoveToFree(std::string_view from, std::string_view to) override;
  Outcome SetPermissions(std::string_view path, uint32_t permissions) override;

 private:
  FakeFileSystem& files_;
  bool flags_forbidden_ = false;
  std::atomic<uint64_t> next_name_{0};
};

}  // namespace finder

#endif  // FINDER_FS_FAKE_FAKE_TREE_MOVES_H_
