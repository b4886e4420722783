// `finder why PATH`: what shows or hides one path, step by step.
//
// One thread.
#ifndef FINDER_CMD_WHY_COMMAND_H_
#define FINDER_CMD_WHY_COMMAND_H_

#include "cmd/exit_code.h"
#include "cmd/options/command_line.h"
#include "cmd/program.h"

namespace finder {

// The operands of `command` are PATH and the roots. Prints the steps and the
// verdict: kDone if the path is shown, kNo if it is hidden, kFailed if that
// cannot be said.
ExitCode RunWhy(CommandLine& command, Program& program);

}  // namespace finder

#endif  // FINDER_CMD_WHY_COMMAND_H_
