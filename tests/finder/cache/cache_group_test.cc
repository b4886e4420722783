// A cache that several users of one group keep, each of whom owns only what
// they have made.
#include <memory>
#include <string>
#include <vector>

#include "finder/cache/cache_directory.h"
#include "finder/cache/upkeep/upkeep.h"
#include "fs/fake/fake_background_process.h"
#include "gtest/gtest.h"
#include "tests/finder/cache/cache_world.h"

namespace finder {
namespace {

class CacheOfAGroup : public CacheTest {
 protected:
  std::unique_ptr<CacheDirectory> OpenForGroup() {
    ShareWithGroup();
    return Open();
  }
};

TEST_F(CacheOfAGroup, IsTendedByMembersWhoOwnNothingInIt) {
  auto cache = OpenForGroup();
  ASSERT_TRUE(cache
                  ->SetLimits({.max_bytes = std::nullopt,
                               .max_entries = 2,
                               .max_age_ns = std::nullopt})
                  .ok());
  for (const char* key : {"a", "b", "c"}) Store(*cache, key, "facts");
  clock_.Advance(kUpkeepIntervalNs);
  auto member = NewProcessOf(FakeUser().id + 1);
  auto members = Open(*member);
  FakeBackgroundProcesses background;
  EXPECT_EQ(StartUpkeepIfDue(*members, background, {"gc"}),
            UpkeepStart::kStarted);
  EXPECT_EQ(StartUpkeepIfDue(*members, background, {"gc"}),
            UpkeepStart::kNotDue);
  const UpkeepReport report = Upkeep(*members);
  EXPECT_EQ(report.problems, std::vector<std::string>());
  EXPECT_EQ(report.entries_after, 1u);
  EXPECT_TRUE(tree_.Names(At("stage")).empty());
}

TEST_F(CacheOfAGroup, GivesTheGroupWhatIsMadeAnew) {
  auto cache = OpenForGroup();
  for (const char* name : {"cache.lock", "cache.size", "cache.events"}) {
    tree_.RemoveAll(At(name));
  }
  Store(*cache, "key", "facts");
  cache->FlushEvents();
  Upkeep(*cache);
  for (const char* name : {"cache.lock", "cache.size", "cache.events"}) {
    EXPECT_EQ(tree_.Stat(At(name)).permissions, 0660u) << name;
  }
}

TEST_F(CacheOfAGroup, MayBeClosedByItsOwnerWithOthersEntriesInIt) {
  OpenForGroup();
  auto member = NewProcessOf(FakeUser().id + 1);
  auto members = Open(*member);
  EXPECT_EQ(*member->Store(*members, "key", "facts"), StoreOutcome::kStored);
  const absl::Status closed = Open()->SetSharing(CacheSharing::kPrivate);
  EXPECT_TRUE(closed.ok()) << closed;
  EXPECT_EQ(tree_.Stat(kCachePath).permissions, 0700u);
  EXPECT_FALSE(member->Open().ok());
  EXPECT_EQ(process_->Load(*Open(), "key"), "facts");
}

}  // namespace
}  // namespace finder
