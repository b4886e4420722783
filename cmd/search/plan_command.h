// --plan: many lists from one scan, all of them written, or none.
//
// One thread calls; the Finder below uses as many as it was told to.
#ifndef FINDER_CMD_SEARCH_PLAN_COMMAND_H_
#define FINDER_CMD_SEARCH_PLAN_COMMAND_H_

#include "cmd/exit_code.h"
#include "cmd/options/command_line.h"
#include "cmd/program.h"

namespace finder {

// Runs a command line that has a plan.
ExitCode RunPlan(const CommandLine& command, Program& program);

}  // namespace finder

#endif  // FINDER_CMD_SEARCH_PLAN_COMMAND_H_
