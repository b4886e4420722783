#include "finder/text/json_cursor.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace finder {
namespace {

template <typename Integer>
std::optional<Integer> Number(std::string_view text) {
  JsonCursor cursor(text);
  Integer number = 0;
  if (!cursor.TakeNumber(number) || !cursor.at_end()) return std::nullopt;
  return number;
}

std::optional<int64_t> Signed(std::string_view text) {
  JsonCursor cursor(text);
  int64_t number = 0;
  if (!cursor.TakeSigned(number) || !cursor.at_end()) return std::nullopt;
  return number;
}

std::optional<std::string> String(std::string_view text, bool plain) {
  JsonCursor cursor(text);
  std::string_view out;
  std::string scratch;
  bool is_plain = !plain;
  if (!cursor.TakeString(out, is_plain, scratch) || !cursor.at_end()) {
    return std::nullopt;
  }
  EXPECT_EQ(is_plain, plain) << text;
  return std::string(out);
}

TEST(JsonCursor, NumbersOfEveryLengthAreRead) {
  std::string text;
  uint64_t number = 0;
  for (int digit = 1; digit <= 18; ++digit) {
    text += static_cast<char>('0' + digit % 10);
    number = number * 10 + static_cast<uint64_t>(digit % 10);
    EXPECT_EQ(Number<uint64_t>(text), number);
    EXPECT_EQ(Signed("-" + text), -static_cast<int64_t>(number));
  }
  EXPECT_EQ(Number<uint64_t>("0"), 0u);
  EXPECT_EQ(Number<uint64_t>("9999999999999999"), 9999999999999999u);
}

TEST(JsonCursor, NumbersReachTheLimitsOfTheirTypeAndNoFurther) {
  EXPECT_EQ(Number<uint64_t>("18446744073709551615"),
            std::numeric_limits<uint64_t>::max());
  EXPECT_EQ(Number<uint64_t>("18446744073709551616"), std::nullopt);
  EXPECT_EQ(Number<uint64_t>("99999999999999999999999999"), std::nullopt);
  EXPECT_EQ(Number<uint16_t>("65535"), 65535);
  EXPECT_EQ(Number<uint16_t>("65536"), std::nullopt);
  EXPECT_EQ(Signed("9223372036854775807"), std::numeric_limits<int64_t>::max());
  EXPECT_EQ(Signed("9223372036854775808"), std::nullopt);
  EXPECT_EQ(Signed("-9223372036854775808"),
            std::numeric_limits<int64_t>::min());
  EXPECT_EQ(Signed("-9223372036854775809"), std::nullopt);
}

TEST(JsonCursor, WhatIsNoWholeNumberIsRefused) {
  for (const std::string_view text :
       {"", "-", "+1", "01", "00000000001", "1.0", "1e3", " 1", "1 ", "/", ":",
        "1234567:", "1234567/", "0x10", "\xb1"}) {
    EXPECT_EQ(Number<uint64_t>(text), std::nullopt) << text;
    EXPECT_EQ(Signed(text), std::nullopt) << text;
  }
  EXPECT_EQ(Number<uint64_t>("-1"), std::nullopt);
}

TEST(JsonCursor, PlainStringsAreViewsOfTheText) {
  const std::string_view text = R"("a.c/b.c")";
  JsonCursor cursor(text);
  std::string_view out;
  std::string scratch;
  bool plain = false;
  ASSERT_TRUE(cursor.TakeString(out, plain, scratch));
  EXPECT_TRUE(plain);
  EXPECT_EQ(out.data(), text.data() + 1);
  EXPECT_EQ(out, "a.c/b.c");
}

TEST(JsonCursor, OddStringsAreDecoded) {
  EXPECT_EQ(String(R"("")", true), "");
  EXPECT_EQ(String("\"caf\xc3\xa9\"", true), "caf\xc3\xa9");
  EXPECT_EQ(String(R"("a\"b")", false), "a\"b");
  EXPECT_EQ(String(R"("a\\")", false), "a\\");
  EXPECT_EQ(String(R"("\\\"\n\t\u0001")", false), "\\\"\n\t\x01");
  EXPECT_EQ(String(R"("caf\u0000e9.c")", false), "caf\xe9.c");
}

TEST(JsonCursor, MalformedStringsAreRefused) {
  for (const std::string_view text :
       {"", "a", "\"", "\"a", "\"a\\", "\"a\\\"", "\"\xff\"", "\"a\x01\"",
        R"("\x")", R"("\u0000")", R"("\u0000g0")", R"("\ud800")", R"("a"b")"}) {
    EXPECT_EQ(String(text, false), std::nullopt) << text;
  }
}

TEST(JsonCursor, TakesOnlyTheCharacterAskedFor) {
  JsonCursor cursor("[]");
  EXPECT_FALSE(cursor.Take(']'));
  EXPECT_TRUE(cursor.Take('['));
  EXPECT_TRUE(cursor.Take(']'));
  EXPECT_TRUE(cursor.at_end());
  EXPECT_FALSE(cursor.Take(']'));
}

}  // namespace
}  // namespace finder
