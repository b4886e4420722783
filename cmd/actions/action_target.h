// An entry that something is done with, and the parts of its path that matter
// then. Pure; any thread.
#ifndef FINDER_CMD_ACTIONS_ACTION_TARGET_H_
#define FINDER_CMD_ACTIONS_ACTION_TARGET_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "fs/entry_kind.h"
#include "fs/file_system.h"

namespace finder {

struct ActionTarget {
  std::string_view path;   // as printed
  std::string_view start;  // the operand that the path begins with
  uint32_t depth = 0;      // below that
  EntryKind kind = EntryKind::kFile;
  // How the directories between the operand and the entry were come by.
  SymlinkPolicy links_below = SymlinkPolicy::kNoFollow;
};

// The path of the directory that holds what `path` names; "." if there is no
// other. Slashes at the end of `path` do not count.
std::string HoldingDirectory(std::string_view path);

// The name in there, with at most one slash of those at the end; "/" for a path
// of slashes.
std::string NameWithin(std::string_view path);

}  // namespace finder

#endif  // FINDER_CMD_ACTIONS_ACTION_TARGET_H_
