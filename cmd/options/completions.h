// Completions for shells, made from the tables of options and subcommands.
//
// Pure; any thread.
#ifndef FINDER_CMD_OPTIONS_COMPLETIONS_H_
#define FINDER_CMD_OPTIONS_COMPLETIONS_H_

#include <string>

namespace finder {

// To be sourced, by bash-completion or by hand.
std::string BashCompletion();

// A function of compsys, to be found in $fpath as _finder.
std::string ZshCompletion();

// For a directory of $fish_complete_path.
std::string FishCompletion();

}  // namespace finder

#endif  // FINDER_CMD_OPTIONS_COMPLETIONS_H_
