#include "cmd/output/printed_path.h"

#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace finder {
namespace {

std::string ForTerminal(std::string_view bytes) {
  std::string out;
  AppendForTerminal(bytes, out);
  return out;
}

std::string JsonPath(std::string_view path) {
  std::string out;
  AppendJsonPath("path", path, out);
  return out;
}

std::string Absolute(std::string_view directory, std::string_view from) {
  std::string out;
  AppendAbsoluteDirectory(directory, from, out);
  return out;
}

TEST(PathForTerminal, KeepsWhatIsPrintable) {
  EXPECT_EQ(ForTerminal("a b/caf\xc3\xa9\xf0\x9f\x99\x82"),
            "a b/caf\xc3\xa9\xf0\x9f\x99\x82");
}

TEST(PathForTerminal, ReplacesWhatATerminalWouldObey) {
  EXPECT_EQ(ForTerminal("a\x1b[31m\n\t\x7f"), "a?[31m???");
  // U+009B is the same as ESC [.
  EXPECT_EQ(ForTerminal("\xc2\x9b"
                        "31m"),
            "?31m");
  EXPECT_EQ(ForTerminal("\x9b"
                        "31m"),
            "?31m");
}

TEST(PathForTerminal, ReplacesWhatIsNoUtf8) {
  EXPECT_EQ(ForTerminal("caf\xe9.c"), "caf?.c");
  EXPECT_EQ(ForTerminal("\xed\xa0\x80"), "???");
}

TEST(JsonPath, Utf8IsText) {
  EXPECT_EQ(JsonPath("a\"b\\c\n"), R"("path":"a\"b\\c\n")");
  EXPECT_EQ(JsonPath("caf\xc3\xa9"), "\"path\":\"caf\xc3\xa9\"");
  EXPECT_EQ(JsonPath("\xef\xbf\xbd"), "\"path\":\"\xef\xbf\xbd\"");
}

TEST(JsonPath, OtherBytesAreBase64) {
  EXPECT_EQ(JsonPath("caf\xe9.c"), R"("path_bytes":"Y2Fm6S5j")");
  EXPECT_EQ(JsonPath("\xff"), R"("path_bytes":"/w==")");
}

TEST(AbsoluteDirectory, StartsAtTheWorkingDirectory) {
  EXPECT_EQ(Absolute("", "/w"), "/w/");
  EXPECT_EQ(Absolute("a/", "/w"), "/w/a/");
  EXPECT_EQ(Absolute("", "/"), "/");
  EXPECT_EQ(Absolute("a/", "/"), "/a/");
  EXPECT_EQ(Absolute("/a/", "/w"), "/a/");
}

TEST(AbsoluteDirectory, GoesUpOnlyWhereNoSymlinkCanBe) {
  EXPECT_EQ(Absolute("../a/", "/v/w"), "/v/a/");
  EXPECT_EQ(Absolute("../../a/", "/v/w"), "/a/");
  EXPECT_EQ(Absolute("../../../", "/v/w"), "/");
  EXPECT_EQ(Absolute("a/../b/", "/w"), "/w/a/../b/");
  EXPECT_EQ(Absolute("..a/", "/w"), "/w/..a/");
}

}  // namespace
}  // namespace finder
