#include "cmd/options/option_table.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_split.h"
#include "cmd/options/foreign_option.h"
#include "cmd/options/help.h"
#include "finder/fields/field.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/field_samples.h"

namespace finder {
namespace {

using ::testing::HasSubstr;

bool Exists(std::string_view name) {
  const auto options = AllOptions();
  return std::any_of(
      options.begin(), options.end(),
      [name](const OptionSpec& spec) { return spec.name() == name; });
}

TEST(OptionTable, NoSpellingIsUsedTwice) {
  std::set<std::string> seen;
  for (const OptionSpec& spec : AllOptions()) {
    for (const auto& name : absl::StrSplit(std::string(spec.names), ',')) {
      EXPECT_TRUE(seen.insert(std::string(name)).second) << name;
    }
  }
}

TEST(OptionTable, EveryOptionCanBeExplained) {
  for (const OptionSpec& spec : AllOptions()) {
    EXPECT_TRUE(spec.name().starts_with('-')) << spec.names;
    EXPECT_FALSE(spec.help.empty()) << spec.names;
    const bool is_field = FindField(spec.name().substr(2)) != nullptr;
    EXPECT_EQ(spec.apply == nullptr, is_field) << spec.names;
    EXPECT_EQ(spec.value_name.empty(), spec.value_rule == ValueRule::kNone)
        << spec.names;
  }
}

TEST(OptionTable, EveryFieldThatIsAnOptionHasOneAndTheOptionSetsIt) {
  for (const Field& field : AllFields()) {
    const auto options = AllOptions();
    const auto option =
        std::find_if(options.begin(), options.end(), [&](const auto& spec) {
          return spec.name() == "--" + std::string(field.name);
        });
    EXPECT_EQ(option != options.end(), field.is_option()) << field.name;
    if (option == options.end()) continue;
    EXPECT_EQ(option->apply, nullptr) << field.name;
    EXPECT_EQ(option->group, field.owner == FieldOwner::kView
                                 ? OptionGroup::kView
                                 : OptionGroup::kQuery);
    EXPECT_EQ(option->value_rule == ValueRule::kNone,
              field.kind == FieldKind::kFlag);
    EXPECT_EQ(option->value_name.find(',') != std::string_view::npos,
              field.separator != Separator::kNone)
        << field.name;
    EXPECT_EQ(field.Label(), option->name());
    CommandLine command;
    ASSERT_TRUE(Apply(*option, Sample(field), command).ok()) << field.name;
    EXPECT_EQ(Changed({command.view, command.query, false}),
              Changed(With(field)));
    EXPECT_EQ(command.smart_case, field.id == FieldId::kSmartCase);
  }
}

TEST(OptionTable, RulesNameOptionsThatExist) {
  for (const auto& [one, other] : OptionConflicts()) {
    EXPECT_TRUE(Exists(one)) << one;
    EXPECT_TRUE(Exists(other)) << other;
  }
  for (const auto& [option, needs] : OptionNeeds()) {
    EXPECT_TRUE(Exists(option)) << option;
    EXPECT_TRUE(Exists(needs)) << needs;
  }
  for (const std::string_view name : SoongSpellings()) {
    EXPECT_TRUE(Exists("--" + std::string(name))) << name;
  }
}

TEST(ForeignOptions, AreNoneOfOursAndAreToldOfOnce) {
  std::set<std::string> ours;
  for (const OptionSpec& spec : AllOptions()) {
    for (const auto& name : absl::StrSplit(std::string(spec.names), ',')) {
      ours.insert(std::string(name));
    }
  }
  std::set<std::string> seen;
  for (const ForeignOption& option : ForeignOptions()) {
    EXPECT_FALSE(option.answer.empty()) << option.spellings;
    for (const auto& name :
         absl::StrSplit(std::string(option.spellings), ',')) {
      EXPECT_TRUE(name.size() > 1 && name[0] == '-') << name;
      EXPECT_FALSE(ours.contains(std::string(name))) << name;
      EXPECT_TRUE(seen.insert(std::string(name)).second) << name;
    }
  }
}

TEST(BriefHelp, FitsAScreenAndExplainsEachOfItsOptionsOnOneLine) {
  const std::string help = BriefHelpText();
  const std::vector<std::string> lines = absl::StrSplit(help, '\n');
  EXPECT_LE(lines.size(), 31u);  // with the empty one after the last newline
  for (const std::string& line : lines) EXPECT_LE(line.size(), 79u) << line;
  for (const std::string_view name : BriefOptions()) {
    const auto tells = [name](const std::string& line) {
      // "-d, --max-depth N", then what it does in the column of all others.
      const size_t at = line.find(std::string(name) + ' ');
      return line.starts_with("  ") && at < 30 && line[29] == ' ' &&
             line[30] != ' ';
    };
    EXPECT_TRUE(Exists(name)) << name;
    EXPECT_EQ(std::count_if(lines.begin(), lines.end(), tells), 1) << name;
  }
}

TEST(BriefHelp, TellsOfTheWholeHelp) {
  const std::string help = BriefHelpText();
  EXPECT_THAT(help, HasSubstr("  --help  "));
  for (const OptionGroupTitle& group : OptionGroupTitles()) {
    EXPECT_THAT(help, HasSubstr('\n' + std::string(group.title) + ":\n"));
  }
}

TEST(Help, NamesEveryOptionAndFitsATerminal) {
  const std::string help = HelpText();
  for (const OptionSpec& spec : AllOptions()) {
    EXPECT_THAT(help, HasSubstr(std::string(spec.name())));
  }
  for (const auto& line : absl::StrSplit(help, '\n')) {
    EXPECT_LE(line.size(), 80u) << line;
  }
}

}  // namespace
}  // namespace finder
