#include "cmd/output/ls_colors.h"

#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace finder {
namespace {

std::string File(std::string_view text, std::string_view name) {
  return std::string(LsColors(text).Of(EntryKind::kFile, name));
}

TEST(LsColors, WithoutAValueTheyAreThoseOfLs) {
  const LsColors colors("");
  EXPECT_EQ(colors.directory(), "01;34");
  EXPECT_EQ(colors.Of(EntryKind::kDirectory, "d"), "01;34");
  EXPECT_EQ(colors.Of(EntryKind::kSymlink, "l.c"), "01;36");
  EXPECT_EQ(colors.Of(EntryKind::kFile, "f.c"), "");
  EXPECT_EQ(colors.Of(EntryKind::kOther, "o"), "");
}

TEST(LsColors, AKeyTakesThePlaceOfTheDefaultAndNoOther) {
  const LsColors colors("di=38;5;27:fi=33:no=35");
  EXPECT_EQ(colors.directory(), "38;5;27");
  EXPECT_EQ(colors.Of(EntryKind::kSymlink, "l"), "01;36");
  EXPECT_EQ(colors.Of(EntryKind::kFile, "f"), "33");
  EXPECT_EQ(colors.Of(EntryKind::kOther, "o"), "35");
}

TEST(LsColors, NormalIsForFilesThatHaveNoColour) {
  EXPECT_EQ(File("no=35", "f"), "35");
  EXPECT_EQ(File("no=35:fi=00", "f"), "");
}

TEST(LsColors, TheLastSuffixThatFitsWins) {
  EXPECT_EQ(File("*.gz=31:*.tar.gz=32", "a.tar.gz"), "32");
  EXPECT_EQ(File("*.tar.gz=32:*.gz=31", "a.tar.gz"), "31");
  EXPECT_EQ(File("*.tar.gz=32:*.gz=31", "a.gz"), "31");
  EXPECT_EQ(File("*.gz=31", "gz"), "");
}

TEST(LsColors, ASuffixNeedsNoDotAndCaseDoesNotMatter) {
  EXPECT_EQ(File("*~=90", "a.c~"), "90");
  EXPECT_EQ(File("*README=4", "readme"), "4");
  EXPECT_EQ(File("*.jpg=35", "A.JPG"), "35");
  EXPECT_EQ(File("*\xc3\xa9=35", "caf\xc3\xa9"), "35");
}

TEST(LsColors, ASuffixIsForFilesOnly) {
  const LsColors colors("*.d=31");
  EXPECT_EQ(colors.Of(EntryKind::kDirectory, "a.d"), "01;34");
  EXPECT_EQ(colors.Of(EntryKind::kSymlink, "a.d"), "01;36");
}

TEST(LsColors, ZeroIsNoColour) {
  EXPECT_EQ(LsColors("di=0").directory(), "");
  EXPECT_EQ(LsColors("di=00;0").directory(), "");
  EXPECT_EQ(File("fi=33:*.c=", "a.c"), "");
}

TEST(LsColors, ALinkIsNotColouredAsItsTarget) {
  EXPECT_EQ(LsColors("ln=target").Of(EntryKind::kSymlink, "l"), "");
}

TEST(LsColors, NothingButNumbersIsAColour) {
  EXPECT_EQ(LsColors("di=\\e]0;title\\a").directory(), "01;34");
  EXPECT_EQ(LsColors("di=\033c").directory(), "01;34");
}

TEST(LsColors, WhatIsNoEntryIsPassedOver) {
  EXPECT_EQ(LsColors(":::nonsense:=1:di=31:").directory(), "31");
  EXPECT_EQ(LsColors("di").directory(), "01;34");
  EXPECT_EQ(LsColors("*=31:di=32").directory(), "32");
  EXPECT_EQ(LsColors("\\").directory(), "01;34");
  EXPECT_EQ(LsColors("ex=01;32:mi=05:di=31:or=1").directory(), "31");
}

TEST(LsColors, ABackslashProtectsAColon) {
  EXPECT_EQ(File("*\\:x=31:*\\=y=32", "a:x"), "31");
  EXPECT_EQ(File("*\\:x=31:*\\=y=32", "a=y"), "32");
}

TEST(LsColors, WhatIsShownEndsWithTheReset) {
  std::string out;
  LsColors("rs=00").Append("31", "a.c", out);
  LsColors("").Append("", "b", out);
  LsColors("").Append("31", "", out);
  EXPECT_EQ(out, "\033[31ma.c\033[00mb");
}

bool Chosen(When when, bool on_terminal, const Variables& variables) {
  return ChooseColors(when, on_terminal, variables).has_value();
}

TEST(ChooseColors, AutoIsForATerminalThatCanShowThem) {
  Variables variables;
  EXPECT_FALSE(Chosen(When::kAuto, true, variables));
  variables.term = "dumb";
  EXPECT_FALSE(Chosen(When::kAuto, true, variables));
  variables.term = "xterm";
  EXPECT_TRUE(Chosen(When::kAuto, true, variables));
  EXPECT_FALSE(Chosen(When::kAuto, false, variables));
  EXPECT_FALSE(Chosen(When::kNever, true, variables));
}

TEST(ChooseColors, NoColorIsHonouredUnlessTheOptionSaysOtherwise) {
  Variables variables;
  variables.term = "xterm";
  variables.no_color = "1";
  EXPECT_FALSE(Chosen(When::kAuto, true, variables));
  EXPECT_TRUE(Chosen(When::kAlways, true, variables));
  variables.no_color = "";
  EXPECT_TRUE(Chosen(When::kAuto, true, variables));
}

}  // namespace
}  // namespace finder
