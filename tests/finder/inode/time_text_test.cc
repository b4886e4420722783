#include "finder/inode/time_text.h"

#include <gtest/gtest.h>

#include <limits>
#include <string_view>

namespace finder {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kHour = 3'600 * kSecond;
constexpr int64_t kDay = 24 * kHour;

TimeText Parsed(std::string_view text) {
  const absl::StatusOr<TimeText> time = ParseTime(text);
  EXPECT_TRUE(time.ok()) << text << ": " << time.status();
  return time.value_or(TimeText());
}

int64_t Age(std::string_view text) {
  const TimeText time = Parsed(text);
  EXPECT_EQ(time.base, TimeBase::kNow) << text;
  return time.ns;
}

TEST(TimeText, ADurationIsNumbersWithUnits) {
  EXPECT_EQ(Age("10h"), 10 * kHour);
  EXPECT_EQ(Age("2weeks"), 14 * kDay);
  EXPECT_EQ(Age("1d"), kDay);
  EXPECT_EQ(Age("1h30m"), kHour * 3 / 2);
  EXPECT_EQ(Age("1 hour 30 min"), kHour * 3 / 2);
  EXPECT_EQ(Age("5ms"), 5'000'000);
  EXPECT_EQ(Age("7us"), 7'000);
  EXPECT_EQ(Age("1M"), 2'630'016 * kSecond);
  EXPECT_EQ(Age("1m"), 60 * kSecond);
  EXPECT_EQ(Age("1year"), 31'557'600 * kSecond);
}

TEST(TimeText, ADurationLongerThanTheClockIsAsLongAsThat) {
  EXPECT_EQ(Age("999999years"), std::numeric_limits<int64_t>::max());
  EXPECT_EQ(Age("99999999999999999999s"), std::numeric_limits<int64_t>::max());
  const TimeText ages = Parsed("999999years");
  EXPECT_LT(InEpochNs(ages, 0, [](int64_t) { return 0; }), 0);
}

TEST(TimeText, ADateIsMidnightOfTheLocalDay) {
  EXPECT_EQ(Parsed("1970-01-02"), (TimeText{TimeBase::kLocal, kDay}));
  EXPECT_EQ(Parsed("1970-01-02 03:00:01"),
            (TimeText{TimeBase::kLocal, kDay + 3 * kHour + kSecond}));
}

TEST(TimeText, ADateWithAnOffsetIsAMoment) {
  EXPECT_EQ(Parsed("1970-01-02T00:00:00Z"), (TimeText{TimeBase::kEpoch, kDay}));
  EXPECT_EQ(Parsed("1970-01-02T00:00:00.5+02:00"),
            (TimeText{TimeBase::kEpoch, kDay - 2 * kHour + kSecond / 2}));
  EXPECT_EQ(Parsed("1970-01-02T00:00:00-01:30"),
            (TimeText{TimeBase::kEpoch, kDay + kHour * 3 / 2}));
}

TEST(TimeText, AnAtSignComesBeforeSeconds) {
  EXPECT_EQ(Parsed("@1540634400"),
            (TimeText{TimeBase::kEpoch, 1'540'634'400 * kSecond}));
  EXPECT_EQ(Parsed("@-1"), (TimeText{TimeBase::kEpoch, -kSecond}));
}

TEST(TimeText, WhatIsMalformedIsRefused) {
  for (const std::string_view text : {"",
                                      " ",
                                      "10",
                                      "0",
                                      "d",
                                      "1d2",
                                      "1.5h",
                                      "1foo",
                                      "-1h",
                                      "2018-13-01",
                                      "2018-02-30",
                                      "2018-1-1",
                                      "2018-10-27 10:00",
                                      "2018-10-27 24:00:00",
                                      "2018-10-27T10:00:00",
                                      "2018-10-27 10:00:00 ",
                                      "2018-10-27x",
                                      "@",
                                      "@1x",
                                      "@ 1",
                                      "1018-01-01",
                                      "2018-10-27T10:00:00.Z"}) {
    EXPECT_FALSE(ParseTime(text).ok()) << text;
  }
}

TEST(TimeText, LocalTimeIsTakenByTheOffsetOfThatMoment) {
  // An hour ahead until a change at `moved`, two hours from then on.
  constexpr int64_t kMoved = 100 * 86'400;
  const auto summer = [](int64_t utc) { return utc < kMoved ? 3'600 : 7'200; };
  const auto at = [&summer](int64_t local_seconds) {
    const TimeText time = {TimeBase::kLocal, local_seconds * kSecond};
    return InEpochNs(time, 0, summer) / kSecond;
  };
  EXPECT_EQ(at(kMoved), kMoved - 3'600);
  EXPECT_EQ(at(kMoved + 7'200), kMoved);
  // From 3600 to 7199 behind it there is no such local time.
  EXPECT_EQ(at(kMoved + 5'000), kMoved + 1'400);
}

TEST(TimeText, OfTwoMomentsWithOneLocalTimeItIsTheLater) {
  constexpr int64_t kMoved = 100 * 86'400;
  const auto winter = [](int64_t utc) { return utc < kMoved ? 7'200 : 3'600; };
  const TimeText time = {TimeBase::kLocal, (kMoved + 5'000) * kSecond};
  EXPECT_EQ(InEpochNs(time, 0, winter) / kSecond, kMoved + 1'400);
}

}  // namespace
}  // namespace finder
