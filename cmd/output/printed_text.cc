#include "cmd/output/printed_text.h"

#include <errno.h>

#include "cmd/output/report.h"
#include "fs/result.h"

namespace finder {

ExitCode PrintText(std::string_view text, Program& program, ExitCode code) {
  Outcome written = program.out->Write(text);
  if (written.ok()) written = program.out->Close();
  if (written.ok()) return code;
  if (written.error().code() == EPIPE) return ExitCode::kBrokenPipe;
  Report(*program.err).Line("standard output: " + written.error().Message());
  return ExitCode::kFailed;
}

}  // namespace finder
