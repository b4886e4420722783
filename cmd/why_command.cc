#include "cmd/why_command.h"

#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cmd/options/command_line.h"
#include "cmd/options/help.h"
#include "cmd/options/subcommand_table.h"
#include "cmd/output/printed_path.h"
#include "cmd/output/printed_text.h"
#include "cmd/output/report.h"
#include "cmd/working_directory.h"
#include "finder/explain/explanation.h"

namespace finder {
namespace {

absl::StatusOr<Explanation> Explain(CommandLine& command, Session& session) {
  if (command.operands.empty() || command.operands[0].empty()) {
    return absl::InvalidArgumentError("why: which PATH?");
  }
  absl::Status status =
      SetRoots(std::span(command.operands).subspan(1), command);
  if (status.ok()) {
    status = EnterDirectories(command.general.directories, session);
  }
  if (!status.ok()) return status;
  return ExplainPath({.files = session.files,
                      .view = &command.view,
                      .query = &command.query,
                      .path = command.operands[0],
                      .working_directory = session.working_directory});
}

}  // namespace

ExitCode RunWhy(const std::vector<std::string>& arguments, Session& session) {
  const SubcommandSpec& self = GetSubcommand(Subcommand::kWhy);
  const auto fail = [&session](const absl::Status& status) {
    Report(*session.err).Line(std::string(status.message()));
    return ExitCode::kFailed;
  };
  absl::StatusOr<CommandLine> command = ParseSubcommandLine(self, arguments);
  if (!command.ok()) return fail(command.status());
  if (command->action == Action::kHelp) {
    return PrintText(HelpText(self), session);
  }
  const absl::StatusOr<Explanation> explanation = Explain(*command, session);
  if (!explanation.ok()) return fail(explanation.status());
  // For people, and a line each, whatever the names hold.
  std::string text;
  for (const std::string& step : explanation->steps) {
    AppendForTerminal(step, text);
    text += '\n';
  }
  AppendForTerminal(
      explanation->shown ? "shown" : "hidden: " + explanation->reason, text);
  text += '\n';
  return PrintText(text, session,
                   explanation->shown ? ExitCode::kDone : ExitCode::kNo);
}

}  // namespace finder
