#include "finder/fields/smart_case.h"

#include <string>

#include "gtest/gtest.h"

namespace finder {
namespace {

CaseRule OfRegex(const std::string& regex) {
  Query query;
  query.regexes = {regex};
  return SmartCaseRule(query);
}

TEST(SmartCase, OneUpperCaseLetterInAnyPatternMakesCaseMatter) {
  Query query;
  EXPECT_EQ(SmartCaseRule(query), CaseRule::kIgnore);
  query.globs = {"*.h", "[a-z]*"};
  query.regexes = {"x$"};
  query.extensions = {"c"};
  EXPECT_EQ(SmartCaseRule(query), CaseRule::kIgnore);
  Query upper_glob = query;
  upper_glob.globs.push_back("read[M]e");
  EXPECT_EQ(SmartCaseRule(upper_glob), CaseRule::kSensitive);
  Query upper_extension = query;
  upper_extension.extensions.push_back("C");
  EXPECT_EQ(SmartCaseRule(upper_extension), CaseRule::kSensitive);
  Query upper_regex = query;
  upper_regex.regexes.push_back("^A");
  EXPECT_EQ(SmartCaseRule(upper_regex), CaseRule::kSensitive);
}

TEST(SmartCase, WhatIsExcludedHasItsOwnCase) {
  Query query;
  query.globs = {"*.h"};
  query.exclude_globs = {"*.O"};
  EXPECT_EQ(SmartCaseRule(query), CaseRule::kIgnore);
}

TEST(SmartCase, LettersThatAreNoTextDoNotCount) {
  for (const char* regex :
       {"\\Wx\\S\\B", "\\pL", "\\p{Greek}x", "\\P{^L}", "(?P<Name>x)", "(?U)x",
        "\\x4A", "\\x{4F}", "[[:upper:]]", "\\Qx\\E", "\\", "(?", "\\p", "\\Q",
        "(?P<N", "\\p{L"}) {
    EXPECT_EQ(OfRegex(regex), CaseRule::kIgnore) << regex;
  }
  for (const char* regex :
       {"\\WX", "\\pLL", "\\p{Greek}X", "(?P<Name>X)", "(?U:X)", "\\x4AX",
        "\\QX\\E", "\\QX", "x\\Qx\\EX", "[A-F]", "\\\\X"}) {
    EXPECT_EQ(OfRegex(regex), CaseRule::kSensitive) << regex;
  }
}

}  // namespace
}  // namespace finder
