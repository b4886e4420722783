// `finder run`: a command that need not run again as long as what it depends on
// is the same. doc/run.md is for users; keys, records and the store are in
// finder/results/.
//
// One thread calls.
#ifndef FINDER_CMD_RUN_RUN_COMMAND_H_
#define FINDER_CMD_RUN_RUN_COMMAND_H_

#include "cmd/exit_code.h"
#include "cmd/options/command_line.h"
#include "cmd/program.h"

namespace finder {

// The exit code is the command's, or one of kTimedOut, kRunFailed, 126, 127, or
// kBySignal and the signal that has ended the command.
ExitCode RunRun(CommandLine& command, Program& program);

}  // namespace finder

#endif  // FINDER_CMD_RUN_RUN_COMMAND_H_
