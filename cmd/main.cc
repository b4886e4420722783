// The program: takes the process as it is handed over, and leaves it with the
// exit code of the command. What happens in between is in find_command.cc.

#include <errno.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "cmd/check_command.h"
#include "cmd/command_line.h"
#include "cmd/doctor_command.h"
#include "cmd/exit_code.h"
#include "cmd/find_command.h"
#include "cmd/help.h"
#include "cmd/option_table.h"
#include "cmd/plan_command.h"
#include "cmd/report.h"
#include "cmd/session.h"
#include "cmd/version.h"
#include "fs/clock.h"
#include "fs/host.h"
#include "fs/interrupt.h"
#include "fs/posix_file_system.h"
#include "fs/process.h"
#include "fs/standard_streams.h"
#include "fs/surroundings.h"

namespace finder {
namespace {

ExitCode Fail(OutputStream& err, std::string_view message) {
  Report(err).Line(message);
  return ExitCode::kFailed;
}

ExitCode Print(std::string_view text, OutputStream& out, OutputStream& err) {
  Outcome outcome = out.Write(text);
  if (outcome.ok()) outcome = out.Close();
  if (outcome.ok()) return ExitCode::kDone;
  if (outcome.error().code() == EPIPE) return ExitCode::kBrokenPipe;
  return Fail(err, "standard output: " + outcome.error().Message());
}

Variables ReadVariables() {
  return {.home = EnvironmentVariable("HOME"),
          .xdg_cache_home = EnvironmentVariable("XDG_CACHE_HOME"),
          .finder_cache_dir = EnvironmentVariable("FINDER_CACHE_DIR"),
          .finder_view_id = EnvironmentVariable("FINDER_VIEW_ID")};
}

// `finder doctor [ROOT]`. A word that looks like an option is none.
ExitCode RunDoctor(const std::vector<std::string>& arguments, OutputStream& out,
                   OutputStream& err) {
  const std::string root = arguments.size() > 1 ? arguments[1] : ".";
  if (arguments.size() > 2 || root.empty() || root[0] == '-') {
    return Fail(err, "usage: finder doctor [ROOT]");
  }
  PosixFileSystem files;
  PosixClock clock;
  Session session = {.files = &files,
                     .clock = &clock,
                     .out = &out,
                     .err = &err,
                     .host = ReadHost(),
                     .variables = {},
                     .working_directory = WorkingDirectory()};
  const DoctorTools tools = {.mount_type = MountType(root),
                             .inotify_watches = MostInotifyWatches(),
                             .sleep = SleepNs};
  return Doctor(root, tools, session);
}

ExitCode RunFind(const CommandLine& command, OutputStream& out,
                 OutputStream& err) {
  for (const std::string& directory : command.general.directories) {
    const Outcome changed = ChangeDirectory(directory);
    if (!changed.ok()) {
      return Fail(err, directory + ": " + changed.error().Message());
    }
  }
  PosixFileSystem files;
  PosixClock clock;
  Session session = {.files = &files,
                     .clock = &clock,
                     .out = &out,
                     .err = &err,
                     .host = ReadHost(),
                     .variables = ReadVariables(),
                     .working_directory = WorkingDirectory()};
  if (session.working_directory.empty()) {
    return Fail(err, "the working directory does not exist any more");
  }
  if (command.plan) return RunPlan(command, session);
  if (command.output.telling != Telling::kAnswers) {
    return Check(command, session);
  }
  return Find(command, session);
}

ExitCode Run(const std::vector<std::string>& arguments, OutputStream& out,
             OutputStream& err) {
  if (!arguments.empty() && arguments[0] == "doctor") {
    return RunDoctor(arguments, out, err);
  }
  const auto words = Subcommands();
  if (!arguments.empty() &&
      std::find(words.begin(), words.end(), arguments[0]) != words.end()) {
    return Fail(err, absl::StrCat("'", arguments[0],
                                  "' is not available in this version; for "
                                  "the directory say ./",
                                  arguments[0]));
  }
  const absl::StatusOr<CommandLine> command = ParseCommandLine(arguments);
  if (!command.ok()) {
    return Fail(err, std::string(command.status().message()));
  }
  switch (command->action) {
    case Action::kHelp:
      return Print(HelpText(), out, err);
    case Action::kVersion:
      return Print("finder " + std::string(kVersion) + "\n", out, err);
    case Action::kFind:
      return RunFind(*command, out, err);
  }
  return ExitCode::kFailed;
}

}  // namespace
}  // namespace finder

int main(int argc, char** argv) {
  finder::ReserveStandardDescriptors();
  finder::IgnoreBrokenPipes();
  finder::InstallInterruptHandlers();
  finder::PosixStandardStream out(finder::StandardStream::kOutput);
  finder::PosixStandardStream err(finder::StandardStream::kError);
  const std::vector<std::string> arguments(argv + std::min(argc, 1),
                                           argv + argc);
  const finder::ExitCode code = finder::Run(arguments, out, err);
  if (code == finder::ExitCode::kBrokenPipe) finder::ExitByBrokenPipe();
  finder::ExitNow(static_cast<int>(code));
}
