#include "cmd/execution/command_template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace finder {
namespace {

using ::testing::ElementsAre;

std::string Filled(std::string_view word, std::string_view path) {
  return WordTemplate(word).For(path);
}

// As fd 8.6 has them.
TEST(Placeholders, StandForThePathAndItsParts) {
  constexpr std::string_view kAll = "{}|{/}|{//}|{.}|{/.}";
  EXPECT_EQ(Filled(kAll, "src/gen/a.tar.gz"),
            "src/gen/a.tar.gz|a.tar.gz|src/gen|src/gen/a.tar|a.tar");
  EXPECT_EQ(Filled(kAll, "a.c"), "a.c|a.c|.|a|a");
  EXPECT_EQ(Filled(kAll, "/a.c"), "/a.c|a.c|/|/a|a");
  EXPECT_EQ(Filled(kAll, "/"), "/|/|/|//|/");
}

TEST(Placeholders, ADotAtTheBeginningStartsNoExtension) {
  EXPECT_EQ(Filled("{.} {/.}", "b/.bashrc"), "b/.bashrc .bashrc");
  EXPECT_EQ(Filled("{.} {/.}", "b/.a.b"), "b/.a .a");
  EXPECT_EQ(Filled("{.} {/.}", "b/foo."), "b/foo foo");
}

TEST(Placeholders, APathWithoutExtensionLosesItsDotSlash) {
  EXPECT_EQ(Filled("{.}", "./a/x.c"), "a/x");
  EXPECT_EQ(Filled("{.}", "./x.c"), "x");
}

// fd hands over an option.
TEST(Placeholders, APathWithoutExtensionIsNeverTakenForAnOption) {
  EXPECT_EQ(Filled("{.}", "./-x.c"), "./-x");
  EXPECT_EQ(Filled("{.}", "./-d/x.c"), "./-d/x");
}

TEST(Placeholders, StandAnywhereInAWordAndMoreThanOnce) {
  EXPECT_EQ(Filled("--in={} --out={.}.o", "a.c"), "--in=a.c --out=a.o");
  EXPECT_EQ(Filled("{{}}{x}{ }", "a"), "{a}{x}{ }");
  EXPECT_EQ(Filled("{}", "{}"), "{}");
}

TEST(CommandTemplate, WithoutAPlaceholderThePathComesLast) {
  const CommandTemplate command = CommandTemplate::ForEach({"wc", "-l"});
  EXPECT_THAT(command.For("a b"), ElementsAre("wc", "-l", "a b"));
  EXPECT_TRUE(command.has_fixed_program());
}

TEST(CommandTemplate, TheProgramMayBeOneForEachPath) {
  const CommandTemplate command = CommandTemplate::ForEach({"{}", "-v"});
  EXPECT_THAT(command.For("./run"), ElementsAre("./run", "-v"));
  EXPECT_FALSE(command.has_fixed_program());
}

TEST(CommandTemplate, ABatchPutsAllPathsWhereThePlaceholderIs) {
  const auto command = CommandTemplate::ForBatch({"cp", "-t{/}", "to"});
  ASSERT_TRUE(command.ok());
  EXPECT_EQ(command->WordFor("a/b"), "-tb");
  EXPECT_THAT(command->ForWords({"1", "2", "3"}, 1, 3),
              ElementsAre("cp", "2", "3", "to"));
}

TEST(CommandTemplate, ABatchHasOnePlaceAndOneProgram) {
  EXPECT_EQ(CommandTemplate::ForBatch({"{}", "x"}).status().message(),
            "--exec-batch: '{}': the program must be the same for all answers");
  EXPECT_EQ(CommandTemplate::ForBatch({"a", "{}", "{/}"}).status().message(),
            "--exec-batch: '{/}': only one word may have a placeholder");
}

}  // namespace
}  // namespace finder
