#include "cmd/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstddef>
#include <map>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "cmd/option_spelling.h"
#include "cmd/option_table.h"

namespace finder {
namespace {

using absl::Status;

// One option as it stands in the arguments.
struct Occurrence {
  const OptionSpec* spec;
  std::string value;
};

absl::string_view Abseil(std::string_view text) {
  return absl::string_view(text.data(), text.size());
}

Status UnknownOption(std::string_view argument) {
  const std::string_view name = argument.substr(0, argument.find('='));
  const std::string_view nearest = NearestOption(name);
  if (nearest.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "unknown option '", Abseil(name), "'; finder --help lists them"));
  }
  return absl::InvalidArgumentError(
      absl::StrCat("unknown option '", Abseil(name), "'; did you mean '",
                   Abseil(nearest), "'?"));
}

// Hands the table to CLI11 and takes back what it found. CLI11 converts
// nothing, all values stay text; and it never sees the roots, of which it would
// take "[a,b]" apart.
absl::StatusOr<std::vector<Occurrence>> ParseWithCli11(
    std::vector<std::string> arguments) {
  CLI::App app;
  app.set_help_flag("");
  app.allow_extras();
  std::map<const CLI::Option*, const OptionSpec*> specs;
  for (const OptionSpec& spec : AllOptions()) {
    CLI::Option* option;
    if (spec.value_rule == ValueRule::kRequired) {
      option = app.add_option(std::string(spec.names));
      option->type_size(1)->expected(1)->allow_extra_args(false);
      option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    } else {
      option = app.add_flag(std::string(spec.names));
    }
    specs[option] = &spec;
  }
  std::reverse(arguments.begin(), arguments.end());
  try {
    app.parse(arguments);
  } catch (const CLI::Error& error) {
    return absl::InvalidArgumentError(error.what());
  }
  if (const std::vector<std::string> unknown = app.remaining();
      !unknown.empty()) {
    return UnknownOption(unknown.front());
  }

  std::vector<Occurrence> occurrences;
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

Status Apply(const std::vector<Occurrence>& options, CommandLine& into) {
  for (const auto& [spec, value] : options) {
    if (spec->value_rule == ValueRule::kNone && !value.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat(Abseil(spec->name()), " takes no value"));
    }
    if (Status status = spec->apply(into, value); !status.ok()) {
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
                 const std::vector<std::string>& roots,
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
  if (roots.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "--plan and a ROOT ('", roots.front(), "') cannot be used together"));
}

// What no table of pairs can say.
Status CheckOutput(const CommandLine& command_line) {
  const OutputOptions& output = command_line.output;
  if (output.depfile && !output.file && !command_line.plan) {
    return absl::InvalidArgumentError("--depfile needs --output or --plan");
  }
  if (command_line.cache.format == DatabaseFormat::kSoong &&
      (output.telling == Telling::kCheck ||
       output.telling == Telling::kChanges)) {
    return absl::InvalidArgumentError(absl::StrCat(
        output.telling == Telling::kCheck ? "--check" : "--since-last",
        " keeps its state in the database, where "
        "--db-format=soong has no place for it"));
  }
  return absl::OkStatus();
}

Status SetRoots(const std::vector<std::string>& given, View& view) {
  for (const std::string& root : given) {
    if (root.empty()) return absl::InvalidArgumentError("a ROOT is empty");
    view.roots.push_back(CleanPath(root));
  }
  if (view.roots.empty()) view.roots.push_back(".");
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

}  // namespace

absl::StatusOr<CommandLine> ParseCommandLine(
    const std::vector<std::string>& arguments) {
  absl::StatusOr<PlainArguments> plain = MakePlain(arguments);
  if (!plain.ok()) return plain.status();
  const absl::StatusOr<std::vector<Occurrence>> options =
      ParseWithCli11(std::move(plain->options));
  if (!options.ok()) return options.status();

  CommandLine command_line;
  Status status = Apply(*options, command_line);
  if (status.ok() && command_line.action != Action::kFind) return command_line;
  if (status.ok()) status = CheckTogether(*options);
  if (status.ok()) status = CheckPlan(*options, plain->roots, command_line);
  if (status.ok()) status = CheckOutput(command_line);
  if (status.ok()) status = SetRoots(plain->roots, command_line.view);
  if (status.ok()) status = CheckQuery(command_line.query, command_line.view);
  if (!status.ok()) return status;
  return command_line;
}

}  // namespace finder
