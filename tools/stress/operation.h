// What the stress tool does to a tree: one small change each, as a value that
// can be written down, read back and played again. Paths are relative to the
// tree's top; an operation that does not fit the tree as it is does nothing.
//
// Not part of the program. One thread at a time changes a tree.
#ifndef FINDER_TOOLS_STRESS_OPERATION_H_
#define FINDER_TOOLS_STRESS_OPERATION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace finder {

enum class OperationKind : uint8_t {
  kCreate,       // file `a`, or a change of its contents
  kRemove,       // file, symlink or empty directory `a`
  kRename,       // `a` to `b`, across directories too
  kExchange,     // `a` with `b` at once (RENAME_EXCHANGE)
  kHardLink,     // `b` is another name of `a`
  kSymlink,      // `a` leads to the text `b`; retargets one that is there
  kMakePath,     // directory `a` with all above it
  kRemoveTree,   // `a` and all below it
  kReplace,      // a file by a directory of its name, or the reverse
  kChangeMode,   // of `a` to `number`
  kModeAndBack,  // none for anybody, and back
  kSetTimes,     // of `a`, to `number` ns since the epoch
  kTouchBack,    // create `b` in directory `a`, and give `a` its old mtime
  kFifo,         // a pipe `a`
  kBurst,        // `number` files in directory `a`
  kMount,        // an empty tmpfs over `a`
  kBind,         // directory `b` over directory `a`
  kUnmount,      // what is mounted on `a`
  kAge,          // `number` ms pass
  kHook,         // the player's hook is called with `number`
};

struct Operation {
  OperationKind kind = OperationKind::kCreate;
  std::string a;
  std::string b;
  int64_t number = 0;
};

// One line without its newline; bytes that would not print are escaped.
std::string ToText(const Operation& operation);
std::optional<Operation> FromText(std::string_view line);

// A string without spaces and control bytes, and back.
std::string Escaped(std::string_view bytes);
std::string Unescaped(std::string_view text);

// Changes the tree; a hook is called by tools/stress/player.h.
void Apply(const std::string& top, const Operation& operation);

// Unmounts all below `top`, makes it passable, and removes it.
void RemoveAll(const std::string& top);

}  // namespace finder

#endif  // FINDER_TOOLS_STRESS_OPERATION_H_
