// The words of find(1) that are no tests: options for the whole command, and
// settings for what comes behind them.

#include <charconv>

#include "cmd/find/find_primary.h"
#include "cmd/options/help.h"
#include "cmd/options/subcommand_table.h"
#include "cmd/version.h"
#include "finder/expression/moment.h"
#include "finder/expression/number_test.h"
#include "finder/expression/path_expression.h"

namespace finder {
namespace {

using Takes = Primary::Takes;
using Role = Primary::Role;

constexpr int64_t kDaySeconds = int64_t{24} * 60 * 60;

ParsedNode ParseNothing(PrimaryCall&) { return MakeConstant(true); }

absl::StatusOr<uint32_t> ParseLevels(const PrimaryCall& call) {
  uint32_t levels = 0;
  const std::string& value = call.value;
  const char* const end = value.data() + value.size();
  const auto [at, error] = std::from_chars(value.data(), end, levels);
  if (error == std::errc::result_out_of_range && at == end) return UINT32_MAX;
  if (value.empty() || error != std::errc() || at != end) {
    return BadValue(call, "not a whole number");
  }
  return levels;
}

ParsedNode ParseMaxDepth(PrimaryCall& call) {
  const auto levels = ParseLevels(call);
  if (!levels.ok()) return levels.status();
  call.setup.options.max_depth = *levels;
  return MakeConstant(true);
}

ParsedNode ParseMinDepth(PrimaryCall& call) {
  const auto levels = ParseLevels(call);
  if (!levels.ok()) return levels.status();
  call.setup.options.min_depth = *levels;
  return MakeConstant(true);
}

// BSD's -depth N is a test; no path stands there for GNU find.
ParsedNode ParseDepth(PrimaryCall& call) {
  if (!call.words.at_end()) {
    if (const auto test = NumberTest::Parse(call.words.Peek())) {
      call.words.Take();
      return MakeTest([test = *test](AskedEntry& entry) {
        return test.Matches(entry.known().depth);
      });
    }
  }
  if (call.name == "-d") {
    call.setup.Warn("-d is an old name; -depth is the one of POSIX");
  }
  call.setup.options.order = VisitOrder::kContentsFirst;
  call.setup.depth_given = true;
  return MakeConstant(true);
}

ParsedNode ParseOneFileSystem(PrimaryCall& call) {
  call.setup.options.boundary = Boundary::kOneFileSystem;
  return MakeConstant(true);
}

ParsedNode ParseIgnoreRace(PrimaryCall& call) {
  call.setup.options.vanished = call.name == "-ignore_readdir_race"
                                    ? VanishedFiles::kPassedOver
                                    : VanishedFiles::kReported;
  return MakeConstant(true);
}

ParsedNode ParseFilesFrom(PrimaryCall& call) {
  call.setup.options.files0_from = call.value;
  return MakeConstant(true);
}

ParsedNode ParseFollow(PrimaryCall& call) {
  call.setup.options.links = FollowedLinks::kAll;
  return MakeConstant(true);
}

ParsedNode ParseDayStart(PrimaryCall& call) {
  call.setup.day_end = Moved(StartOfDay(call.setup.now), kDaySeconds);
  return MakeConstant(true);
}

ParsedNode ParseWarn(PrimaryCall& call) {
  call.setup.warns = call.name == "-warn";
  return MakeConstant(true);
}

ParsedNode ParseRegexType(PrimaryCall& call) {
  const auto syntax = RegexSyntax(call.value);
  if (!syntax) {
    return BadValue(call, "no such type; there are " + RegexTypeNames());
  }
  call.setup.regex_syntax = *syntax;
  return MakeConstant(true);
}

ParsedNode ParseExtended(PrimaryCall& call) {
  call.setup.regex_syntax = *RegexSyntax("posix-extended");
  return MakeConstant(true);
}

ParsedNode ParseHelp(PrimaryCall&) {
  return absl::CancelledError(HelpText(*FindSubcommand("find")));
}

ParsedNode ParseVersion(PrimaryCall&) {
  return absl::CancelledError("finder find " + std::string(kVersion) + "\n");
}

constexpr Primary kPrimaries[] = {
    {"--help", Role::kOption, Takes::kNothing, ParseHelp},
    {"--version", Role::kOption, Takes::kNothing, ParseVersion},
    {"-E", Role::kSetting, Takes::kNothing, ParseExtended},
    {"-d", Role::kOption, Takes::kNothing, ParseDepth},
    {"-daystart", Role::kSetting, Takes::kNothing, ParseDayStart},
    {"-depth", Role::kOption, Takes::kNothing, ParseDepth},
    {"-files0-from", Role::kOption, Takes::kValue, ParseFilesFrom},
    {"-follow", Role::kSetting, Takes::kNothing, ParseFollow},
    {"-help", Role::kOption, Takes::kNothing, ParseHelp},
    {"-ignore_readdir_race", Role::kOption, Takes::kNothing, ParseIgnoreRace},
    {"-maxdepth", Role::kOption, Takes::kValue, ParseMaxDepth},
    {"-mindepth", Role::kOption, Takes::kValue, ParseMinDepth},
    {"-mount", Role::kOption, Takes::kNothing, ParseOneFileSystem},
    {"-noignore_readdir_race", Role::kOption, Takes::kNothing, ParseIgnoreRace},
    {"-noleaf", Role::kOption, Takes::kNothing, ParseNothing},
    {"-nowarn", Role::kSetting, Takes::kNothing, ParseWarn},
    {"-regextype", Role::kSetting, Takes::kValue, ParseRegexType},
    {"-s", Role::kOption, Takes::kNothing, ParseNothing},
    {"-version", Role::kOption, Takes::kNothing, ParseVersion},
    {"-warn", Role::kSetting, Takes::kNothing, ParseWarn},
    {"-x", Role::kOption, Takes::kNothing, ParseOneFileSystem},
    {"-xdev", Role::kOption, Takes::kNothing, ParseOneFileSystem},
};

}  // namespace

std::span<const Primary> OptionPrimaries() { return kPrimaries; }

}  // namespace finder
