// What the tests of find(1) compare, as values.

#include <cstdint>
#include <string>

#include "finder/expression/moment.h"
#include "finder/expression/name_pattern.h"
#include "finder/expression/number_test.h"
#include "finder/expression/path_expression.h"
#include "finder/expression/permission_test.h"
#include "gtest/gtest.h"

namespace finder {
namespace {

// 2020-09-13T12:26:40Z.
constexpr FileTime kNow = {1'600'000'000, 0};

TEST(NumberTest, SignsSayMoreAndLess) {
  EXPECT_TRUE(NumberTest::Parse("+3")->Matches(4));
  EXPECT_FALSE(NumberTest::Parse("+3")->Matches(3));
  EXPECT_TRUE(NumberTest::Parse("-3")->Matches(2));
  EXPECT_TRUE(NumberTest::Parse("3")->Matches(3));
  for (const char* text : {"", "+", "x", "3x", "--3", "99999999999999999999"}) {
    EXPECT_FALSE(NumberTest::Parse(text)) << text;
  }
}

TEST(TimeTest, TimesThatDoNotFitAreRefused) {
  EXPECT_FALSE(TimeTest::ParseDays("999999999999999999", kNow));
  EXPECT_FALSE(TimeTest::ParseDays("1h3", kNow));
  EXPECT_FALSE(TimeTest::ParseMinutes("-", kNow));
  EXPECT_FALSE(TimeTest::ParseMinutes("1e3", kNow));
}

TEST(UsedTest, WhatWasReadAtOnceWasReadWithinTheFirstDay) {
  EXPECT_TRUE(UsedTest::Parse("1")->Matches(kNow, kNow));
  EXPECT_FALSE(UsedTest::Parse("0")->Matches(kNow, kNow));
  EXPECT_TRUE(UsedTest::Parse("2")->Matches(Moved(kNow, 90'000), kNow));
  EXPECT_FALSE(UsedTest::Parse("-9")->Matches(kNow, Moved(kNow, 1)));
}

uint32_t Bits(const char* text) {
  const auto test = PermissionTest::Parse(text);
  return test ? test->file_bits : UINT32_MAX;
}

TEST(PermissionTest, SymbolicModesStartFromNothing) {
  EXPECT_EQ(Bits("u=rwx,g=rx,o="), 0750u);
  EXPECT_EQ(Bits("a+r,u+w"), 0644u);
  EXPECT_EQ(Bits("+x"), 0111u);
  EXPECT_EQ(Bits("u=rw,g=u,o=g"), 0666u);
  EXPECT_EQ(Bits("ug+s,+t"), 07000u);
  EXPECT_EQ(Bits("u+rwx-w"), 0500u);
  EXPECT_EQ(Bits("=644"), 0644u);
  for (const char* text :
       {"", "u", "u+q", "rwx", "+222", "10000", "0x1", "u=r,"}) {
    EXPECT_EQ(Bits(text), UINT32_MAX) << text;
  }
}

TEST(PermissionTest, ExecutionOfDirectoriesAlone) {
  const auto test = PermissionTest::Parse("-a=X");
  EXPECT_TRUE(test->Matches(0644, false));
  EXPECT_FALSE(test->Matches(0644, true));
}

TEST(NamePattern, ShortWaysAgreeWithTheLongOne) {
  for (const char* pattern : {"*", "a.c", "*.c", "a*", "*[.]c", "a?c", ""}) {
    for (const char* name : {"", "a.c", ".c", "a", "ab", "xa.c", "a.cc"}) {
      const std::string text = pattern;
      // The bracket takes the long way.
      std::string slow = text;
      if (!text.empty() && text[0] == 'a') slow = "[a]" + text.substr(1);
      EXPECT_EQ(NamePattern(text, LetterCase::kExact).Matches(name),
                NamePattern(slow, LetterCase::kExact).Matches(name))
          << pattern << ' ' << name;
    }
  }
  const NamePattern end("*.c", LetterCase::kExact);
  EXPECT_TRUE(end.Matches(".c"));
  EXPECT_FALSE(end.Matches("c"));
}

TEST(NamePattern, LongTextsAreMatched) {
  const std::string text = std::string(5000, 'x') + "y";
  EXPECT_TRUE(NamePattern("x*[y]", LetterCase::kExact).Matches(text));
}

bool Matches(const char* type, const char* pattern, const char* text) {
  const auto expression =
      PathExpression::Compile(pattern, *RegexSyntax(type), LetterCase::kExact);
  EXPECT_TRUE(expression.ok()) << expression.status();
  return expression.ok() && expression->Matches(text);
}

TEST(PathExpression, TypesDifferInWhatIsSpecial) {
  EXPECT_TRUE(Matches("emacs", "a+", "aa"));
  EXPECT_TRUE(Matches("posix-basic", "a+", "a+"));
  EXPECT_TRUE(Matches("posix-extended", "(a|b)+", "ab"));
  EXPECT_TRUE(Matches("ed", "a\\{2\\}", "aa"));
  EXPECT_TRUE(Matches("awk", "a|b", "b"));
  EXPECT_FALSE(Matches("emacs", "a.b", "a\nb"));
  EXPECT_TRUE(Matches("findutils-default", "a.b", "a\nb"));
}

TEST(Moment, DatesWithAZone) {
  const FileTime expected = {1'583'325'296, 500'000'000};
  EXPECT_EQ(ParseMoment("2020-03-04T12:34:56.5Z", kNow), expected);
  EXPECT_EQ(ParseMoment("2020-03-04 13:34:56.5 +01:00", kNow), expected);
  EXPECT_EQ(ParseMoment("20200304T123456.5+0000", kNow), expected);
  EXPECT_EQ(ParseMoment("@1583325296.5", kNow), expected);
  EXPECT_EQ(ParseMoment("@-1", kNow), (FileTime{-1, 0}));
}

TEST(Moment, RelativeTimes) {
  EXPECT_EQ(ParseMoment("now", kNow), kNow);
  EXPECT_EQ(ParseMoment("2 hours ago", kNow),
            (FileTime{kNow.seconds - 7200, 0}));
  EXPECT_EQ(ParseMoment("-1 week", kNow), ParseMoment("7 days ago", kNow));
}

TEST(Moment, NonsenseIsRefused) {
  for (const char* text : {"", "soon", "2020-13-01", "2020-01-01T25:00", "@",
                           "1 parsec ago", "2020-01-01x", "12345678901 days"}) {
    EXPECT_FALSE(ParseMoment(text, kNow)) << text;
  }
}

}  // namespace
}  // namespace finder
