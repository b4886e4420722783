// The manual page finder(1), made from the tables of options and subcommands
// and the prose of --help, so that they cannot disagree.
//
// Pure; any thread.
#ifndef FINDER_CMD_OPTIONS_MANUAL_H_
#define FINDER_CMD_OPTIONS_MANUAL_H_

#include <string>

namespace finder {

// In roff, for the macros of man(7).
std::string ManualPage();

}  // namespace finder

#endif  // FINDER_CMD_OPTIONS_MANUAL_H_
