// Every option in one table, from which the parser, the help text and the
// suggestions after a typing error are made. An option is added in
// cmd/options/option_table.cc; one that sets a field of the view or the query
// has its row in finder/fields/field.cc, too. Which options cannot be used
// together is in cmd/options/option_rules.cc, which of them a subcommand takes
// in cmd/options/subcommand_table.h.
//
// Pure constants; any thread.
#ifndef FINDER_CMD_OPTIONS_OPTION_TABLE_H_
#define FINDER_CMD_OPTIONS_OPTION_TABLE_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "cmd/options/command_line.h"

namespace finder {

enum class OptionGroup : uint8_t { kView, kQuery, kOutput, kCache, kGeneral };

enum class ValueRule : uint8_t {
  kNone,      // a flag
  kOptional,  // --long or --long=VALUE
  kRequired,  // --long VALUE, --long=VALUE, -s VALUE, -sVALUE
  kCommand,   // all words that follow, up to ';'; one word with --long=, -sWORD
};

// Puts the value of one occurrence into the command line; it is empty for a
// flag, and of a command all words, each followed by a NUL. The message of a
// failure goes after the option's name.
using ApplyOption = absl::Status (*)(CommandLine& into, std::string_view value);

struct OptionSpec {
  OptionGroup group;
  // Comma-separated spellings with their dashes, the main one last.
  std::string_view names;
  ValueRule value_rule;
  std::string_view value_name;  // for the help: "FILE"
  std::string_view help;
  // Null: sets the field (finder/fields/field.h) of its name.
  ApplyOption apply = nullptr;
  // Comma-separated values to offer, if there are only so many.
  std::string_view choices = {};

  bool requires_value() const {
    return value_rule == ValueRule::kRequired ||
           value_rule == ValueRule::kCommand;
  }

  // The main spelling: "--max-depth".
  std::string_view name() const;

  // The first clause of the help, for lists with one line for each option.
  std::string_view summary() const;
};

// Puts the value of one occurrence into the command line, as ApplyOption does.
absl::Status Apply(const OptionSpec& option, std::string_view value,
                   CommandLine& into);

std::span<const OptionSpec> AllOptions();

// What a command takes: the main command all of the table, a subcommand what
// cmd/options/subcommand_table.h says.
using OptionSet = std::vector<const OptionSpec*>;
OptionSet MainOptions();

// Options that cannot be used together, by their main spelling.
struct OptionConflict {
  std::string_view one;
  std::string_view other;
};
std::span<const OptionConflict> OptionConflicts();

// An option that means nothing without another one.
struct OptionNeed {
  std::string_view option;
  std::string_view needs;
};
std::span<const OptionNeed> OptionNeeds();

// Long options that are understood with one dash too, as Soong's finder has
// them: "-names".
std::span<const std::string_view> SoongSpellings();

}  // namespace finder

#endif  // FINDER_CMD_OPTIONS_OPTION_TABLE_H_
