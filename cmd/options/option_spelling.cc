#include "cmd/options/option_spelling.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "cmd/options/edit_distance.h"
#include "cmd/options/foreign_option.h"
#include "cmd/options/option_table.h"
#include "finder/text/abseil_view.h"

namespace finder {
namespace {

// Calls `visit` with each spelling of each option until it returns true.
template <typename Visit>
void ForEachSpelling(const OptionSet& options, Visit visit) {
  for (const OptionSpec* spec : options) {
    for (const absl::string_view name :
         absl::StrSplit(Abseil(spec->names), ',')) {
      if (visit(*spec, std::string_view(name.data(), name.size()))) return;
    }
  }
}

const OptionSpec* FindOption(std::string_view spelling,
                             const OptionSet& options) {
  const OptionSpec* found = nullptr;
  ForEachSpelling(options, [&](const OptionSpec& spec, std::string_view name) {
    if (name == spelling) found = &spec;
    return found != nullptr;
  });
  return found;
}

bool NeedsValue(std::string_view spelling, const OptionSet& options) {
  const OptionSpec* spec = FindOption(spelling, options);
  return spec != nullptr && spec->value_rule == ValueRule::kRequired;
}

// Whether the argument after `argument` is the value of an option.
bool TakesNextArgument(std::string_view argument, const OptionSet& options) {
  if (argument.starts_with("--")) return NeedsValue(argument, options);
  for (size_t i = 1; i < argument.size(); ++i) {
    const std::string letter = {'-', argument[i]};
    if (NeedsValue(letter, options)) return i + 1 == argument.size();
  }
  return false;
}

// Whether `argument` is "--option=" for an option that needs a value.
bool HasEmptyValue(std::string_view argument, const OptionSet& options) {
  return argument.starts_with("--") && argument.ends_with('=') &&
         NeedsValue(argument.substr(0, argument.size() - 1), options);
}

bool IsSoongSpelling(std::string_view argument) {
  const std::string_view name = argument.substr(1, argument.find('=') - 1);
  const auto spellings = SoongSpellings();
  return std::find(spellings.begin(), spellings.end(), name) != spellings.end();
}

// Of "-Hg", the "-H": the first letter in a group that is no option.
std::string UnknownLetter(std::string_view argument, const OptionSet& options) {
  if (argument.starts_with("--")) return "";
  for (const char letter : argument.substr(1)) {
    std::string name = {'-', letter};
    const OptionSpec* const spec = FindOption(name, options);
    if (spec == nullptr) return name;
    // What follows is its value.
    if (spec->requires_value()) return "";
  }
  return "";
}

// Fails with what to do instead if the option is one of another program.
absl::Status CheckForeign(std::string_view argument, const OptionSet& options) {
  std::string name(argument.substr(0, argument.find('=')));
  if (HasSpelling(name, options)) return absl::OkStatus();
  std::string_view answer = ForeignAnswer(name);
  if (answer.empty()) {
    name = UnknownLetter(argument, options);
    // Which of the options of the main command these are, is told elsewhere.
    if (HasSpelling(name, MainOptions())) return absl::OkStatus();
    answer = ForeignAnswer(name);
  }
  if (answer.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("unknown option '", name, "'; ", Abseil(answer)));
}

// Whether `spelling` is what `argument` says, or one letter of its group.
bool MayStandIn(std::string_view argument, std::string_view spelling) {
  if (argument.starts_with("--") || spelling.starts_with("--")) {
    return argument.substr(0, argument.find('=')) == spelling;
  }
  return argument.starts_with('-') &&
         argument.find(spelling[1], 1) != std::string_view::npos;
}

// Where in `argument` a command begins.
struct CommandPlace {
  const OptionSpec* option = nullptr;  // null: nowhere
  std::string letters;  // flags that stand before it in a group: "-0L"
  std::optional<std::string> word;  // the whole command, if it is attached
};

CommandPlace FindCommand(std::string_view argument, const OptionSet& options) {
  const auto is_command = [](const OptionSpec* spec) {
    return spec != nullptr && spec->value_rule == ValueRule::kCommand;
  };
  if (argument.starts_with("--")) {
    const size_t end = argument.find('=');
    const OptionSpec* spec = FindOption(argument.substr(0, end), options);
    if (!is_command(spec)) return {};
    if (end == std::string_view::npos) return {spec, "", std::nullopt};
    return {spec, "", std::string(argument.substr(end + 1))};
  }
  for (size_t i = 1; i < argument.size(); ++i) {
    const OptionSpec* spec = FindOption(std::string{'-', argument[i]}, options);
    if (is_command(spec)) {
      CommandPlace place = {spec, "", std::nullopt};
      if (i > 1) place.letters = std::string(argument.substr(0, i));
      if (i + 1 < argument.size()) place.word = argument.substr(i + 1);
      return place;
    }
    if (spec == nullptr || spec->value_rule == ValueRule::kRequired) break;
  }
  return {};
}

using Words = std::vector<std::string>::const_iterator;

// Takes the command of an option at `it`, which is left at its last word.
absl::Status TakeCommand(const CommandPlace& place, Words& it, Words end,
                         PlainArguments& plain) {
  if (!place.letters.empty()) plain.options.push_back(place.letters);
  PlainCommand command = {place.option, ""};
  if (place.word.has_value()) {
    if (!place.word->empty()) command.words = *place.word + '\0';
  } else {
    while (it + 1 != end && *++it != ";") command.words += *it + '\0';
  }
  if (command.words.empty() || command.words.front() == '\0') {
    return absl::InvalidArgumentError(
        absl::StrCat(Abseil(place.option->name()),
                     " needs a command, which ends at a ';' "
                     "or with the command line"));
  }
  plain.commands.push_back(std::move(command));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<PlainArguments> MakePlain(
    const std::vector<std::string>& arguments, const OptionSet& options) {
  PlainArguments plain;
  bool value_follows = false;
  for (auto it = arguments.begin(); it != arguments.end(); ++it) {
    std::string argument = *it;
    if (std::exchange(value_follows, false)) {
      plain.options.push_back(std::move(argument));
      continue;
    }
    if (argument == "--") {
      plain.roots.insert(plain.roots.end(), it + 1, arguments.end());
      break;
    }
    if (!argument.starts_with('-') || argument == "-") {
      plain.roots.push_back(std::move(argument));
      continue;
    }
    if (IsSoongSpelling(argument)) argument.insert(0, 1, '-');
    if (absl::Status status = CheckForeign(argument, options); !status.ok()) {
      return status;
    }
    if (const CommandPlace place = FindCommand(argument, options);
        place.option != nullptr) {
      absl::Status status = TakeCommand(place, it, arguments.end(), plain);
      if (!status.ok()) return status;
      continue;
    }
    if (HasEmptyValue(argument, options)) {
      plain.options.push_back(argument.substr(0, argument.size() - 1));
      plain.options.emplace_back();
      continue;
    }
    value_follows = TakesNextArgument(argument, options);
    plain.options.push_back(std::move(argument));
  }
  if (value_follows) {
    return absl::InvalidArgumentError(
        absl::StrCat("option '", plain.options.back(), "' needs a value"));
  }
  return plain;
}

OptionSet OptionsIn(const std::vector<std::string>& arguments,
                    const OptionSet& options) {
  OptionSet found;
  ForEachSpelling(options, [&](const OptionSpec& spec, std::string_view name) {
    const bool stands = std::any_of(arguments.begin(), arguments.end(),
                                    [name](const std::string& argument) {
                                      return MayStandIn(argument, name);
                                    });
    if (stands && (found.empty() || found.back() != &spec)) {
      found.push_back(&spec);
    }
    return false;
  });
  return found;
}

std::string_view NearestOption(std::string_view name,
                               const OptionSet& options) {
  std::string_view nearest;
  if (!name.starts_with("--") || name.size() < 4) return nearest;
  // One slip in three letters: more is another word.
  size_t best = (name.size() - 2) / 3 + 1;
  ForEachSpelling(options, [&](const OptionSpec&, std::string_view spelling) {
    if (!spelling.starts_with("--")) return false;
    const bool abbreviated = name.size() >= 5 && spelling.starts_with(name);
    const size_t distance = abbreviated ? 0 : EditDistance(name, spelling);
    if (distance < best) {
      best = distance;
      nearest = spelling;
    }
    return false;
  });
  return nearest;
}

bool HasSpelling(std::string_view name, const OptionSet& options) {
  return FindOption(name, options) != nullptr;
}

}  // namespace finder
