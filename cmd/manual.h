// The manual page finder(1), made from the option table and the prose of
// --help, so that the three cannot disagree.
//
// Pure; any thread.
#ifndef FINDER_CMD_MANUAL_H_
#define FINDER_CMD_MANUAL_H_

#include <string>

namespace finder {

// In roff, for the macros of man(7).
std::string ManualPage();

}  // namespace finder

#endif  // FINDER_CMD_MANUAL_H_
