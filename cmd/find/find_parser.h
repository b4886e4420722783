// Reads a command line of find(1): the options before the paths, the paths, and
// the expression with its operators. What the words between the operators mean
// is in find_primary.h.
#ifndef FINDER_CMD_FIND_FIND_PARSER_H_
#define FINDER_CMD_FIND_FIND_PARSER_H_

#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "cmd/find/find_primary.h"
#include "cmd/program.h"
#include "finder/expression/node.h"

namespace finder {

// A whole command line.
struct FindRequest {
  explicit FindRequest(Program& program) : setup(program) {}

  FindSetup setup;
  NodePtr expression;  // with the -print that is implied
};

// Fails with InvalidArgument; the message begins with "find: ". Looks at the
// files that the expression compares with, and opens those that it writes.
// kCancelled: nothing is to be done but to print the message.
absl::Status ParseFind(std::span<const std::string> arguments,
                       FindRequest& request);

}  // namespace finder

#endif  // FINDER_CMD_FIND_FIND_PARSER_H_
