#include "cmd/output/answer_format.h"

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

constexpr Match kFile = {"src/", "a\x1b.c", EntryKind::kFile};

TEST(AnswerFormat, LinesKeepEveryByteForAProgram) {
  EXPECT_EQ(Print(OutputFormat::kLines, kFile), "|src/a\x1b.c\n");
}

TEST(AnswerFormat, LinesAreHarmlessOnATerminal) {
  EXPECT_EQ(Print(OutputFormat::kLines, kFile, Reader::kTerminal),
            "|src/a?.c\n");
}

std::string PrintColored(const Match& match, Reader reader,
                         OutputFormat format = OutputFormat::kLines) {
  OutputOptions options;
  options.format = format;
  std::string out;
  AnswerFormat(options, reader, "/work", LsColors("*.c=31")).Append(match, out);
  return out;
}

TEST(AnswerFormat, TheDirectoryAndTheNameHaveTheirColours) {
  EXPECT_EQ(PrintColored({"src/", "a.c", EntryKind::kFile}, Reader::kProgram),
            "\033[01;34msrc/\033[0m\033[31ma.c\033[0m\n");
  EXPECT_EQ(PrintColored({"", "a.h", EntryKind::kFile}, Reader::kProgram),
            "a.h\n");
  EXPECT_EQ(PrintColored({"a/", "b", EntryKind::kDirectory}, Reader::kProgram),
            "\033[01;34ma/b\033[0m\n");
}

TEST(AnswerFormat, AColouredNameIsHarmlessOnATerminal) {
  EXPECT_EQ(PrintColored(kFile, Reader::kTerminal),
            "\033[01;34msrc/\033[0m\033[31ma?.c\033[0m\n");
}

TEST(AnswerFormat, WhatProgramsReadHasNoColour) {
  EXPECT_EQ(PrintColored(kFile, Reader::kProgram, OutputFormat::kNul),
            std::string("src/a\x1b.c\0", 9));
}

TEST(AnswerFormat, NulEndsThePathAndNothingIsReplaced) {
  EXPECT_EQ(Print(OutputFormat::kNul, kFile, Reader::kTerminal),
            std::string("|src/a\x1b.c\0", 10));
}

TEST(AnswerFormat, JsonTellsTheType) {
  EXPECT_EQ(Print(OutputFormat::kJson, {"", "d", EntryKind::kDirectory}),
            "|{\"path\":\"d\",\"type\":\"d\"}\n");
  EXPECT_EQ(Print(OutputFormat::kJson, {"a/", "l", EntryKind::kSymlink}),
            "|{\"path\":\"a/l\",\"type\":\"l\"}\n");
  EXPECT_EQ(Print(OutputFormat::kJson, {"a/", "\xff", EntryKind::kOther}),
            "|{\"path_bytes\":\"YS//\",\"type\":\"o\"}\n");
}

TEST(AnswerFormat, AbsolutePathsInEveryFormat) {
  const Match match = {"a/", "b", EntryKind::kFile};
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

TEST(AnswerFormat, ALinkLeadsToTheAbsolutePathWithAllElseEscaped) {
  AnswerFormat format(OutputOptions(), Reader::kProgram, "/work");
  format.LinkTo("here");
  std::string out;
  format.Append({.directory = "a b/", .name = "\xc3\xa9?.c"}, out);
  EXPECT_EQ(out,
            "\x1b]8;;file://here/work/a%20b/%C3%A9%3F.c\x1b\\"
            "a b/\xc3\xa9?.c\x1b]8;;\x1b\\\n");
}

}  // namespace
}  // namespace finder
