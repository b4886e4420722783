// `finder why PATH`: what shows or hides one path, step by step.
//
// One thread.
#ifndef FINDER_CMD_WHY_COMMAND_H_
#define FINDER_CMD_WHY_COMMAND_H_

#include <string>
#include <vector>

#include "cmd/exit_code.h"
#include "cmd/session.h"

namespace finder {

// `arguments` are those after the word "why". Prints the steps and the verdict:
// kDone if the path is shown, kNo if it is hidden, kFailed if neither can be
// said.
ExitCode RunWhy(const std::vector<std::string>& arguments, Session& session);

}  // namespace finder

#endif  // FINDER_CMD_WHY_COMMAND_H_
