// Every subcommand in one table, from which the dispatch, the help texts, the
// manual page and the completions are made. A subcommand is added here, in
// cmd/options/subcommand_table.cc, and in the table of cmd/dispatch.cc, which
// says what runs it and does not compile without it. Both are apart, since
// nothing in this folder knows the commands.
//
// Pure constants; any thread.
#ifndef FINDER_CMD_OPTIONS_SUBCOMMAND_TABLE_H_
#define FINDER_CMD_OPTIONS_SUBCOMMAND_TABLE_H_

#include <cstdint>
#include <span>
#include <string_view>

#include "cmd/options/option_table.h"

namespace finder {

enum class Subcommand : uint8_t {
  kCache,
  kDaemon,
  kDoctor,
  kFind,
  kReplica,
  kRun,
  kWhy,  // the last
};

struct SubcommandSpec {
  Subcommand id;
  // As the first argument: this subcommand and no directory.
  std::string_view word;
  // What stands behind "finder WORD" in a usage line.
  std::string_view synopsis = {};
  // A clause for a menu, without a dot.
  std::string_view summary = {};
  // Paragraphs and sections for `finder WORD --help` and the manual page, laid
  // out as HelpRemarks() is: lines of at most 79 columns, each ended.
  std::string_view text = {};
  // Options of the main command that it takes, by their main spelling. --help
  // is taken by all and not listed.
  std::span<const std::string_view> options = {};
  // Options that only it takes.
  std::span<const OptionSpec> own_options = {};
  // Options that it takes from this very program, and tells nobody of.
  std::span<const OptionSpec> internal_options = {};
  // Words to offer: right behind WORD, or, with a dash, anywhere.
  std::span<const std::string_view> words = {};

  // Whether this version has it. The words of later versions are kept free.
  bool available() const { return !synopsis.empty(); }
};

// Sorted by their words.
std::span<const SubcommandSpec> AllSubcommands();

// Null if `word` is none.
const SubcommandSpec* FindSubcommand(std::string_view word);

// The options it tells of, --help last.
OptionSet OptionsOf(const SubcommandSpec& spec);

// All that it takes: the internal ones too.
OptionSet AcceptedOptions(const SubcommandSpec& spec);

}  // namespace finder

#endif  // FINDER_CMD_OPTIONS_SUBCOMMAND_TABLE_H_
