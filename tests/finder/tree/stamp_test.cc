// The rules of doc/consistency.md, "When a stamp is trusted".
#include "finder/tree/stamp.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <optional>

namespace finder {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kHour = 3600 * kSecond;
constexpr int64_t kNow = 1'600'000'000 * kSecond;
constexpr int64_t kAll = std::numeric_limits<int64_t>::max();

bool Local(int64_t age_ns) {
  return StampIsTrusted(kNow - age_ns, kNow, StampTrust::kLocal, std::nullopt);
}

TEST(StampIsTrusted, OnceItIsOlderThanTheCoarsestTick) {
  EXPECT_TRUE(Local(kTrustAgeNs + 1));
  EXPECT_TRUE(Local(365 * 24 * kHour));
  EXPECT_FALSE(Local(kTrustAgeNs));
  EXPECT_FALSE(Local(2 * kSecond));
  EXPECT_FALSE(Local(0));
}

TEST(StampIsTrusted, NotIfItLiesInTheFuture) {
  EXPECT_FALSE(Local(-kSecond));
  EXPECT_FALSE(
      StampIsTrusted(kNow + kHour, kNow, StampTrust::kServer, kNow - kHour));
}

bool Foreign(int64_t age_ns, std::optional<int64_t> seen_ago_ns) {
  std::optional<int64_t> seen_ns;
  if (seen_ago_ns.has_value()) seen_ns = kNow - *seen_ago_ns;
  return StampIsTrusted(kNow - age_ns, kNow, StampTrust::kServer, seen_ns);
}

TEST(StampIsTrusted, OfAServerAfterADay) {
  EXPECT_TRUE(Foreign(kForeignTrustAgeNs + 1, std::nullopt));
  EXPECT_FALSE(Foreign(kForeignTrustAgeNs, std::nullopt));
}

TEST(StampIsTrusted, OfAServerOnceItWasSeenBefore) {
  EXPECT_TRUE(Foreign(kHour, kTrustAgeNs + 1));
  EXPECT_FALSE(Foreign(kHour, kTrustAgeNs));
  EXPECT_FALSE(Foreign(kHour, std::nullopt));
}

TEST(StampIsTrusted, NeverWhereStampsProveNothing) {
  EXPECT_FALSE(StampIsTrusted(kNow - 365 * 24 * kHour, kNow, StampTrust::kNever,
                              kNow - kHour));
}

TEST(StampIsTrusted, OfAnImageAsOfALocalFileSystem) {
  for (const StampTrust trust : {StampTrust::kMount, StampTrust::kLayers}) {
    EXPECT_TRUE(StampIsTrusted(kNow - kHour, kNow, trust, std::nullopt));
    EXPECT_FALSE(StampIsTrusted(kNow, kNow, trust, kNow - kHour));
  }
}

TEST(DistrustedFromNs, NothingIfTheClockWentOn) {
  const ScanTime then = {kNow, kHour};
  const ScanTime now = {kNow + kHour, 2 * kHour};
  EXPECT_EQ(DistrustedFromNs(then, now, true), kAll);
  EXPECT_EQ(DistrustedFromNs(then, now, false), kAll);
}

TEST(DistrustedFromNs, NothingIfTheClockWasSetForward) {
  const ScanTime then = {kNow, kHour};
  const ScanTime now = {kNow + 5 * kHour, 2 * kHour};
  EXPECT_EQ(DistrustedFromNs(then, now, true), kAll);
}

TEST(DistrustedFromNs, FromNowOnIfItIsEarlierThanThen) {
  const ScanTime then = {kNow, kHour};
  const ScanTime now = {kNow - kHour, 2 * kHour};
  EXPECT_LE(DistrustedFromNs(then, now, false), kNow - kHour - kTrustAgeNs);
}

TEST(DistrustedFromNs, FromWhereTheClockWasSetTo) {
  // Ten seconds back at some moment of the hour that passed.
  const ScanTime then = {kNow, kHour};
  const ScanTime now = {kNow + kHour - 10 * kSecond, 2 * kHour};
  const int64_t from_ns = DistrustedFromNs(then, now, true);
  EXPECT_LE(from_ns, kNow - 10 * kSecond);
  EXPECT_GE(from_ns, kNow - 20 * kSecond) << "no more than needed";
  EXPECT_EQ(DistrustedFromNs(then, now, false), kAll)
      << "uptimes of two boots have nothing to do with each other";
}

}  // namespace
}  // namespace finder
