// The power fails, and takes with it what was not flushed and the last changes
// of names. Databases notice their own damage; the cache itself must be usable,
// and right after upkeep.
#include <string>
#include <tuple>

#include "finder/cache/cache_directory.h"
#include "finder/cache/upkeep/upkeep.h"
#include "gtest/gtest.h"
#include "tests/finder/cache/cache_world.h"

namespace finder {
namespace {

class CachePowerCut
    : public CacheTest,
      public testing::WithParamInterface<std::tuple<UnsyncedBytes, size_t>> {};

TEST_P(CachePowerCut, LeavesACacheThatUpkeepPutsRight) {
  for (uint64_t seed = 0; seed < 8; ++seed) {
    FakeTree tree(&clock_);
    tree.MakeDirectories("/home");
    {
      CacheProcess before(&tree, &clock_);
      auto cache = before.Open();
      ASSERT_TRUE(cache.ok()) << cache.status();
      for (const char* key : {"a", "b", "a", "c"}) {
        ASSERT_TRUE(before.Store(**cache, key, std::string(9000, 'f')).ok());
      }
      before.Load(**cache, "b");
      ASSERT_TRUE((*cache)->Remove("b").ok());
      (*cache)->FlushEvents();
      FakePowerCut cut;
      std::tie(cut.unsynced_bytes, cut.lost_name_changes) = GetParam();
      cut.seed = seed;
      tree.CutPower(cut);
    }
    CacheProcess after(&tree, &clock_);
    auto cache = after.Open();
    ASSERT_TRUE(cache.ok()) << cache.status();
    const auto report = RunUpkeep(**cache, {});
    ASSERT_TRUE(report.ok()) << report.status();
    EXPECT_EQ(report->problems, std::vector<std::string>());
    EXPECT_TRUE(tree.Names(At("stage")).empty());
    const auto listing = ListCache(**cache);
    ASSERT_TRUE(listing.ok());
    EXPECT_EQ(listing->incomplete, std::vector<std::string>());
    EXPECT_EQ(tree.Names(At("objects")).size(), listing->entries.size());
    uint64_t bytes = 0;
    for (const ListedEntry& entry : listing->entries) {
      bytes += AccountedBytes(
          tree.Stat(At("objects/" + entry.key + "/data/database")).size_bytes);
    }
    EXPECT_EQ(report->bytes_after, bytes);
    const auto stored = after.Store(**cache, "a", "again");
    ASSERT_TRUE(stored.ok()) << stored.status();
    EXPECT_EQ(*stored, StoreOutcome::kStored);
    EXPECT_EQ(after.Load(**cache, "a"), "again");
  }
}

INSTANTIATE_TEST_SUITE_P(Every, CachePowerCut,
                         testing::Combine(testing::Values(UnsyncedBytes::kLost,
                                                          UnsyncedBytes::kEmpty,
                                                          UnsyncedBytes::kTorn),
                                          testing::Range(size_t{0}, size_t{70},
                                                         size_t{3})));

}  // namespace
}  // namespace finder
