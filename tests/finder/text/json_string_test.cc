#include "finder/text/json_string.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace finder {
namespace {

std::string Json(std::string_view bytes) {
  std::string out;
  AppendJsonString(bytes, out);
  return out;
}

TEST(JsonString, PlainTextStandsAsItIs) {
  EXPECT_EQ(Json("Makefile"), R"("Makefile")");
  EXPECT_EQ(Json(""), R"("")");
}

TEST(JsonString, QuotesAndControlsAreEscaped) {
  EXPECT_EQ(Json("a\"b\\c\n\r\t\x01\x1f\x7f"),
            "\"a\\\"b\\\\c\\n\\r\\t\\u0001\\u001f\x7f\"");
}

TEST(JsonString, ValidUtf8StandsAsItIs) {
  for (const char* text : {"\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80",
                           "\xef\xbf\xbd", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_EQ(Json(text), '"' + std::string(text) + '"');
  }
}

TEST(JsonString, BytesThatAreNotUtf8HaveAnEscapeOfTheirOwn) {
  EXPECT_EQ(Json("caf\xe9.c"), R"("caf\u0000e9.c")");
  EXPECT_EQ(Json("\xc3"), R"("\u0000c3")");
  EXPECT_EQ(Json("\xed\xa0\x80"), R"("\u0000ed\u0000a0\u000080")");
  EXPECT_EQ(Json("\xc0\xaf"), R"("\u0000c0\u0000af")");
}

TEST(JsonString, TheEscapeIsUndone) {
  std::string out = "before ";
  EXPECT_TRUE(AppendUnescapedBytes(std::string_view("caf\0e9.c\0ff", 11), out));
  EXPECT_EQ(out, "before caf\xe9.c\xff");
}

TEST(JsonString, AMalformedEscapeIsRefused) {
  for (const std::string_view text :
       {std::string_view("\0", 1), std::string_view("\0e", 2),
        std::string_view("\0eg", 3), std::string_view("\0E9", 3),
        std::string_view("a\0 9", 4)}) {
    std::string out;
    EXPECT_FALSE(AppendUnescapedBytes(text, out));
  }
}

TEST(JsonString, SequencesOfUtf8AreMeasured) {
  EXPECT_EQ(Utf8SequenceLength(""), 0u);
  EXPECT_EQ(Utf8SequenceLength("ab"), 1u);
  EXPECT_EQ(Utf8SequenceLength("\xc2\x80"), 2u);
  EXPECT_EQ(Utf8SequenceLength("\xe0\xa0\x80"), 3u);
  EXPECT_EQ(Utf8SequenceLength("\xf0\x90\x80\x80"), 4u);
  for (const char* text : {"\x80", "\xc1\x80", "\xc2", "\xc2g", "\xe0\x9f\x80",
                           "\xe2\x82", "\xed\xa0\x80", "\xf0\x8f\x80\x80",
                           "\xf4\x90\x80\x80", "\xf5\x80", "\xff"}) {
    EXPECT_EQ(Utf8SequenceLength(text), 0u) << text;
  }
}

// The bytes are looked at eight at a time: each must be seen at each place.
TEST(JsonString, PlainAsciiIsToldAtEveryPlace) {
  for (size_t size = 0; size < 20; ++size) {
    const std::string plain(size, '~');
    EXPECT_TRUE(IsPlainAscii(plain));
    for (size_t at = 0; at < size; ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string text = plain;
        text[at] = static_cast<char>(byte);
        const bool is_plain =
            byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
        EXPECT_EQ(IsPlainAscii(text), is_plain) << byte << " at " << at;
      }
    }
  }
}

}  // namespace
}  // namespace finder
