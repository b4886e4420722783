#include "cmd/run/input_spec.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace finder {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Words = std::vector<std::string>;

Words Split(std::string_view text) {
  const absl::StatusOr<Words> words = SplitWords(text);
  EXPECT_TRUE(words.ok()) << words.status();
  return words.ok() ? *words : Words();
}

TEST(InputSpec, IsCutAsAShellDoes) {
  EXPECT_THAT(Split("-g *.h  a\tb\nc"),
              ElementsAre("-g", "*.h", "a", "b", "c"));
  EXPECT_THAT(Split("'a b'c \"d 'e\" ''"), ElementsAre("a bc", "d 'e", ""));
  EXPECT_THAT(Split("a\\ b \"\\\"\\\\\\n\" '\\' $HOME"),
              ElementsAre("a b", "\"\\\\n", "\\", "$HOME"));
  EXPECT_THAT(Split(""), ElementsAre());
  EXPECT_FALSE(SplitWords("a 'b").ok());
  EXPECT_FALSE(SplitWords("\"b\\\"").ok());
}

TEST(InputSpec, SaysViewAndQuery) {
  CommandLine command;
  command.operands = {"other"};
  command.run.salt = "kept";
  const absl::StatusOr<CommandLine> set =
      ParseInputSpec("-E out -g '*.h' src/ lib", command);
  ASSERT_TRUE(set.ok()) << set.status();
  EXPECT_THAT(set->view.roots, ElementsAre("src", "lib"));
  EXPECT_THAT(set->query.globs.size(), 1u);
  EXPECT_EQ(set->run.salt, "kept");
}

TEST(InputSpec, TakesNoOtherOptions) {
  const absl::Status status = ParseInputSpec("--env X", CommandLine()).status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("'--env'"));
}

}  // namespace
}  // namespace finder
