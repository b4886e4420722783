// The value of --input: the options and ROOTs of one set of input files, in one
// word. Pure; any thread.
#ifndef FINDER_CMD_RUN_INPUT_SPEC_H_
#define FINDER_CMD_RUN_INPUT_SPEC_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "cmd/options/command_line.h"

namespace finder {

// Cuts at spaces as a shell does, with its quotes and backslashes, and expands
// nothing.
absl::StatusOr<std::vector<std::string>> SplitWords(std::string_view text);

// The view, with its roots, and the query that `spec` says; all else is as in
// `command`.
absl::StatusOr<CommandLine> ParseInputSpec(std::string_view spec,
                                           const CommandLine& command);

}  // namespace finder

#endif  // FINDER_CMD_RUN_INPUT_SPEC_H_
