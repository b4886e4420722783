// What was probably meant by a ROOT that is not there: a glob, a name to look
// for, or a subcommand.
//
// Pure; any thread.
#ifndef FINDER_CMD_OPTIONS_ROOT_HINT_H_
#define FINDER_CMD_OPTIONS_ROOT_HINT_H_

#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace finder {

// A clause to go behind the message of a missing `root`, spelled as it was
// given; empty if there is nothing to say. Only the first argument can have
// been meant as a subcommand.
std::string RootHint(std::string_view root, bool is_first);

// The failure of a scan, with the hint for the root that is missing, if that is
// what it is.
absl::Status WithRootHint(const absl::Status& status,
                          std::span<const std::string> roots);

}  // namespace finder

#endif  // FINDER_CMD_OPTIONS_ROOT_HINT_H_
