// The text of --help, made from the option table.
//
// Pure; any thread.
#ifndef FINDER_CMD_HELP_H_
#define FINDER_CMD_HELP_H_

#include <string>

namespace finder {

// Fits a terminal of 80 columns.
std::string HelpText();

}  // namespace finder

#endif  // FINDER_CMD_HELP_H_
