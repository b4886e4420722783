#include "cmd/options/subcommand_table.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "absl/strings/str_split.h"
#include "cmd/options/completions.h"
#include "cmd/options/help.h"
#include "cmd/options/manual.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace finder {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(SubcommandTable, IsSortedAndCanBeSearched) {
  const auto all = AllSubcommands();
  EXPECT_TRUE(std::is_sorted(
      all.begin(), all.end(),
      [](const auto& a, const auto& b) { return a.word < b.word; }));
  for (const SubcommandSpec& spec : all) {
    EXPECT_EQ(FindSubcommand(spec.word), &spec);
  }
  EXPECT_EQ(FindSubcommand("src"), nullptr);
}

TEST(SubcommandTable, EveryAvailableOneCanBeExplained) {
  for (const SubcommandSpec& spec : AllSubcommands()) {
    if (!spec.available()) continue;
    EXPECT_FALSE(spec.summary.empty()) << spec.word;
    EXPECT_TRUE(spec.text.ends_with('\n')) << spec.word;
    // It stands between quotes of three shells.
    EXPECT_EQ(spec.summary.find_first_of("'\"\\:()"), std::string_view::npos)
        << spec.word;
  }
}

TEST(SubcommandTable, NamesOptionsThatExist) {
  for (const SubcommandSpec& spec : AllSubcommands()) {
    EXPECT_EQ(OptionsOf(spec).size(),
              spec.options.size() + spec.own_options.size() + 1)
        << spec.word;
  }
}

TEST(SubcommandHelp, FitsATerminalAndListsItsOptions) {
  for (const SubcommandSpec& spec : AllSubcommands()) {
    if (!spec.available()) continue;
    const std::string help = HelpText(spec);
    EXPECT_THAT(help, HasSubstr("Usage: finder " + std::string(spec.word)));
    for (const OptionSpec* option : OptionsOf(spec)) {
      EXPECT_THAT(help, HasSubstr(std::string(option->name())));
    }
    for (const auto& line : absl::StrSplit(help, '\n')) {
      EXPECT_LE(line.size(), 80u) << line;
    }
  }
}

TEST(SubcommandTable, TellsNobodyOfInternalOptions) {
  for (const SubcommandSpec& spec : AllSubcommands()) {
    for (const OptionSpec& option : spec.internal_options) {
      const std::string name(option.name());
      EXPECT_THAT(AcceptedOptions(spec), testing::Contains(&option));
      // As roff has it, and without its dashes, as fish has it.
      const std::string word = name.substr(2);
      for (const std::string& text :
           {HelpText(), HelpText(spec), BashCompletion(), ZshCompletion()}) {
        EXPECT_THAT(text, Not(HasSubstr(name)));
      }
      EXPECT_THAT(ManualPage(), Not(HasSubstr("\\-\\-" + word)));
      EXPECT_THAT(FishCompletion(), Not(HasSubstr("-l " + word)));
    }
  }
}

TEST(SubcommandTable, IsInAllThatIsMadeOfIt) {
  for (const SubcommandSpec& spec : AllSubcommands()) {
    const std::string word(spec.word);
    const auto tells = [&spec](const std::string& text) {
      return spec.available() ? testing::Matcher<std::string>(HasSubstr(text))
                              : Not(HasSubstr(text));
    };
    EXPECT_THAT(HelpText(), tells("\n  " + word + " "));
    EXPECT_THAT(ManualPage(), tells("\n.SS finder " + word + " "));
    EXPECT_THAT(BashCompletion(), tells("\n      " + word + ")"));
    EXPECT_THAT(ZshCompletion(), tells("\n  " + word + ")"));
    EXPECT_THAT(FishCompletion(), tells(" -a " + word + " "));
  }
}

}  // namespace
}  // namespace finder
