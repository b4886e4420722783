// What a format or a line of a list can say of an entry. Who prints knows not
// where entries come from, and asks for what costs a system call only if it is
// to be printed.
//
// One thread.
#ifndef FINDER_CMD_FORMAT_PRINTED_ENTRY_H_
#define FINDER_CMD_FORMAT_PRINTED_ENTRY_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "fs/entry_kind.h"
#include "fs/file_details.h"
#include "fs/file_system_names.h"
#include "fs/result.h"
#include "fs/user_names.h"

namespace finder {

class PrintedEntry {
 public:
  virtual ~PrintedEntry() = default;

  virtual std::string_view path() = 0;
  // What the path begins with: the operand that the walk began at.
  virtual std::string_view start() = 0;
  virtual uint32_t depth() = 0;  // below that
  // As the walk sees it: of a symlink that it follows, what that leads to.
  virtual EntryKind kind() = 0;
  // Null if the file does not tell; whoever implements this has said so.
  virtual const FileDetails* Details() = 0;
  // For symlinks: the bytes of the target, and the data of what it leads to.
  virtual Result<std::string> LinkTarget() = 0;
  virtual Result<FileDetails> TargetDetails() = 0;
  // Something of the entry that cannot be printed.
  virtual void Problem(SystemError error) = 0;
};

// The names that numbers have. Nothing is owned.
struct PrintedNames {
  UserNames* users = nullptr;
  FileSystemNames* file_systems = nullptr;
};

// Who reads what is printed.
enum class PrintedFor : uint8_t {
  kProgram,   // bytes as they are
  kTerminal,  // no byte of a name that a terminal would obey
};

}  // namespace finder

#endif  // FINDER_CMD_FORMAT_PRINTED_ENTRY_H_
