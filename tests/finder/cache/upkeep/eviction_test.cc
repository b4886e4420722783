#include "finder/cache/upkeep/eviction.h"

#include <cstdint>
#include <optional>
#include <vector>

#include "gtest/gtest.h"

namespace finder {
namespace {

constexpr int64_t kDayNs = int64_t{24} * 3600 * 1'000'000'000;

TEST(Eviction, TakesTheLeastRecentlyUsedFirst) {
  CacheLimits limits = {.max_bytes = 100,
                        .max_entries = std::nullopt,
                        .max_age_ns = std::nullopt};
  const int64_t now = 10 * kDayNs;
  const EvictionPlan plan =
      PlanEviction({{0, 40, 5}, {1, 40, 3}, {2, 40, 4}}, limits, now);
  ASSERT_EQ(plan.by_use.size(), 3u);
  EXPECT_EQ(plan.by_use[0].index, 1u);
  EXPECT_EQ(plan.by_use[1].index, 2u);
  EXPECT_EQ(plan.bytes_to_free, 50u);
  EXPECT_TRUE(PlanEviction({{0, 100, 5}}, limits, now).by_use.empty());
}

TEST(Eviction, ToleratesTimesOfTheFutureUpToTheDrift) {
  const int64_t now = 10 * kDayNs;
  EXPECT_EQ(EffectiveUse(now - 1, now), now - 1);
  EXPECT_EQ(EffectiveUse(now + kClockDriftNs, now), now);
  EXPECT_LT(EffectiveUse(now + kClockDriftNs + 1, now), 0);
}

// It may be what is used most, and is gone soon enough if it is not.
TEST(Eviction, TakesWhatLiesBeyondTheDriftFirstButNotForItsAge) {
  const int64_t now = 10 * kDayNs;
  CacheLimits limits = {.max_bytes = std::nullopt,
                        .max_entries = std::nullopt,
                        .max_age_ns = kDayNs};
  const std::vector<EvictionCandidate> entries = {
      {0, 1, now}, {1, 1, now + kDayNs}, {2, 1, now - 2 * kDayNs}};
  EvictionPlan plan = PlanEviction(entries, limits, now);
  ASSERT_EQ(plan.by_age.size(), 1u);
  EXPECT_EQ(plan.by_age[0].index, 2u);
  EXPECT_TRUE(plan.by_use.empty());
  limits.max_entries = 1;
  plan = PlanEviction(entries, limits, now);
  ASSERT_EQ(plan.by_use.size(), 2u);
  EXPECT_EQ(plan.by_use[0].index, 1u);
}

TEST(Eviction, TakesWhatGoesLastAfterAllOthers) {
  const EvictionPlan plan = PlanEviction(
      {{.index = 0, .bytes = 1, .last_use_ns = 1, .goes_last = true},
       {.index = 1, .bytes = 1, .last_use_ns = 3},
       {.index = 2, .bytes = 1, .last_use_ns = 2}},
      {.max_bytes = 1, .max_entries = {}, .max_age_ns = {}}, 10);
  ASSERT_EQ(plan.by_use.size(), 3u);
  EXPECT_EQ(plan.by_use[0].index, 2u);
  EXPECT_EQ(plan.by_use[1].index, 1u);
  EXPECT_EQ(plan.by_use[2].index, 0u);
}

}  // namespace
}  // namespace finder
