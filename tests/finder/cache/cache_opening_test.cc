// How a cache is created, opened and refused.
#include <errno.h>

#include <string>
#include <utility>
#include <vector>

#include "finder/cache/cache_directory.h"
#include "gtest/gtest.h"
#include "tests/finder/cache/cache_world.h"

namespace finder {
namespace {

using CacheOpening = CacheTest;

constexpr uint32_t kStranger = 2000;

const std::vector<std::string>& Layout() {
  static const auto& names = *new std::vector<std::string>{
      "CACHEDIR.TAG", "cache.events", "cache.info", "cache.lock",
      "cache.size",   "objects",      "stage"};
  return names;
}

TEST_F(CacheOpening, MakesTheWholeLayoutForItsOwnerOnly) {
  auto cache = Open();
  EXPECT_EQ(tree_.Names(kCachePath), Layout());
  EXPECT_EQ(tree_.Stat(kCachePath).permissions, 0700u);
  EXPECT_EQ(tree_.Stat(At("objects")).permissions, 0700u);
  EXPECT_EQ(tree_.Stat(At("cache.info")).permissions, 0600u);
  EXPECT_TRUE(
      tree_.ReadFile(At("CACHEDIR.TAG"))
          .starts_with("Signature: 8a477f597d28d172789f06886806bc55\n"));
  EXPECT_EQ(cache->info().limits, CacheLimits());
  EXPECT_EQ(cache->info().boot_id, "boot");
  EXPECT_EQ(cache->info().created_ns, clock_.RealtimeNs());
  EXPECT_TRUE(tree_.Names(At("stage")).empty());
}

TEST_F(CacheOpening, OfALiveCacheTouchesNothing) {
  Open();
  process_->files().calls().Reset();
  auto cache = Open();
  EXPECT_EQ(process_->files().calls().counters().writes(), 0);
  EXPECT_EQ(process_->files().calls().log(),
            (std::vector<std::string>{"stat /home/.cache/finder",
                                      "read_small "
                                      "/home/.cache/finder/cache.info"}));
}

TEST_F(CacheOpening, WorksWhileAnotherCreatesItAtEveryCall) {
  // The other creates it just before our nth call.
  for (int n = 1;; ++n) {
    FakeTree tree(&clock_);
    tree.MakeDirectories("/home");
    CacheProcess ours(&tree, &clock_), theirs(&tree, &clock_);
    int calls = 0;
    bool created = false;
    ours.files().calls().OnCall([&](Operation, std::string_view) {
      if (++calls != n) return;
      created = true;
      auto cache = theirs.Open();
      ASSERT_TRUE(cache.ok()) << cache.status();
      EXPECT_EQ(*theirs.Store(**cache, "key", "facts"), StoreOutcome::kStored);
      CacheLimits limits;
      limits.max_entries = 7;
      EXPECT_TRUE((*cache)->SetLimits(limits).ok());
    });
    auto cache = ours.Open();
    ASSERT_TRUE(cache.ok()) << n << ": " << cache.status();
    if (!created) break;
    EXPECT_EQ(ours.Load(**cache, "key"), "facts") << n;
    EXPECT_EQ((*ours.Open())->info().limits.max_entries, 7u) << n;
    EXPECT_EQ(tree.Names(kCachePath), Layout()) << n;
    EXPECT_TRUE(tree.Names(std::string(kCachePath) + "/stage").empty()) << n;
  }
}

TEST_F(CacheOpening, OfNoneFailsIfItShallNotBeMade) {
  CachePlace place = {.path = std::string(kCachePath),
                      .make_parents_below = "",
                      .if_no_cache = IfNoCache::kFail};
  EXPECT_TRUE(absl::IsNotFound(process_->Open(place).status()));
  tree_.MakeDirectories(kCachePath);
  EXPECT_TRUE(absl::IsNotFound(process_->Open(place).status()));
  EXPECT_TRUE(tree_.Names(kCachePath).empty());
}

TEST_F(CacheOpening, MakesNoParentsThatWereGiven) {
  CachePlace place = {.path = "/none/.cache/finder",
                      .make_parents_below = "/none"};
  EXPECT_EQ(process_->Open(place).status().message(),
            "/none/.cache/finder: No such file or directory");
  place.make_parents_below = std::nullopt;
  place.path = "/home/a/b";
  EXPECT_FALSE(process_->Open(place).ok());
}

TEST_F(CacheOpening, RefusesWhatIsAnothersOrNoPlaceForACache) {
  const auto refusal = [&] {
    return std::string(process_->Open().status().message());
  };
  const std::string path(kCachePath);
  tree_.WriteFile(path);
  EXPECT_EQ(refusal(), path + ": Not a directory");
  tree_.RemoveAll(path);

  tree_.WriteFile(path + "/thesis.txt");
  EXPECT_EQ(refusal(), path + ": neither empty nor a cache of finder");
  EXPECT_EQ(tree_.Names(path).size(), 1u);
  tree_.RemoveAll(path);

  tree_.MakeDirectories(path);
  tree_.Chown(path, kStranger);
  EXPECT_EQ(refusal(), path + ": belongs to another user");
  tree_.RemoveAll(path);

  tree_.MakeDirectories(path);
  tree_.Chmod(path, 0777);
  EXPECT_EQ(refusal(), path + ": everybody may write to it");
  tree_.RemoveAll(path);

  tree_.MakeDirectories("/home/own");
  tree_.Symlink("/home/own", path);
  tree_.Chown(path, kStranger);
  EXPECT_EQ(refusal(), path + ": a symlink of another user's");
  tree_.Chown(path, FakeUser().id);
  EXPECT_EQ(refusal(), "");
  EXPECT_EQ(tree_.Names("/home/own"), Layout());
}

TEST_F(CacheOpening, RefusesANewerFormat) {
  Open();
  tree_.WriteFile(At("cache.info"), "{\"format\":2,\"max_bytes\":[]}\n");
  const auto cache = process_->Open();
  EXPECT_EQ(cache.status().code(), absl::StatusCode::kUnimplemented);
  EXPECT_EQ(cache.status().message(),
            std::string(kCachePath) +
                ": format 2 of a newer version; this one knows 1");
}

TEST_F(CacheOpening, MendsADamagedInfo) {
  Store(*Open(), "key", "facts");
  for (const char* damage : {"", "{", "{\"format\":1,\"max_"}) {
    tree_.WriteFile(At("cache.info"), damage);
    auto cache = Open();
    EXPECT_EQ(cache->info().limits, CacheLimits());
    EXPECT_EQ(process_->Load(*cache, "key"), "facts");
    EXPECT_NE(tree_.ReadFile(At("cache.info")), damage);
  }
}

TEST_F(CacheOpening, TakesNoFolderThatHoldsThingsOfTheUsers) {
  const std::string signature = "Signature: 8a477f597d28d172789f06886806bc55";
  const std::vector<std::pair<std::string, std::string>> files = {
      {"objects/thesis/text", "words"},
      {"stage/scene", "words"},
      {"cache.notes", "words"},
      {"cache.info", "words"},
      {"cache.info", "{\"format\":1}"},
      {"cache.lock", ""},
      {"0123456789abcdef0123456789abcdef.db", "finder database 2\n"},
      {"CACHEDIR.TAG", signature},
      {"CACHEDIR.TAG", signature + "\n"},
      {"CACHEDIR.TAG", signature + "\n# made by another program\n"}};
  for (const auto& [name, bytes] : files) {
    tree_.WriteFile(At(name), bytes);
    process_->files().calls().Reset();
    EXPECT_EQ(process_->Open().status().message(),
              std::string(kCachePath) + ": neither empty nor a cache of finder")
        << name;
    EXPECT_EQ(process_->files().calls().counters().writes(), 0) << name;
    EXPECT_EQ(tree_.ReadFile(At(name)), bytes);
    tree_.RemoveAll(kCachePath);
  }
}

TEST_F(CacheOpening, TakesANewFileSystem) {
  tree_.MakeDirectories(At("lost+found"));
  auto cache = Open();
  EXPECT_EQ(tree_.Names(kCachePath).size(), Layout().size() + 1);
  EXPECT_TRUE(ListCache(*cache)->unknown.empty());
}

TEST_F(CacheOpening, GoesOnWhereAnotherDiedOfIt) {
  for (int n = 1;; ++n) {
    FakeTree tree(&clock_);
    tree.MakeDirectories("/home");
    CacheProcess dying(&tree, &clock_), next(&tree, &clock_);
    dying.files().calls().FailNthCallOfAny(n, EIO,
                                           FakeCalls::Lasting::kFromThenOn);
    if (dying.Open().ok()) break;
    auto cache = next.Open();
    ASSERT_TRUE(cache.ok()) << n << ": " << cache.status();
    EXPECT_EQ(*next.Store(**cache, "key", "facts"), StoreOutcome::kStored);
    EXPECT_TRUE(RunUpkeep(**cache, {}).ok());
    EXPECT_EQ(tree.Names(kCachePath), Layout()) << n;
    EXPECT_TRUE(tree.Names(At("stage")).empty()) << n;
  }
}

TEST_F(CacheOpening, OfTwoThatDieOfItTogetherLeavesAFolderForAThird) {
  // One dies at its nth call, the other, in between, at its mth.
  for (int n = 1; n < 30; ++n) {
    for (int m = 1; m < 20; ++m) {
      FakeTree tree(&clock_);
      tree.MakeDirectories("/home");
      CacheProcess a(&tree, &clock_), b(&tree, &clock_), c(&tree, &clock_);
      int calls = 0;
      a.files().calls().FailNthCallOfAny(n, EIO,
                                         FakeCalls::Lasting::kFromThenOn);
      a.files().calls().OnCall([&](Operation, std::string_view) {
        if (++calls != n) return;
        b.files().calls().FailNthCallOfAny(m, ENOSPC,
                                           FakeCalls::Lasting::kFromThenOn);
        static_cast<void>(b.Open());
      });
      static_cast<void>(a.Open());
      const auto cache = c.Open();
      ASSERT_TRUE(cache.ok()) << n << ", " << m << ": " << cache.status();
    }
  }
}

TEST_F(CacheOpening, KnowsItsFolderAfterAPowerCut) {
  for (const UnsyncedBytes unsynced :
       {UnsyncedBytes::kLost, UnsyncedBytes::kEmpty, UnsyncedBytes::kTorn}) {
    for (size_t lost = 0; lost < 12; ++lost) {
      FakeTree tree(&clock_);
      tree.MakeDirectories("/home");
      ASSERT_TRUE(CacheProcess(&tree, &clock_).Open().ok());
      tree.CutPower({.unsynced_bytes = unsynced, .lost_name_changes = lost});
      const auto cache = CacheProcess(&tree, &clock_).Open();
      EXPECT_TRUE(cache.ok()) << lost << ": " << cache.status();
    }
  }
}

TEST_F(CacheOpening, AnUnwritableDiskIsARefusalThatSaysSo) {
  process_->files().calls().FailNthCall(Operation::kMakeDirectory, 1, EROFS,
                                        FakeCalls::Lasting::kFromThenOn);
  const auto cache = process_->Open();
  EXPECT_TRUE(absl::IsUnavailable(cache.status()));
  EXPECT_EQ(cache.status().message(),
            std::string(kCachePath) + ": Read-only file system");
}

using CacheSettings = CacheTest;

TEST_F(CacheSettings, OfLimitsAreSeenByWhoOpensNext) {
  auto cache = Open();
  const CacheLimits limits = {
      .max_bytes = std::nullopt, .max_entries = 5, .max_age_ns = kDayNs};
  ASSERT_TRUE(cache->SetLimits(limits).ok());
  EXPECT_EQ(Open()->info().limits, limits);
  EXPECT_EQ(Open()->info().created_ns, cache->info().created_ns);
}

TEST_F(CacheSettings, OfTwoAtOnceOneIsTold) {
  auto cache = Open();
  auto other = NewProcess();
  auto others = Open(*other);
  absl::Status theirs;
  process_->files().calls().OnCall([&](Operation operation, std::string_view) {
    if (operation == Operation::kCreateSmall) {
      theirs = others->SetLimits(CacheLimits());
    }
  });
  EXPECT_TRUE(cache->SetLimits(CacheLimits()).ok());
  EXPECT_TRUE(absl::IsUnavailable(theirs)) << theirs;
}

TEST_F(CacheSettings, OfAGroupLetItsMembersIn) {
  auto cache = Open();
  Store(*cache, "key", "facts");
  auto member = NewProcess();
  member->files().SetUser({.id = kStranger});
  member->environment().host.user_id = kStranger;
  EXPECT_EQ(member->Open().status().message(),
            std::string(kCachePath) + ": Permission denied");

  ASSERT_TRUE(cache->SetSharing(CacheSharing::kGroup).ok());
  EXPECT_EQ(tree_.Stat(kCachePath).permissions, 02770u);
  EXPECT_EQ(tree_.Stat(At("objects/key/data")).permissions, 02770u);
  EXPECT_EQ(tree_.Stat(At("objects/key/data/database")).permissions, 0660u);
  cache = Open();
  Store(*cache, "key", "newer");
  Store(*cache, "other", "facts");
  EXPECT_EQ(tree_.Stat(At("objects/key")).permissions, 02770u);
  EXPECT_EQ(tree_.Stat(At("objects/key/data")).permissions, 02770u);
  EXPECT_EQ(tree_.Stat(At("objects/key/data/database")).permissions, 0660u);
  EXPECT_EQ(tree_.Stat(At("objects/key/object.info")).permissions, 0660u);
  EXPECT_EQ(tree_.Stat(At("objects/key/object.lock")).permissions, 0660u);

  ASSERT_TRUE(cache->SetSharing(CacheSharing::kPrivate).ok());
  EXPECT_EQ(tree_.Stat(kCachePath).permissions, 0700u);
  EXPECT_EQ(tree_.Stat(At("objects/other/object.lock")).permissions, 0600u);
}

TEST_F(CacheSettings, OfAGroupAreNotTakenFromAStrangersDirectory) {
  auto cache = Open();
  ASSERT_TRUE(cache->SetSharing(CacheSharing::kGroup).ok());
  auto outsider = NewProcess();
  outsider->files().SetUser({.id = kStranger, .root = true});
  outsider->environment().host.user_id = kStranger;
  outsider->environment().host.group_ids = {77};
  EXPECT_EQ(outsider->Open().status().message(),
            std::string(kCachePath) + ": belongs to another user");
  outsider->environment().host.group_ids = {77, 0};
  EXPECT_TRUE(outsider->Open().ok());
}

}  // namespace
}  // namespace finder
