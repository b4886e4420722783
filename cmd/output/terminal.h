// What the terminal can do, by the environment. Pure; any thread.
#ifndef FINDER_CMD_OUTPUT_TERMINAL_H_
#define FINDER_CMD_OUTPUT_TERMINAL_H_

#include "cmd/program.h"

namespace finder {

// Whether the terminal, if there is one, can colour text and rewrite a line.
inline bool HasScreen(const Variables& variables) {
  return variables.term.has_value() && !variables.term->empty() &&
         *variables.term != "dumb";
}

}  // namespace finder

#endif  // FINDER_CMD_OUTPUT_TERMINAL_H_
