// The expressions of find(1) that `finder find` understands: parsed from
// arguments, then asked of one entry at a time. Where entries come from is not
// known here.
//
// Not the filters of the main command; those are a Query.
//
// Pure, after parsing immutable; any thread.
#ifndef FINDER_CMD_FIND_FIND_EXPRESSION_H_
#define FINDER_CMD_FIND_FIND_EXPRESSION_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "finder/query/query.h"
#include "finder/view/view.h"
#include "fs/entry_kind.h"

namespace finder {

struct FindEntry {
  const std::string& path;  // as printed
  std::string name;         // the last component
  EntryKind kind = EntryKind::kFile;
};

// A test, an action, or an operator over its children.
struct FindNode {
  enum class Kind : uint8_t {
    kConstant,
    kName,
    kPath,
    kType,
    kPrint,
    kPrune,
    kQuit,
    kNot,
    kAnd,
    kOr,
    kList,
  };
  Kind kind = Kind::kConstant;
  std::string text;        // a pattern, the letters of -type, or a terminator
  bool fold_case = false;  // -iname, -ipath
  bool value = true;       // of kConstant
  std::vector<FindNode> children;
};

// What to do after an entry.
struct FindVerdict {
  bool prune = false;
  bool quit = false;
};

// A whole command line of find.
struct FindRequest {
  std::vector<std::string> paths;  // as given; none: "."
  // What holds for the whole command: the links, the boundary and the depths.
  View view;
  Query query;
  FindNode expression;

  // Fails with InvalidArgument; the message begins with "find: ".
  static absl::StatusOr<FindRequest> Parse(
      std::span<const std::string> arguments);

  // Whether it may quit.
  bool quits() const;

  // Asks the expression. `print` is called for each action that prints, with
  // what ends the path.
  FindVerdict Ask(const FindEntry& entry,
                  absl::FunctionRef<void(char terminator)> print) const;
};

}  // namespace finder

#endif  // FINDER_CMD_FIND_FIND_EXPRESSION_H_
