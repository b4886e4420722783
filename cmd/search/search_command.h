// The main command: answer a query about a view.
//
// One thread calls; the Finder below uses as many as the options say.
#ifndef FINDER_CMD_SEARCH_SEARCH_COMMAND_H_
#define FINDER_CMD_SEARCH_SEARCH_COMMAND_H_

#include "cmd/exit_code.h"
#include "cmd/options/command_line.h"
#include "cmd/program.h"

namespace finder {

// Prints the answers, or handles them as the options say.
ExitCode Search(const CommandLine& command, Program& program);

}  // namespace finder

#endif  // FINDER_CMD_SEARCH_SEARCH_COMMAND_H_
