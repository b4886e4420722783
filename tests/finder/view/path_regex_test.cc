#include "finder/view/path_regex.h"

#include <string>
#include <string_view>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace finder {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Literals(std::string_view regex,
                                  CaseRule case_rule = CaseRule::kSensitive) {
  const auto compiled = PathRegex::Compile(regex, case_rule);
  EXPECT_TRUE(compiled.ok()) << compiled.status();
  return compiled.ok() ? compiled->required_literals()
                       : std::vector<std::string>();
}

TEST(PathRegexLiterals, AreThoseOfEachAlternative) {
  EXPECT_THAT(Literals("_(test|spec)\\.js$"),
              ElementsAre("_spec.js", "_test.js"));
  EXPECT_THAT(Literals("foo.*baar|quux"), ElementsAre("baar", "quux"));
}

TEST(PathRegexLiterals, TheLongestIsEnough) {
  EXPECT_THAT(Literals("^src/.*_generated\\."), ElementsAre("_generated."));
  EXPECT_THAT(Literals("ab.*(cde|fgh)"), ElementsAre("cde", "fgh"));
}

TEST(PathRegexLiterals, LieWithinOneComponent) {
  EXPECT_THAT(Literals("library/src"), ElementsAre("library"));
  EXPECT_THAT(Literals("^a/b$"), IsEmpty());
}

TEST(PathRegexLiterals, AreNoneWhereTheExpressionNeedsNone) {
  EXPECT_THAT(Literals(""), IsEmpty());
  EXPECT_THAT(Literals("."), IsEmpty());
  EXPECT_THAT(Literals("abc|"), IsEmpty());
  EXPECT_THAT(Literals("(abc)?"), IsEmpty());
  EXPECT_THAT(Literals("[0-9]+"), IsEmpty());
}

TEST(PathRegexLiterals, LeaveOutLettersThatOthersStandFor) {
  // 's' is also the long s, 'k' the Kelvin sign.
  EXPECT_THAT(Literals("test", CaseRule::kIgnore), ElementsAre("te"));
  EXPECT_THAT(Literals("(?i)makefile"), ElementsAre("ma"));
  EXPECT_THAT(Literals("caf\xc3\xa9s"), ElementsAre("caf"));
}

TEST(PathRegexLiterals, AreLowerCaseWhateverTheExpression) {
  EXPECT_THAT(Literals("README"), ElementsAre("readme"));
}

}  // namespace
}  // namespace finder
