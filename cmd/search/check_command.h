// --digest, --check, --checked and --since-last: what is told about an answer
// instead of the answer, and what is kept of it for next time.
//
// One thread calls; the Finder below uses as many as it was told to.
#ifndef FINDER_CMD_SEARCH_CHECK_COMMAND_H_
#define FINDER_CMD_SEARCH_CHECK_COMMAND_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "cmd/exit_code.h"
#include "cmd/options/command_line.h"
#include "cmd/output/answer_format.h"
#include "cmd/program.h"

namespace finder {

// Runs a command line whose output.telling is not kAnswers.
ExitCode Check(const CommandLine& command, Program& program);

// Appends what is between two lists of paths, each followed by a NUL and sorted
// by bytes: "A PATH" for what only `now` has, "D PATH" for what only `then`
// has, in the order of the paths, each ended by `terminator`. Returns how many.
uint64_t AppendChanges(std::string_view then, std::string_view now,
                       char terminator, Reader reader, std::string& out);

}  // namespace finder

#endif  // FINDER_CMD_SEARCH_CHECK_COMMAND_H_
