// The tests of find(1) that ask a file for its times.

#include <memory>
#include <utility>

#include "cmd/find/find_primary.h"
#include "finder/expression/moment.h"
#include "finder/expression/number_test.h"

namespace finder {
namespace {

using Takes = Primary::Takes;
using Role = Primary::Role;

// One of a file's times; none if the file system does not keep it.
std::optional<FileTime> TimeOf(const FileDetails& details, char letter) {
  switch (letter) {
    case 'a':
      return details.accessed;
    case 'c':
      return details.changed;
    case 'm':
      return details.modified;
    default:
      return details.born;
  }
}

NodePtr MakeTimeTest(char letter, const TimeTest& test) {
  return MakeDetailsTest([letter, test](const FileDetails& details) {
    const std::optional<FileTime> time = TimeOf(details, letter);
    return time && test.Matches(*time);
  });
}

NodePtr MakeNewer(char letter, const FileTime& reference) {
  return MakeTimeTest(letter, {TimeTest::Relation::kAfter, reference});
}

// -amin, -cmin, -mmin, -Bmin.
ParsedNode ParseMinutes(PrimaryCall& call) {
  const auto test = TimeTest::ParseMinutes(call.value, call.setup.day_end);
  if (!test) return BadValue(call, "not a number of minutes");
  return MakeTimeTest(call.name[1], *test);
}

ParsedNode ParseDays(PrimaryCall& call) {
  const auto test = TimeTest::ParseDays(call.value, call.setup.day_end);
  if (!test) return BadValue(call, "not a number of days");
  return MakeTimeTest(call.name[1], *test);
}

ParsedNode ParseUsed(PrimaryCall& call) {
  const auto test = UsedTest::Parse(call.value);
  if (!test) return BadValue(call, "not a number of days");
  return MakeDetailsTest([test = *test](const FileDetails& details) {
    return test.Matches(details.accessed, details.changed);
  });
}

// -newer, -anewer, -cnewer, -mnewer: a time of the entry against the
// modification of the file.
ParsedNode ParseNewer(PrimaryCall& call) {
  const auto reference = DetailsOfReference(call.value, call.setup);
  if (!reference.ok()) return reference.status();
  const char letter = call.name == "-newer" ? 'm' : call.name[1];
  return MakeNewer(letter, reference->modified);
}

ParsedNode NewerThanMoment(PrimaryCall& call, char letter) {
  const auto moment = ParseMoment(call.value, call.setup.now);
  if (!moment) return BadValue(call, "not a date or time");
  return MakeNewer(letter, *moment);
}

// -asince, -csince, -since.
ParsedNode ParseSince(PrimaryCall& call) {
  return NewerThanMoment(call, call.name == "-since" ? 'm' : call.name[1]);
}

constexpr Primary kPrimaries[] = {
    {"-Bmin", Role::kTest, Takes::kValue, ParseMinutes},
    {"-Bnewer", Role::kTest, Takes::kValue, ParseNewer},
    {"-Bsince", Role::kTest, Takes::kValue, ParseSince},
    {"-Btime", Role::kTest, Takes::kValue, ParseDays},
    {"-amin", Role::kTest, Takes::kValue, ParseMinutes},
    {"-anewer", Role::kTest, Takes::kValue, ParseNewer},
    {"-asince", Role::kTest, Takes::kValue, ParseSince},
    {"-atime", Role::kTest, Takes::kValue, ParseDays},
    {"-cmin", Role::kTest, Takes::kValue, ParseMinutes},
    {"-cnewer", Role::kTest, Takes::kValue, ParseNewer},
    {"-csince", Role::kTest, Takes::kValue, ParseSince},
    {"-ctime", Role::kTest, Takes::kValue, ParseDays},
    {"-mmin", Role::kTest, Takes::kValue, ParseMinutes},
    {"-mnewer", Role::kTest, Takes::kValue, ParseNewer},
    {"-msince", Role::kTest, Takes::kValue, ParseSince},
    {"-mtime", Role::kTest, Takes::kValue, ParseDays},
    {"-newer", Role::kTest, Takes::kValue, ParseNewer},
    {"-since", Role::kTest, Takes::kValue, ParseSince},
    {"-used", Role::kTest, Takes::kValue, ParseUsed},
};

}  // namespace

ParsedNode ParseNewerXY(PrimaryCall& call) {
  constexpr std::string_view kTimes = "aBcm";
  const char mine = call.name[call.name.size() - 2];
  const char theirs = call.name.back();
  if (kTimes.find(mine) == std::string_view::npos ||
      (theirs != 't' && kTimes.find(theirs) == std::string_view::npos)) {
    return FindError(call.name + ": no such test");
  }
  if (theirs == 't') return NewerThanMoment(call, mine);
  const auto details = DetailsOfReference(call.value, call.setup);
  if (!details.ok()) return details.status();
  const std::optional<FileTime> reference = TimeOf(*details, theirs);
  if (!reference) {
    return BadValue(call, "its file system keeps no time of birth");
  }
  return MakeNewer(mine, *reference);
}

std::span<const Primary> TimePrimaries() { return kPrimaries; }

}  // namespace finder
