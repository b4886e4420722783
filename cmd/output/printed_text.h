// The output of a command that prints one short text: --help, an explanation.
// Answers are written piece by piece instead, since they may be too many for
// memory.
//
// One thread.
#ifndef FINDER_CMD_OUTPUT_PRINTED_TEXT_H_
#define FINDER_CMD_OUTPUT_PRINTED_TEXT_H_

#include <string_view>

#include "cmd/exit_code.h"
#include "cmd/program.h"

namespace finder {

// Writes `text` to standard output and closes that. Returns `code`, unless the
// text was lost: then kBrokenPipe, or kFailed after a line on standard error.
ExitCode PrintText(std::string_view text, Program& program,
                   ExitCode code = ExitCode::kDone);

}  // namespace finder

#endif  // FINDER_CMD_OUTPUT_PRINTED_TEXT_H_
