#include "finder/results/depfile_reader.h"

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace finder {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> Inputs(std::string_view text) {
  const auto inputs = ReadDepfile(text);
  EXPECT_TRUE(inputs.ok()) << inputs.status();
  return inputs.ok() ? *inputs : std::vector<std::string>{"?"};
}

std::string Fault(std::string_view text) {
  const auto inputs = ReadDepfile(text);
  EXPECT_TRUE(absl::IsInvalidArgument(inputs.status())) << inputs.status();
  return std::string(inputs.status().message());
}

TEST(DepfileReader, ReadsWhatCompilersWrite) {
  EXPECT_THAT(Inputs("a.o: a.c a.h \\\n  /usr/include/stdio.h \\\n b.h\n"),
              ElementsAre("a.c", "a.h", "/usr/include/stdio.h", "b.h"));
}

TEST(DepfileReader, HasTheEmptyRulesOfHeaders) {
  EXPECT_THAT(Inputs("a.o: a.c a.h\n\na.h:\n"), ElementsAre("a.c", "a.h"));
}

TEST(DepfileReader, NamesComeOnceWhateverTheRule) {
  EXPECT_THAT(Inputs("a.o b.o: x y\nc.o : y z\n"), ElementsAre("x", "y", "z"));
}

TEST(DepfileReader, BlanksAndSignsInNames) {
  EXPECT_THAT(Inputs("a: with\\ blank\n"), ElementsAre("with blank"));
  EXPECT_THAT(Inputs("a: sharp\\#1 dollar$$\n"),
              ElementsAre("sharp#1", "dollar$"));
  EXPECT_THAT(Inputs("a: b\\:c d:e\n"), ElementsAre("b:c", "d:e"));
  EXPECT_THAT(Inputs("dir\\ x/a.o: b\n"), ElementsAre("b"));
}

TEST(DepfileReader, BackslashesOfNames) {
  EXPECT_THAT(Inputs("a: b\\c \\\\d\n"), ElementsAre("b\\c", "\\\\d"));
  // As make reads them: two and a blank are two and the end of the name.
  EXPECT_THAT(Inputs("a: b\\\\ c\n"), ElementsAre("b\\\\", "c"));
  EXPECT_THAT(Inputs("a: b\\\\\\ c\n"), ElementsAre("b\\ c"));
}

TEST(DepfileReader, LinesGoOnBehindABackslash) {
  EXPECT_THAT(Inputs("a:\\\nb\\\nc"), ElementsAre("b", "c"));
  EXPECT_THAT(Inputs("a: \\\r\n b \\\r\n c\r\n"), ElementsAre("b", "c"));
  EXPECT_THAT(Inputs("a \\\n : b"), ElementsAre("b"));
}

TEST(DepfileReader, CommentsAreNone) {
  EXPECT_THAT(Inputs("# made by x\na: b # c\nd: e#f\n"),
              ElementsAre("b", "e#f"));
}

TEST(DepfileReader, ARuleMayHaveNoInputs) {
  EXPECT_THAT(Inputs("a:"), IsEmpty());
  EXPECT_THAT(Inputs("a:\n"), IsEmpty());
}

TEST(DepfileReader, NamesAreBytes) {
  EXPECT_THAT(Inputs("a: caf\xe9 \xff\n"), ElementsAre("caf\xe9", "\xff"));
}

TEST(DepfileReader, WhatIsNoDepfileIsRefusedWithItsLine) {
  EXPECT_THAT(Fault(""), HasSubstr("no rule"));
  EXPECT_THAT(Fault("\n\n"), HasSubstr("no rule"));
  EXPECT_THAT(Fault("a: b\nnothing here\n"), HasSubstr("line 2: no rule"));
  EXPECT_THAT(Fault(": b\n"), HasSubstr("without a target"));
  EXPECT_THAT(Fault("a: \\\n $(SRC)\n"), HasSubstr("line 2: a '$'"));
  EXPECT_THAT(Fault(std::string_view("a: b\0c\n", 7)), HasSubstr("a NUL"));
}

}  // namespace
}  // namespace finder
