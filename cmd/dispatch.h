// Chooses and runs the command that the arguments ask for. Each command has a
// file of its own; cmd/options/subcommand_table.h lists the subcommands.
//
// One thread.
#ifndef FINDER_CMD_DISPATCH_H_
#define FINDER_CMD_DISPATCH_H_

#include <string>
#include <vector>

#include "cmd/exit_code.h"
#include "cmd/program.h"

namespace finder {

// Runs the command. `arguments` are without the program's name.
ExitCode Dispatch(const std::vector<std::string>& arguments, Program& program);

}  // namespace finder

#endif  // FINDER_CMD_DISPATCH_H_
