// All that a command prints, when that is one text: --help, an explanation.
// What is longer than memory should hold is written piece by piece instead.
//
// One thread.
#ifndef FINDER_CMD_OUTPUT_PRINTED_TEXT_H_
#define FINDER_CMD_OUTPUT_PRINTED_TEXT_H_

#include <string_view>

#include "cmd/exit_code.h"
#include "cmd/session.h"

namespace finder {

// Writes `text` to standard output and closes it. Returns `code`, unless it was
// lost: then kBrokenPipe, or kFailed after a line on standard error.
ExitCode PrintText(std::string_view text, Session& session,
                   ExitCode code = ExitCode::kDone);

}  // namespace finder

#endif  // FINDER_CMD_OUTPUT_PRINTED_TEXT_H_
