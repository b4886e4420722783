// The texts of -h and --help, made from the tables of options and subcommands,
// and the parts of them that the manual page is made of, too.
//
// Pure; any thread.
#ifndef FINDER_CMD_OPTIONS_HELP_H_
#define FINDER_CMD_OPTIONS_HELP_H_

#include <span>
#include <string>
#include <string_view>

#include "cmd/options/option_table.h"
#include "cmd/options/subcommand_table.h"

namespace finder {

// What -h prints: the options used most, a line each, on one screen.
std::string BriefHelpText();

// What --help prints. All texts fit a terminal of 80 columns.
std::string HelpText();
std::string HelpText(const SubcommandSpec& subcommand);

struct OptionGroupTitle {
  OptionGroup group;
  std::string_view title;
};
std::span<const OptionGroupTitle> OptionGroupTitles();

// What stands before the options: lines of usage, an empty one, paragraphs.
std::string_view HelpIntroduction();

// What stands after them: a paragraph, then sections; a line that is not
// indented and ends in ':' is the title of one.
std::string_view HelpRemarks();

// The options in BriefHelpText(), by their main spelling.
std::span<const std::string_view> BriefOptions();

}  // namespace finder

#endif  // FINDER_CMD_OPTIONS_HELP_H_
