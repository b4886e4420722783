#include "cmd/why_command.h"

#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cmd/output/printed_path.h"
#include "cmd/output/printed_text.h"
#include "cmd/output/report.h"
#include "finder/explain/explanation.h"

namespace finder {
namespace {

absl::StatusOr<Explanation> Explain(CommandLine& command, Program& program) {
  if (command.operands.empty() || command.operands[0].empty()) {
    return absl::InvalidArgumentError("why: which PATH?");
  }
  absl::Status status =
      SetRoots(std::span(command.operands).subspan(1), command);
  if (!status.ok()) return status;
  return ExplainPath({.files = program.files,
                      .view = &command.view,
                      .query = &command.query,
                      .path = command.operands[0],
                      .working_directory = program.working_directory,
                      .ignore = program.variables.ignore,
                      .clock = program.clock});
}

}  // namespace

ExitCode RunWhy(CommandLine& command, Program& program) {
  const absl::StatusOr<Explanation> explanation = Explain(command, program);
  if (!explanation.ok()) {
    Report(*program.err).Line(std::string(explanation.status().message()));
    return ExitCode::kFailed;
  }
  // For people, and a line each, whatever the names hold.
  std::string text;
  for (const std::string& step : explanation->steps) {
    AppendForTerminal(step, text);
    text += '\n';
  }
  AppendForTerminal(
      explanation->shown ? "shown" : "hidden: " + explanation->reason, text);
  text += '\n';
  return PrintText(text, program,
                   explanation->shown ? ExitCode::kDone : ExitCode::kNo);
}

}  // namespace finder
