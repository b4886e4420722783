// What running commands came to. A value.
#ifndef FINDER_CMD_EXECUTION_EXECUTION_RESULT_H_
#define FINDER_CMD_EXECUTION_EXECUTION_RESULT_H_

#include "fs/result.h"

namespace finder {

struct ExecutionResult {
  bool failed = false;  // a command failed or could not be started
  Outcome written;      // of the commands' output, where it passes through here
};

}  // namespace finder

#endif  // FINDER_CMD_EXECUTION_EXECUTION_RESULT_H_
