// Opens the directories that hold entries, one after the other as a walk comes
// by them, and keeps those above open: so each costs one call, paths may be of
// any length, and a symlink that somebody puts in the place of a directory
// leads nowhere.
//
// Thread-compatible.
#ifndef FINDER_CMD_ACTIONS_DIRECTORY_CHAIN_H_
#define FINDER_CMD_ACTIONS_DIRECTORY_CHAIN_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "cmd/actions/action_target.h"
#include "fs/file_system.h"
#include "fs/result.h"

namespace finder {

class DirectoryChain {
 public:
  // `files` must outlive this.
  explicit DirectoryChain(FileSystem& files) : files_(files) {}

  // The directory that holds `target`, which is below its operand (depth > 0).
  // The result is good until the next call.
  Result<const DirectoryHandle*> Enter(const ActionTarget& target);
  // Closes all. What was opened may have been replaced.
  void Forget();

 private:
  struct Level {
    std::string name;
    DirectoryHandle handle;  // not open: was closed to save descriptors
  };

  Outcome EnterStart(std::string_view start);
  Outcome EnterBelow(std::string_view rest, SymlinkPolicy links);
  void CloseUpper();

  FileSystem& files_;
  std::string start_;
  // The operand, then the directories below it.
  std::vector<Level> levels_;
};

}  // namespace finder

#endif  // FINDER_CMD_ACTIONS_DIRECTORY_CHAIN_H_
