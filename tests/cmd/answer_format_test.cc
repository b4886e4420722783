#include "cmd/answer_format.h"

#include <string>

#include "gtest/gtest.h"

namespace finder {
namespace {

std::string Print(OutputFormat format, const Match& match,
                  Reader reader = Reader::kProgram,
                  PathStyle style = PathStyle::kAsGiven) {
  OutputOptions options;
  options.format = format;
  options.path_style = style;
  std::string out = "|";
  AnswerFormat(options, reader, "/work").Append(match, out);
  return out;
}

constexpr Match kFile = {"src/", "a\x1b.c", Match::Type::kFile};

TEST(AnswerFormat, LinesKeepEveryByteForAProgram) {
  EXPECT_EQ(Print(OutputFormat::kLines, kFile), "|src/a\x1b.c\n");
}

TEST(AnswerFormat, LinesAreHarmlessOnATerminal) {
  EXPECT_EQ(Print(OutputFormat::kLines, kFile, Reader::kTerminal),
            "|src/a?.c\n");
}

TEST(AnswerFormat, NulEndsThePathAndNothingIsReplaced) {
  EXPECT_EQ(Print(OutputFormat::kNul, kFile, Reader::kTerminal),
            std::string("|src/a\x1b.c\0", 10));
}

TEST(AnswerFormat, JsonTellsTheType) {
  EXPECT_EQ(Print(OutputFormat::kJson, {"", "d", Match::Type::kDirectory}),
            "|{\"path\":\"d\",\"type\":\"d\"}\n");
  EXPECT_EQ(Print(OutputFormat::kJson, {"a/", "l", Match::Type::kSymlink}),
            "|{\"path\":\"a/l\",\"type\":\"l\"}\n");
  EXPECT_EQ(Print(OutputFormat::kJson, {"a/", "\xff", Match::Type::kOther}),
            "|{\"path_bytes\":\"YS//\",\"type\":\"o\"}\n");
}

TEST(AnswerFormat, AbsolutePathsInEveryFormat) {
  const Match match = {"a/", "b", Match::Type::kFile};
  EXPECT_EQ(Print(OutputFormat::kLines, match, Reader::kProgram,
                  PathStyle::kAbsolute),
            "|/work/a/b\n");
  EXPECT_EQ(
      Print(OutputFormat::kJson, match, Reader::kProgram, PathStyle::kAbsolute),
      "|{\"path\":\"/work/a/b\",\"type\":\"f\"}\n");
}

TEST(AnswerFormat, CountsAndSilencePrintNoPaths) {
  EXPECT_EQ(Print(OutputFormat::kCount, kFile), "|");
  EXPECT_EQ(Print(OutputFormat::kNothing, kFile), "|");
}

}  // namespace
}  // namespace finder
