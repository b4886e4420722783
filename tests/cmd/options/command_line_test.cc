#include "cmd/options/command_line.h"

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace finder {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

using Arguments = std::vector<std::string>;

CommandLine Parse(const Arguments& arguments) {
  absl::StatusOr<CommandLine> parsed = ParseCommandLine(arguments);
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  return parsed.ok() ? *std::move(parsed) : CommandLine();
}

std::string ErrorOf(const Arguments& arguments) {
  const absl::StatusOr<CommandLine> parsed = ParseCommandLine(arguments);
  return parsed.ok() ? "" : std::string(parsed.status().message());
}

TEST(CommandLineDefaults, TheWorkingDirectoryIsTheRoot) {
  const CommandLine command = Parse({});
  EXPECT_EQ(command.action, Action::kFind);
  EXPECT_THAT(command.view.roots, ElementsAre("."));
  EXPECT_EQ(command.output.format, OutputFormat::kLines);
  EXPECT_EQ(command.cache.mode, CacheMode::kUse);
  EXPECT_FALSE(command.query.types.any());
}

TEST(CommandLineRoots, AreCleaned) {
  EXPECT_THAT(Parse({"./a//b/", "/", "c/./d"}).view.roots,
              ElementsAre("a/b", "/", "c/d"));
}

TEST(CommandLineRoots, StandAnywhereAmongTheOptions) {
  EXPECT_THAT(Parse({"a", "--json", "b", "-g", "*", "c"}).view.roots,
              ElementsAre("a", "b", "c"));
}

TEST(CommandLineRoots, AfterTwoDashesMayLookLikeOptions) {
  const CommandLine command = Parse({"a", "--", "-v", "--", "-db=x"});
  EXPECT_THAT(command.view.roots, ElementsAre("a", "-v", "--", "-db=x"));
  EXPECT_FALSE(command.general.verbose);
}

TEST(CommandLineRoots, MayHoldWhatAParserMightTreatSpecially) {
  EXPECT_THAT(Parse({"[a,b]", "++", "-", "{}", "a b"}).view.roots,
              ElementsAre("[a,b]", "++", "-", "{}", "a b"));
}

TEST(CommandLineRoots, MayNotBeEmpty) {
  EXPECT_EQ(ErrorOf({"a", ""}), "a ROOT is empty");
}

TEST(CommandLineForeignOptions, AreAnsweredWithTheWayHere) {
  EXPECT_EQ(ErrorOf({"--hidden"}),
            "unknown option '--hidden'; finder lists hidden files anyway");
  EXPECT_EQ(ErrorOf({"-uu", "src"}),
            "unknown option '-u'; finder lists ignored files anyway, unless "
            "--ignore-files is given");
  EXPECT_EQ(ErrorOf({"--iglob=*.c"}),
            "unknown option '--iglob'; did you mean '--ignore-case --glob'?");
  EXPECT_THAT(ErrorOf({"-exec", "wc"}), HasSubstr("--exec"));
  EXPECT_THAT(ErrorOf({"--owner", "a"}),
              HasSubstr("names, types, sizes and times only"));
}

TEST(CommandLineForeignOptions, AreSeenInAGroup) {
  EXPECT_THAT(ErrorOf({"-aHg", "*.c"}), HasSubstr("unknown option '-H'; "));
  // A value is none.
  EXPECT_EQ(Parse({"-eH"}).query.extensions, Arguments({"H"}));
  EXPECT_EQ(Parse({"-g", "-H"}).query.globs, Arguments({"-H"}));
}

TEST(CommandLineSuggestions, LettersMayBeSwapped) {
  EXPECT_EQ(ErrorOf({"--jsno"}),
            "unknown option '--jsno'; did you mean '--json'?");
}

TEST(CommandLineLists, AreSeparatedByCommasAndAddUp) {
  const CommandLine command =
      Parse({"--names", "a,b", "--names=c", "-E", "x,y", "--exclude-dirs=z",
             "--suffixes", ".c", "--prune-files", "p,q", "-eh,cc"});
  EXPECT_THAT(command.view.keep.names, ElementsAre("a", "b", "c"));
  EXPECT_THAT(command.view.keep.suffixes, ElementsAre(".c"));
  EXPECT_THAT(command.view.exclude_dirs, ElementsAre("x", "y", "z"));
  EXPECT_THAT(command.view.prune_files, ElementsAre("p", "q"));
  EXPECT_THAT(command.query.extensions, ElementsAre("h", "cc"));
}

TEST(CommandLineLists, MayNotHaveEmptyElements) {
  EXPECT_EQ(ErrorOf({"--names", "a,"}), "--names: the value is empty");
  EXPECT_EQ(ErrorOf({"--names="}), "--names: the value is empty");
  EXPECT_EQ(ErrorOf({"--exclude-dirs", ",a"}),
            "--exclude-dirs: the value is empty");
}

TEST(CommandLineLists, OfGlobsKeepCommasThatBelongToThem) {
  EXPECT_THAT(Parse({"-E", "{a,b{c,d}}x,[,],e\\,f,g"}).view.exclude_dirs,
              ElementsAre("{a,b{c,d}}x", "[,]", "e\\,f", "g"));
}

TEST(CommandLineQuery, GlobsAndRegexesAreNotSplit) {
  const CommandLine command =
      Parse({"-g", "{a,b}", "-g[ab]", "--regex", "a{1,2}", "--at", "a,b/"});
  EXPECT_THAT(command.query.globs, ElementsAre("{a,b}", "[ab]"));
  EXPECT_THAT(command.query.regexes, ElementsAre("a{1,2}"));
  EXPECT_THAT(command.query.at, ElementsAre("a,b"));
}

TEST(CommandLineQuery, TypesAreLettersOrWords) {
  const TypeSet types = Parse({"-t", "f,symlink"}).query.types;
  EXPECT_TRUE(types.files);
  EXPECT_TRUE(types.symlinks);
  EXPECT_FALSE(types.directories);
  EXPECT_TRUE(Parse({"-td"}).query.types.directories);
}

TEST(CommandLineQuery, TheLastOfRepeatedNumbersCounts) {
  EXPECT_EQ(Parse({"-d3", "--max-depth", "5"}).query.max_depth, 5u);
  EXPECT_EQ(Parse({"-1"}).query.max_results, 1u);
}

TEST(CommandLineQuery, AtMustBeBelowARootAsGiven) {
  EXPECT_THAT(Parse({"--at", "a"}).query.at, ElementsAre("a"));
  EXPECT_THAT(Parse({"/", "--at", "/a"}).query.at, ElementsAre("/a"));
  EXPECT_THAT(Parse({"a", "--at", "a/b"}).query.at, ElementsAre("a/b"));
  EXPECT_THAT(ErrorOf({"a", "--at", "ab"}), HasSubstr("'ab' is not below"));
  EXPECT_THAT(ErrorOf({"--at", "/a"}), HasSubstr("'/a' is not below"));
}

TEST(CommandLineOptions, LettersMayStandTogether) {
  const CommandLine command = Parse({"-0iLvj4"});
  EXPECT_EQ(command.output.format, OutputFormat::kNul);
  EXPECT_EQ(command.query.case_rule, CaseRule::kIgnore);
  EXPECT_EQ(command.view.links, LinkPolicy::kFollow);
  EXPECT_TRUE(command.general.verbose);
  EXPECT_EQ(command.general.threads, 4u);
}

TEST(CommandLineOptions, ValuesMayLookLikeOptions) {
  const CommandLine command = Parse({"-g", "--json", "--regex", "-db", "-o-v"});
  EXPECT_THAT(command.query.globs, ElementsAre("--json"));
  EXPECT_THAT(command.query.regexes, ElementsAre("-db"));
  EXPECT_EQ(command.output.file, "-v");
  EXPECT_EQ(command.output.format, OutputFormat::kLines);
  EXPECT_FALSE(command.general.verbose);
}

TEST(CommandLineOptions, SoongSpellingsHaveOneDash) {
  const CommandLine command =
      Parse({"-db", "f", "-names=a", "-exclude-dirs", "b", "-prune-files=c"});
  EXPECT_EQ(command.cache.database, "f");
  EXPECT_THAT(command.view.keep.names, ElementsAre("a"));
  EXPECT_THAT(command.view.exclude_dirs, ElementsAre("b"));
  EXPECT_THAT(command.view.prune_files, ElementsAre("c"));
}

TEST(CommandLineOptions, StatsTakesAValueOnlyAfterAnEqualsSign) {
  EXPECT_EQ(Parse({"--stats"}).general.stats, StatsStyle::kTable);
  EXPECT_EQ(Parse({"--stats=json"}).general.stats, StatsStyle::kJson);
  EXPECT_THAT(Parse({"--stats", "json"}).view.roots, ElementsAre("json"));
}

TEST(CommandLineOptions, DirectoriesToChangeToAddUp) {
  EXPECT_THAT(Parse({"-C", "a", "-Cb"}).general.directories,
              ElementsAre("a", "b"));
}

TEST(CommandLineOptions, HelpAndVersionIgnoreTheRest) {
  EXPECT_EQ(Parse({"--version", "--at", "/x"}).action, Action::kVersion);
  EXPECT_EQ(Parse({"--help", "-q", "--json"}).action, Action::kHelp);
  EXPECT_EQ(Parse({"-h", "-q", "--json"}).action, Action::kBriefHelp);
}

TEST(CommandLineErrors, UnknownOptionsGetTheNearest) {
  EXPECT_EQ(ErrorOf({"--exlude-dirs"}),
            "unknown option '--exlude-dirs'; did you mean '--exclude-dirs'?");
  EXPECT_EQ(ErrorOf({"--absolute=x"}),
            "unknown option '--absolute'; did you mean '--absolute-path'?");
  EXPECT_EQ(ErrorOf({"--frobnicate"}),
            "unknown option '--frobnicate'; finder --help lists them");
  EXPECT_EQ(ErrorOf({"-0Z"}), "unknown option '-Z'; finder --help lists them");
  EXPECT_EQ(ErrorOf({"x", "-name", "y"}),
            "unknown option '-name'; did you mean '--glob'?");
}

TEST(CommandLineErrors, MissingValuesAreNamed) {
  EXPECT_EQ(ErrorOf({"--db"}), "option '--db' needs a value");
  EXPECT_EQ(ErrorOf({"a", "-vg"}), "option '-vg' needs a value");
}

TEST(CommandLineErrors, NumbersHaveARange) {
  EXPECT_EQ(ErrorOf({"-j", "0"}), "--threads: 0 is out of range (1 to 256)");
  EXPECT_EQ(ErrorOf({"-j257"}), "--threads: 257 is out of range (1 to 256)");
  EXPECT_EQ(ErrorOf({"-d", "-1"}), "--max-depth: '-1' is not a number");
  EXPECT_EQ(ErrorOf({"-d", "1e3"}), "--max-depth: '1e3' is not a number");
  EXPECT_EQ(ErrorOf({"-d", "+1"}), "--max-depth: '+1' is not a number");
  EXPECT_THAT(ErrorOf({"-d", "99999999999999999999"}),
              HasSubstr("out of range"));
}

TEST(CommandLineErrors, ContradictionsAreNamed) {
  EXPECT_EQ(ErrorOf({"--no-cache", "--db=x"}),
            "--no-cache and --db cannot be used together");
  EXPECT_EQ(ErrorOf({"-q", "-o", "x"}),
            "--quiet and --output cannot be used together");
  EXPECT_EQ(ErrorOf({"--db-format=soong"}), "--db-format needs --db");
  EXPECT_EQ(ErrorOf({"-d1", "--min-depth=2"}),
            "--min-depth 2 is more than --max-depth 1");
}

TEST(CommandLineErrors, ChoicesAreListed) {
  EXPECT_EQ(ErrorOf({"--db=x", "--db-format=xml"}),
            "--db-format: 'xml' is none of: native, soong");
  EXPECT_THAT(ErrorOf({"-t", "x"}), HasSubstr("'x' is none of: f, d, l"));
}

TEST(CommandLineErrors, FlagsTakeNoValue) {
  EXPECT_EQ(ErrorOf({"--count=3"}), "--count takes no value");
}

}  // namespace
}  // namespace finder
