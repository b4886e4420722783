// `finder find [PATH...] [EXPRESSION]`: answers what find(1) would, from the
// cache. Not the main command, which is in cmd/search/search_command.h.
#ifndef FINDER_CMD_FIND_FIND_COMMAND_H_
#define FINDER_CMD_FIND_FIND_COMMAND_H_

#include "cmd/exit_code.h"
#include "cmd/options/command_line.h"
#include "cmd/program.h"

namespace finder {

// The operands of `command` are all that stands behind the word "find". kNo if
// something could not be read, as with find, kFailed for a usage error. Takes
// on the characters of the user's locale, in which find reads patterns.
ExitCode RunFind(CommandLine& command, Program& program);

}  // namespace finder

#endif  // FINDER_CMD_FIND_FIND_COMMAND_H_
