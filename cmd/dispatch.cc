#include "cmd/dispatch.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "cmd/cache/cache_command.h"
#include "cmd/doctor_command.h"
#include "cmd/find/find_command.h"
#include "cmd/options/command_line.h"
#include "cmd/options/help.h"
#include "cmd/options/subcommand_table.h"
#include "cmd/output/printed_text.h"
#include "cmd/output/report.h"
#include "cmd/run/run_command.h"
#include "cmd/search/check_command.h"
#include "cmd/search/plan_command.h"
#include "cmd/search/search_command.h"
#include "cmd/version.h"
#include "cmd/why_command.h"
#include "cmd/working_directory.h"
#include "fs/file_system.h"

namespace finder {
namespace {

ExitCode Fail(std::string_view message, Program& program) {
  Report(*program.err).Line(message);
  return ExitCode::kFailed;
}

ExitCode Fail(const absl::Status& status, Program& program) {
  return Fail(std::string(status.message()), program);
}

ExitCode NotAvailable(const SubcommandSpec& subcommand, Program& program) {
  const absl::string_view word(subcommand.word.data(), subcommand.word.size());
  return Fail(absl::StrCat("'", word,
                           "' is not available in this version; for the "
                           "directory say ./",
                           word),
              program);
}

bool IsDirectory(const std::string& path, Program& program) {
  const Result<FileStat> stat =
      program.files->Stat({}, path, SymlinkPolicy::kFollow);
  return stat.ok() && stat->kind == EntryKind::kDirectory;
}

// Says so if the word and all behind it could as well be roots: `finder
// $(DIRS)` with a directory called "find".
void HintAtRoots(const SubcommandSpec& subcommand,
                 const std::vector<std::string>& arguments, Program& program) {
  const std::string word(subcommand.word);
  const bool all_directories = std::all_of(
      arguments.begin(), arguments.end(), [&program](const std::string& root) {
        return !root.starts_with('-') && IsDirectory(root, program);
      });
  if (!all_directories || !IsDirectory(word, program)) return;
  Report(*program.err)
      .Line("'" + word +
            "' is taken for the subcommand; for the directory say " + "./" +
            word + ", or -- before all roots");
}

// Who reads what stands behind the word.
enum class Language : uint8_t {
  kOptions,  // the parser of options
  kCommand,  // the same up to "--", and then a command of its own
  kOwn,      // the command; all is in the operands
};

// Whether a command can do without a working directory.
enum class Place : uint8_t { kWorkingDirectory, kAnywhere };

// What runs a subcommand.
struct Runner {
  Subcommand id;
  // Null: this version does not have it.
  ExitCode (*run)(CommandLine& command, Program& program) = nullptr;
  Language language = Language::kOptions;
  // What it ends with if its arguments are wrong.
  ExitCode failed = ExitCode::kFailed;
  Place place = Place::kWorkingDirectory;
  // Asked before the parser, if there is one.
  absl::Status (*check)(const std::vector<std::string>& arguments) = nullptr;
};

constexpr Runner kRunners[] = {
    {.id = Subcommand::kCache, .run = RunCache, .check = CheckCacheArguments},
    {.id = Subcommand::kDaemon},
    {.id = Subcommand::kDoctor, .run = RunDoctor, .place = Place::kAnywhere},
    {.id = Subcommand::kFind, .run = RunFind, .language = Language::kOwn},
    {.id = Subcommand::kReplica},
    {.id = Subcommand::kRun,
     .run = RunRun,
     .language = Language::kCommand,
     .failed = ExitCode::kRunFailed},
    {.id = Subcommand::kWhy, .run = RunWhy},
};

consteval bool EverySubcommandHasItsRunner() {
  for (size_t i = 0; i < std::size(kRunners); ++i) {
    if (static_cast<size_t>(kRunners[i].id) != i) return false;
  }
  return std::size(kRunners) == static_cast<size_t>(Subcommand::kWhy) + 1;
}
static_assert(EverySubcommandHasItsRunner());

absl::StatusOr<CommandLine> ReadArguments(
    const SubcommandSpec& subcommand, const Runner& runner,
    const std::vector<std::string>& arguments) {
  if (runner.language == Language::kOwn) {
    CommandLine command;
    command.operands = arguments;
    return command;
  }
  if (runner.language == Language::kCommand) {
    const auto end = std::find(arguments.begin(), arguments.end(), "--");
    absl::StatusOr<CommandLine> command =
        ParseSubcommandLine(subcommand, {arguments.begin(), end});
    if (command.ok() && end != arguments.end()) {
      command->run.command.assign(end + 1, arguments.end());
    }
    return command;
  }
  if (runner.check != nullptr) {
    if (absl::Status status = runner.check(arguments); !status.ok()) {
      return status;
    }
  }
  return ParseSubcommandLine(subcommand, arguments);
}

// `arguments` are those behind the word.
ExitCode RunSubcommand(const SubcommandSpec& subcommand,
                       const std::vector<std::string>& arguments,
                       Program& program) {
  const Runner& runner = kRunners[static_cast<size_t>(subcommand.id)];
  if (runner.run == nullptr) return NotAvailable(subcommand, program);
  if (!arguments.empty() &&
      (arguments[0] == "--help" || arguments[0] == "-h")) {
    return PrintText(HelpText(subcommand), program);
  }
  HintAtRoots(subcommand, arguments, program);
  absl::StatusOr<CommandLine> command =
      ReadArguments(subcommand, runner, arguments);
  if (!command.ok()) {
    Fail(command.status(), program);
    return runner.failed;
  }
  if (command->action == Action::kHelp) {
    return PrintText(HelpText(subcommand), program);
  }
  if (runner.place == Place::kWorkingDirectory) {
    const absl::Status entered =
        EnterDirectories(command->general.directories, program);
    if (!entered.ok()) {
      Fail(entered, program);
      return runner.failed;
    }
  }
  return runner.run(*command, program);
}

ExitCode RunMain(const std::vector<std::string>& arguments, Program& program) {
  const absl::StatusOr<CommandLine> command = ParseCommandLine(arguments);
  if (!command.ok()) return Fail(command.status(), program);
  switch (command->action) {
    case Action::kBriefHelp:
      return PrintText(BriefHelpText(), program);
    case Action::kHelp:
      return PrintText(HelpText(), program);
    case Action::kVersion:
      return PrintText("finder " + std::string(kVersion) + "\n", program);
    case Action::kFind:
      break;
  }
  if (absl::Status status =
          EnterDirectories(command->general.directories, program);
      !status.ok()) {
    return Fail(status, program);
  }
  if (command->plan) return RunPlan(*command, program);
  if (command->output.telling != Telling::kAnswers) {
    return Check(*command, program);
  }
  return Search(*command, program);
}

}  // namespace

ExitCode Dispatch(const std::vector<std::string>& arguments, Program& program) {
  const SubcommandSpec* const subcommand =
      arguments.empty() ? nullptr : FindSubcommand(arguments[0]);
  if (subcommand == nullptr) return RunMain(arguments, program);
  return RunSubcommand(*subcommand, {arguments.begin() + 1, arguments.end()},
                       program);
}

}  // namespace finder
