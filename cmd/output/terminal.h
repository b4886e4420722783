// What the terminal can do, as far as the environment tells. Pure; any thread.
#ifndef FINDER_CMD_OUTPUT_TERMINAL_H_
#define FINDER_CMD_OUTPUT_TERMINAL_H_

#include "cmd/session.h"

namespace finder {

// Whether the terminal, where there is one, can do more than print one line
// below the other: colour text, and write a line again.
inline bool HasScreen(const Variables& variables) {
  return variables.term.has_value() && !variables.term->empty() &&
         *variables.term != "dumb";
}

}  // namespace finder

#endif  // FINDER_CMD_OUTPUT_TERMINAL_H_
