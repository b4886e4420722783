#include "cmd/options/option_spelling.h"

#include <string>
#include <vector>

#include "cmd/options/option_table.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace finder {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

std::vector<std::string> NamesIn(const std::vector<std::string>& arguments) {
  std::vector<std::string> names;
  for (const OptionSpec* const spec : OptionsIn(arguments, MainOptions())) {
    names.emplace_back(spec->name());
  }
  return names;
}

TEST(OptionsInArguments, AreNoneWhereNoneAreGiven) {
  EXPECT_THAT(NamesIn({}), IsEmpty());
  EXPECT_THAT(NamesIn({"json", "-", "--frobnicate", "--jso"}), IsEmpty());
}

TEST(OptionsInArguments, AreThereOnceHoweverOftenTheyAreSpelled) {
  EXPECT_THAT(NamesIn({"--json", "--json"}), ElementsAre("--json"));
  EXPECT_THAT(NamesIn({"-g", "*", "--glob=x", "-gy"}), ElementsAre("--glob"));
}

TEST(OptionsInArguments, AreFoundInGroupsOfLetters) {
  EXPECT_THAT(NamesIn({"-0iL"}),
              UnorderedElementsAre("--print0", "--ignore-case", "--follow"));
}

TEST(OptionsInArguments, OfTwoDashesAreNoGroups) {
  EXPECT_THAT(NamesIn({"--version"}), ElementsAre("--version"));
}

}  // namespace
}  // namespace finder
