// The spelling of options: which arguments are options and which are their
// values, the spellings taken over from Soong's finder, and suggestions for
// those that do not exist. What the options mean is not known here.
//
// Pure; any thread.
#ifndef FINDER_CMD_OPTIONS_OPTION_SPELLING_H_
#define FINDER_CMD_OPTIONS_OPTION_SPELLING_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "cmd/options/option_table.h"

namespace finder {

// An option whose value is a command.
struct PlainCommand {
  const OptionSpec* option;
  std::string words;  // each followed by a NUL
};

struct PlainArguments {
  std::vector<std::string> options;  // and their values, in order
  std::vector<PlainCommand> commands;
  std::vector<std::string> roots;  // all else, and what stood after "--"
};

// Tells options from roots, and brings the options into a form in which no
// parser can mistake them: with two dashes where Soong's spellings have one
// ("-names=x" -> "--names=x"), and with empty values apart ("--at=" -> "--at",
// ""). Fails on a missing value and on the spelling of another program.
absl::StatusOr<PlainArguments> MakePlain(
    const std::vector<std::string>& arguments, const OptionSet& options);

// Those of `options` that a parser may find in the plain `arguments`: all that
// are there, and perhaps one that only a value looks like.
OptionSet OptionsIn(const std::vector<std::string>& arguments,
                    const OptionSet& options);

// The one of `options` that was probably meant by `name` (with its dashes);
// empty if there is none like it.
std::string_view NearestOption(std::string_view name, const OptionSet& options);

// Whether one of `options` is spelled `name` (with its dashes).
bool HasSpelling(std::string_view name, const OptionSet& options);

}  // namespace finder

#endif  // FINDER_CMD_OPTIONS_OPTION_SPELLING_H_
