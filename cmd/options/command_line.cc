#include "cmd/options/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstddef>
#include <map>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "cmd/options/option_spelling.h"
#include "cmd/options/option_table.h"
#include "cmd/options/subcommand_table.h"
#include "finder/fields/smart_case.h"
#include "finder/text/abseil_view.h"
#include "fs/path.h"

namespace finder {
namespace {

using absl::Status;

// One option as it stands in the arguments.
struct Occurrence {
  const OptionSpec* spec;
  std::string value;
};

// `command` is what takes the `known` options: "finder".
Status UnknownOption(std::string_view argument, std::string_view command,
                     const OptionSet& known) {
  const std::string_view name = argument.substr(0, argument.find('='));
  if (HasSpelling(name, MainOptions())) {
    return absl::InvalidArgumentError(
        absl::StrCat("takes no option '", Abseil(name), "'; ", Abseil(command),
                     " --help lists those it takes"));
  }
  const std::string_view nearest = NearestOption(name, known);
  if (nearest.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("unknown option '", Abseil(name), "'; ", Abseil(command),
                     " --help lists them"));
  }
  return absl::InvalidArgumentError(
      absl::StrCat("unknown option '", Abseil(name), "'; did you mean '",
                   Abseil(nearest), "'?"));
}

// Hands the table to CLI11 and takes back what it found. CLI11 converts
// nothing, all values stay text; and it never sees the roots, of which it would
// take "[a,b]" apart. It is told only of options that may be there, as it holds
// each against all it knows: the whole table would be most of a short run.
absl::StatusOr<std::vector<Occurrence>> ParseWithCli11(
    std::vector<std::string> arguments, std::string_view command,
    const OptionSet& known) {
  std::vector<Occurrence> occurrences;
  if (arguments.empty()) return occurrences;
  CLI::App app;
  app.set_help_flag("");
  app.allow_extras();
  std::map<const CLI::Option*, const OptionSpec*> specs;
  for (const OptionSpec* spec : OptionsIn(arguments, known)) {
    CLI::Option* option;
    if (spec->value_rule == ValueRule::kRequired) {
      option = app.add_option(std::string(spec->names));
      option->type_size(1)->expected(1)->allow_extra_args(false);
      option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    } else {
      option = app.add_flag(std::string(spec->names));
    }
    specs[option] = spec;
  }
  std::reverse(arguments.begin(), arguments.end());
  try {
    app.parse(arguments);
  } catch (const CLI::Error& error) {
    return absl::InvalidArgumentError(error.what());
  }
  if (const std::vector<std::string> unknown = app.remaining();
      !unknown.empty()) {
    return UnknownOption(unknown.front(), command, known);
  }

  std::map<const CLI::Option*, size_t> used;
  for (const CLI::Option* option : app.parse_order()) {
    const OptionSpec* spec = specs.at(option);
    std::string value = option->results()[used[option]++];
    // What CLI11 says for a flag without a value.
    if (spec->value_rule != ValueRule::kRequired && value == "true") {
      value.clear();
    }
    occurrences.push_back({spec, std::move(value)});
  }
  return occurrences;
}

Status ApplyAll(const std::vector<Occurrence>& options, CommandLine& into) {
  for (const auto& [spec, value] : options) {
    if (spec->value_rule == ValueRule::kNone && !value.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat(Abseil(spec->name()), " takes no value"));
    }
    if (Status status = Apply(*spec, value, into); !status.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat(Abseil(spec->name()), ": ", status.message()));
    }
  }
  return absl::OkStatus();
}

Status CheckTogether(const std::vector<Occurrence>& options) {
  const auto given = [&options](std::string_view name) {
    return std::any_of(options.begin(), options.end(),
                       [name](const Occurrence& occurrence) {
                         return occurrence.spec->name() == name;
                       });
  };
  for (const auto& [one, other] : OptionConflicts()) {
    if (given(one) && given(other)) {
      return absl::InvalidArgumentError(absl::StrCat(
          Abseil(one), " and ", Abseil(other), " cannot be used together"));
    }
  }
  for (const auto& [option, needs] : OptionNeeds()) {
    if (given(option) && !given(needs)) {
      return absl::InvalidArgumentError(
          absl::StrCat(Abseil(option), " needs ", Abseil(needs)));
    }
  }
  return absl::OkStatus();
}

// What a plan takes the place of.
Status CheckPlan(const std::vector<Occurrence>& options,
                 const CommandLine& command_line) {
  if (!command_line.plan.has_value()) return absl::OkStatus();
  for (const Occurrence& occurrence : options) {
    const OptionGroup group = occurrence.spec->group;
    const std::string_view name = occurrence.spec->name();
    const bool in_plan = group == OptionGroup::kView ||
                         group == OptionGroup::kQuery ||
                         group == OptionGroup::kOutput;
    if (!in_plan || name == "--plan" || name.starts_with("--depfile")) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("--plan and ", Abseil(name), " cannot be used together"));
  }
  if (command_line.operands.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("--plan and a ROOT ('",
                                                 command_line.operands.front(),
                                                 "') cannot be used together"));
}

// What no table of pairs can say.
Status CheckOutput(const CommandLine& command_line) {
  const OutputOptions& output = command_line.output;
  if (output.depfile && !output.file && !command_line.plan) {
    return absl::InvalidArgumentError("--depfile needs --output or --plan");
  }
  if (output.depfile_stamp && !output.depfile && !command_line.plan) {
    return absl::InvalidArgumentError("--depfile-stamp needs --depfile");
  }
  if (output.depfile_target && output.depfile_stamp) {
    return absl::InvalidArgumentError(
        "--depfile-target and --depfile-stamp cannot be used together");
  }
  return absl::OkStatus();
}

// Catches what could only give an empty answer.
Status CheckQuery(const Query& query, const View& view) {
  if (query.min_depth && query.max_depth &&
      *query.min_depth > *query.max_depth) {
    return absl::InvalidArgumentError(
        absl::StrCat("--min-depth ", *query.min_depth,
                     " is more than --max-depth ", *query.max_depth));
  }
  for (const std::string& at : query.at) {
    const bool in_view = std::any_of(
        view.roots.begin(), view.roots.end(),
        [&at](const std::string& root) { return IsAtOrBelow(at, root); });
    if (!in_view) {
      return absl::InvalidArgumentError(
          absl::StrCat("--at: '", at, "' is not below a ROOT as it was given"));
    }
  }
  return absl::OkStatus();
}

// What stands in the arguments, before any of it is held against the rest.
struct Parsed {
  std::vector<Occurrence> options;
  CommandLine command_line;
};

absl::StatusOr<Parsed> Parse(const std::vector<std::string>& arguments,
                             std::string_view command, const OptionSet& known) {
  absl::StatusOr<PlainArguments> plain = MakePlain(arguments, known);
  if (!plain.ok()) return plain.status();
  absl::StatusOr<std::vector<Occurrence>> options =
      ParseWithCli11(std::move(plain->options), command, known);
  if (!options.ok()) return options.status();
  for (PlainCommand& command : plain->commands) {
    options->push_back({command.option, std::move(command.words)});
  }
  Parsed parsed = {*std::move(options), {}};
  parsed.command_line.operands = std::move(plain->roots);
  parsed.command_line.run.has_set_options = std::any_of(
      parsed.options.begin(), parsed.options.end(),
      [](const Occurrence& one) { return one.spec->apply == nullptr; });
  CommandLine& command_line = parsed.command_line;
  if (Status status = ApplyAll(parsed.options, command_line); !status.ok()) {
    return status;
  }
  if (command_line.smart_case) {
    command_line.query.case_rule = SmartCaseRule(command_line.query);
  }
  return parsed;
}

}  // namespace

absl::Status SetRoots(std::span<const std::string> roots, CommandLine& into) {
  for (const std::string& root : roots) {
    if (root.empty()) return absl::InvalidArgumentError("a ROOT is empty");
    into.view.roots.push_back(CleanPath(root));
  }
  if (into.view.roots.empty()) into.view.roots.push_back(".");
  return CheckQuery(into.query, into.view);
}

namespace {

// Whether paths are printed with "./": if a ROOT below which they could be
// taken for options was given so, or if they go to another program.
bool WantsDot(const CommandLine& command_line) {
  const OutputOptions& output = command_line.output;
  if (output.path_style != PathStyle::kAsGiven ||
      output.telling != Telling::kAnswers) {
    return false;
  }
  const std::vector<std::string>& given = command_line.operands;
  const std::vector<std::string>& roots = command_line.view.roots;
  for (size_t i = 0; i < roots.size(); ++i) {
    if (roots[i] != "." && !roots[i].starts_with('-')) continue;
    if (output.format == OutputFormat::kNul || command_line.execution.any()) {
      return true;
    }
    if (i < given.size() && given[i].starts_with("./")) return true;
  }
  return false;
}

}  // namespace

absl::StatusOr<CommandLine> ParseCommandLine(
    const std::vector<std::string>& arguments) {
  absl::StatusOr<Parsed> parsed = Parse(arguments, "finder", MainOptions());
  if (!parsed.ok()) return parsed.status();
  CommandLine& command_line = parsed->command_line;
  if (command_line.action != Action::kFind) return command_line;
  command_line.general.entry_roots = EntryRoots::kAnswers;
  Status status = CheckTogether(parsed->options);
  if (status.ok()) status = CheckPlan(parsed->options, command_line);
  if (status.ok()) status = CheckOutput(command_line);
  if (status.ok()) status = SetRoots(command_line.operands, command_line);
  if (!status.ok()) return status;
  if (WantsDot(command_line)) {
    command_line.output.path_style = PathStyle::kWithDot;
  }
  return command_line;
}

absl::StatusOr<CommandLine> ParseSubcommandLine(
    const SubcommandSpec& subcommand,
    const std::vector<std::string>& arguments) {
  const std::string command = "finder " + std::string(subcommand.word);
  absl::StatusOr<Parsed> parsed =
      Parse(arguments, command, AcceptedOptions(subcommand));
  Status status = parsed.status();
  if (status.ok() && parsed->command_line.action == Action::kFind) {
    status = CheckTogether(parsed->options);
  }
  if (!status.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(Abseil(subcommand.word), ": ", status.message()));
  }
  return std::move(parsed->command_line);
}

}  // namespace finder
