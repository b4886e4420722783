// The expected texts are those of GNU find 4.9.
#include "cmd/format/print_format.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "fs/fake/fake_file_system_names.h"
#include "fs/fake/fake_user_names.h"
#include "gtest/gtest.h"
#include "tests/cmd/format/fake_entry.h"

namespace finder {
namespace {

using Lines = std::vector<std::string>;

class PrintFormatTest : public testing::Test {
 protected:
  PrintFormatTest() {
    setenv("TZ", "UTC0", 1);
    tzset();
  }

  std::string Print(std::string_view format,
                    PrintedFor reader = PrintedFor::kProgram) {
    const absl::StatusOr<PrintFormat> parsed = PrintFormat::Parse(format);
    EXPECT_TRUE(parsed.ok()) << parsed.status();
    if (!parsed.ok()) return "";
    std::string out;
    parsed->Append(entry_, {&users_, &types_}, reader, out);
    return out;
  }
  std::string PrintOf(std::string_view format, std::string path,
                      std::string start, uint32_t depth) {
    entry_.its_path = std::move(path);
    entry_.its_start = std::move(start);
    entry_.its_depth = depth;
    return Print(format);
  }

  FakeEntry entry_;
  FakeUserNames users_;
  FakeFileSystemNames types_;
};

std::string ErrorOf(std::string_view format) {
  const absl::StatusOr<PrintFormat> parsed = PrintFormat::Parse(format);
  EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(parsed.status().message());
}

Lines WarningsOf(std::string_view format) {
  const absl::StatusOr<PrintFormat> parsed = PrintFormat::Parse(format);
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  return parsed.ok() ? parsed->warnings() : Lines();
}

TEST_F(PrintFormatTest, PlainTextAndEscapesStandForThemselves) {
  EXPECT_EQ(Print(""), "");
  EXPECT_EQ(Print("text"), "text");
  EXPECT_EQ(Print(R"(\a\b\f\n\r\t\v\\)"), "\a\b\f\n\r\t\v\\");
  EXPECT_EQ(Print(R"(a\0b\101\1012\08)"), std::string("a\0bAA2\0"
                                                      "8",
                                                      8));
  EXPECT_EQ(Print("100%% %%p"), "100% %p");
}

TEST_F(PrintFormatTest, NothingIsPrintedBehindAStop) {
  EXPECT_EQ(Print(R"(ab\c%p\n)"), "ab");
  EXPECT_TRUE(PrintFormat::Parse(R"(ab\c)")->flushes());
  EXPECT_FALSE(PrintFormat::Parse("ab")->flushes());
}

TEST_F(PrintFormatTest, WhatIsOddIsPrintedAndWarnedOf) {
  EXPECT_EQ(Print("abc%zdef"), "abc%zdef");
  EXPECT_EQ(Print("%-5.z|"), "%-5.z|");
  EXPECT_EQ(Print("%5%|"), "%5|");
  EXPECT_EQ(Print("%A"), "%A");
  EXPECT_EQ(Print(R"(\q\8)"), R"(\q\8)");
  EXPECT_EQ(Print("\\"), "\\");
  EXPECT_EQ(WarningsOf("%z"), Lines{"unrecognized format directive '%z'"});
  EXPECT_EQ(WarningsOf(R"(\q)"), Lines{R"(unrecognized escape '\q')"});
  EXPECT_EQ(WarningsOf("\\"), Lines{R"(nothing follows the last '\')"});
  EXPECT_EQ(WarningsOf("%A"), Lines{"a letter is missing after '%A'"});
  EXPECT_EQ(WarningsOf("%p"), Lines());
}

TEST_F(PrintFormatTest, MalformedFormatsAreRefused) {
  EXPECT_EQ(ErrorOf("abc%"), "'%' at the end of the format");
  EXPECT_EQ(ErrorOf("%-5.3"), "'%-5.3' at the end of the format");
  EXPECT_EQ(ErrorOf("%5{x}"), "the directive '%5{' is reserved for the future");
}

TEST_F(PrintFormatTest, PartsOfThePath) {
  EXPECT_EQ(PrintOf("%p|%f|%h|%P|%H|%d", "a/b/c", "a", 2),
            "a/b/c|c|a/b|b/c|a|2");
  EXPECT_EQ(PrintOf("%p|%f|%h|%P|%H|%d", "a", "a", 0), "a|a|.||a|0");
  EXPECT_EQ(PrintOf("%f|%h|%P", "/", "/", 0), "/||");
  EXPECT_EQ(PrintOf("%f|%h|%P", "/etc", "/", 1), "etc||etc");
  EXPECT_EQ(PrintOf("%f|%h|%P", "//b", "//", 1), "b|/|b");
  EXPECT_EQ(PrintOf("%f|%h|%P", "a//b", "a//", 1), "b|a/|b");
}

TEST_F(PrintFormatTest, PathsThatEndInSlashesArePrintedAsFindDoes) {
  EXPECT_EQ(PrintOf("%f|%h", "t/", "t/", 0), "t/|t");
  EXPECT_EQ(PrintOf("%f|%h", "t//", "t//", 0), "t/|t/");
  EXPECT_EQ(PrintOf("%f|%h", "ab//", "ab//", 0), "ab/|.");
  EXPECT_EQ(PrintOf("%f|%h", "t/d///", "t/d///", 0), "d/|t");
  EXPECT_EQ(PrintOf("%f|%h", "///etc///", "///etc///", 0), "etc/|//");
  EXPECT_EQ(PrintOf("%f|%h", "///", "///", 0), "/|//");
  EXPECT_EQ(PrintOf("%f|%h", "/q/", "/q/", 0), "q/|");
}

TEST_F(PrintFormatTest, FlagsWidthsAndPrecisions) {
  entry_.its_path = "t";
  entry_.details->mode = 0040755;
  entry_.details->size_bytes = 4096;
  EXPECT_EQ(Print("%010p|%-10p|%.0p|%10.2p|"),
            "         t|t         ||         t|");
  EXPECT_EQ(Print("%+5d|% 5d|%05d|%-05d|%.5d|%08.3d"),
            "   +1|    1|00001|1    |00001|     001");
  EXPECT_EQ(Print("%#m|%#5m|%.6m|%05M|%05s"),
            "0755| 0755|000755|drwxr-xr-x| 4096");
}

TEST_F(PrintFormatTest, LongTextsAreWhole) {
  entry_.its_path = std::string(5000, 'x');
  EXPECT_EQ(Print("%3p"), entry_.its_path);
  EXPECT_EQ(Print("%-5001p|"), entry_.its_path + " |");
}

TEST_F(PrintFormatTest, NumbersOfTheInode) {
  entry_.details->links = 3;
  EXPECT_EQ(Print("%i %n %s %b %k %D"), "4711 3 5 8 4 65024");
  entry_.details->blocks = 3;
  EXPECT_EQ(Print("%b %k"), "3 2");
}

TEST_F(PrintFormatTest, SparsenessIsOneForAnEmptyFile) {
  entry_.details->size_bytes = 3;
  EXPECT_EQ(Print("%S"), "1365.33");
  entry_.details->size_bytes = 4096;
  EXPECT_EQ(Print("%S %#S %.2S"), "1 1.00000 1");
  entry_.details->size_bytes = 0;
  EXPECT_EQ(Print("%S"), "inf");
  entry_.details->blocks = 0;
  EXPECT_EQ(Print("%S"), "1");
}

TEST_F(PrintFormatTest, NumbersStandInForNamesThatDoNotExist) {
  users_.users["ann"] = 7;
  users_.groups["staff"] = 8;
  entry_.details->owner = 7;
  entry_.details->group = 8;
  EXPECT_EQ(Print("%u %U %g %G|%-6u|%6g|"), "ann 7 staff 8|ann   | staff|");
  entry_.details->owner = 70;
  entry_.details->group = 80;
  EXPECT_EQ(Print("%u %U %g %G"), "70 70 80 80");
}

TEST_F(PrintFormatTest, ModesAsTextAndAsNumber) {
  entry_.details->mode = 0107777;
  EXPECT_EQ(Print("%M %m"), "-rwsrwsrwt 7777");
  entry_.details->mode = 0107000;
  EXPECT_EQ(Print("%M %m"), "---S--S--T 7000");
  entry_.details->mode = 0060640;
  EXPECT_EQ(Print("%M"), "brw-r-----");
}

TEST_F(PrintFormatTest, TypesOfEntriesAndOfTargets) {
  EXPECT_EQ(Print("%y%Y"), "ff");
  entry_.its_kind = EntryKind::kOther;
  entry_.details->mode = 0140600;
  EXPECT_EQ(Print("%y%Y"), "ss");
  entry_.its_kind = EntryKind::kSymlink;
  EXPECT_EQ(Print("%y%Y"), "lN");
  entry_.target_details = SystemError(ENOTDIR);
  EXPECT_EQ(Print("%y%Y"), "lN");
  entry_.target_details = SystemError(ELOOP);
  EXPECT_EQ(Print("%y%Y"), "lL");
  FileDetails directory;
  directory.mode = 0040700;
  entry_.target_details = directory;
  EXPECT_EQ(Print("%y%Y"), "ld");
  EXPECT_TRUE(entry_.problems.empty());
  entry_.target_details = SystemError(EACCES);
  EXPECT_EQ(Print("%y%Y"), "l?");
  EXPECT_EQ(entry_.problems, std::vector<int>{EACCES});
}

TEST_F(PrintFormatTest, TargetsOfSymlinks) {
  EXPECT_EQ(Print("%l|%5l|"), "|     |");
  entry_.its_kind = EntryKind::kSymlink;
  entry_.target = std::string("else where");
  EXPECT_EQ(Print("%l"), "else where");
  entry_.target = SystemError(ENOENT);
  EXPECT_EQ(Print("%l"), "");
  EXPECT_EQ(entry_.problems, std::vector<int>{ENOENT});
}

TEST_F(PrintFormatTest, TypesOfFileSystems) {
  types_.types[65024] = "ext4";
  EXPECT_EQ(Print("%F"), "ext4");
  entry_.details->device = 1;
  EXPECT_EQ(Print("%F"), "unknown");
}

TEST_F(PrintFormatTest, TimesHaveFractionsWhereFindHasThem) {
  entry_.details->modified = {-315521755, 123456789};
  EXPECT_EQ(Print("%t"), "Sat Jan  2 03:04:05.1234567890 1960");
  EXPECT_EQ(Print("%T@|%T+|%TS|%TT|%TX"),
            "-315521755.1234567890|1960-01-02+03:04:05.1234567890|"
            "05.1234567890|03:04:05.1234567890|03:04:05.1234567890");
  EXPECT_EQ(Print("%Tc|%TY|%Ts|%Tk|%Tr|%TE|%T%|%T-"),
            "Sat Jan  2 03:04:05 1960|1960|-315521755| 3|03:04:05 AM|%E|%|%-");
  EXPECT_EQ(Print("%5T@|%.4TY|%10Tk|%.2Tc|"),
            "-315521755.1234567890|1960|         3|Sa|");
}

TEST_F(PrintFormatTest, EachTimeHasItsLetters) {
  entry_.details->accessed = {1, 0};
  entry_.details->modified = {2, 0};
  entry_.details->changed = {3, 0};
  EXPECT_EQ(Print("%As %Ts %Cs|%Bs|"), "1 2 3||");
  entry_.details->born = FileTime{4, 0};
  EXPECT_EQ(Print("%Bs"), "4");
  EXPECT_EQ(Print("%a|%c"),
            "Thu Jan  1 00:00:01.0000000000 1970|"
            "Thu Jan  1 00:00:03.0000000000 1970");
}

TEST_F(PrintFormatTest, TimesAreLocal) {
  setenv("TZ", "EST5EDT,M3.2.0,M11.1.0", 1);
  tzset();
  entry_.details->modified = {13583146150, 500000000};
  EXPECT_EQ(Print("%T+ %TZ %Tz"), "2400-06-07+04:09:10.5000000000 EDT -0400");
}

TEST_F(PrintFormatTest, AYearThatNobodyCanCountIsPrintedInSeconds) {
  entry_.details->modified = {INT64_MAX, 5};
  EXPECT_EQ(Print("%TY|%T@"),
            "9223372036854775807|9223372036854775807.0000000050");
}

TEST_F(PrintFormatTest, DetailsAreAskedForOnlyIfTheyArePrinted) {
  Print("%p %f %h %H %P %d %y %l");
  EXPECT_EQ(entry_.details_asked, 0);
  EXPECT_FALSE(PrintFormat::Parse("%p%y%Y%l")->needs_details());
  EXPECT_TRUE(PrintFormat::Parse("%p%s")->needs_details());
  EXPECT_TRUE(PrintFormat::Parse("%Tk")->needs_details());
}

TEST_F(PrintFormatTest, WithoutTheDetailsItNeedsNothingIsPrinted) {
  entry_.details.reset();
  EXPECT_EQ(Print("%p %s\n"), "");
  EXPECT_EQ(Print("%p\n"), "dir/name\n");
}

TEST_F(PrintFormatTest, ATerminalGetsNoControlCharacters) {
  entry_.its_path = "a\x1b[1m/\nb";
  EXPECT_EQ(Print("%p|%f|%h\n", PrintedFor::kTerminal), "a?[1m/?b|?b|a?[1m\n");
  EXPECT_EQ(Print("%p"), entry_.its_path);
}

}  // namespace
}  // namespace finder
