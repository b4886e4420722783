// Every call of the cache fails once, or is its process's last; the cache is
// right afterwards.
#include <errno.h>

#include <functional>
#include <string>

#include "finder/cache/cache_directory.h"
#include "finder/cache/exclusive_entry.h"
#include "finder/cache/upkeep/upkeep.h"
#include "gtest/gtest.h"
#include "tests/finder/cache/cache_world.h"

namespace finder {
namespace {

// What a process does to a cache that holds "key", "idle" and "old".
struct Work {
  const char* name;
  std::function<void(CacheProcess&, CacheDirectory&)> run;
};

const std::string& Facts() {
  static const auto& facts = *new std::string(100'000, 'f');
  return facts;
}

const std::vector<Work>& Works() {
  static const auto& works = *new std::vector<Work>{
      {"load", [](CacheProcess& process,
                  CacheDirectory& cache) { process.Load(cache, "key"); }},
      {"unpack", [](CacheProcess& process,
                    CacheDirectory& cache) { process.Load(cache, "packed"); }},
      {"store",
       [](CacheProcess& process, CacheDirectory& cache) {
         static_cast<void>(process.Store(cache, "fresh", "new"));
       }},
      {"replace",
       [](CacheProcess& process, CacheDirectory& cache) {
         static_cast<void>(process.Store(cache, "key", "new"));
       }},
      {"answer",
       [](CacheProcess&, CacheDirectory& cache) {
         for (const char* text : {"one", "another"}) {
           Result<ExclusiveEntry> entry =
               ExclusiveEntry::TryLock(cache, "answer-0");
           if (!entry.ok() || !entry->Prepare(text, {}).ok()) return;
           static_cast<void>(entry->Publish());
         }
       }},
      {"remove",
       [](CacheProcess&, CacheDirectory& cache) {
         static_cast<void>(cache.Remove("key"));
       }},
      {"upkeep",
       [](CacheProcess&, CacheDirectory& cache) {
         static_cast<void>(RunUpkeep(cache, {}));
       }},
      {"clear",
       [](CacheProcess&, CacheDirectory& cache) {
         static_cast<void>(ClearCache(cache));
       }},
      {"limits",
       [](CacheProcess&, CacheDirectory& cache) {
         static_cast<void>(cache.SetLimits(CacheLimits()));
       }},
      {"sharing",
       [](CacheProcess&, CacheDirectory& cache) {
         static_cast<void>(cache.SetSharing(CacheSharing::kGroup));
         static_cast<void>(cache.SetSharing(CacheSharing::kPrivate));
       }},
      {"open", [](CacheProcess&, CacheDirectory&) {}}};
  return works;
}

class CacheFaults : public CacheTest,
                    public testing::WithParamInterface<
                        std::tuple<size_t, FakeCalls::Lasting>> {
 protected:
  void FillCache(FakeTree& tree) {
    CacheProcess process(&tree, &clock_);
    auto cache = Open(process);
    ASSERT_TRUE(process.Store(*cache, "old", "old").ok());
    clock_.Advance(32 * kDayNs);
    ASSERT_TRUE(process.Store(*cache, "packed", Facts()).ok());
    ASSERT_TRUE(RunUpkeep(*cache, {.pack_after_ns = 0}).ok());
    ASSERT_TRUE(process.Store(*cache, "old", "old").ok());
    clock_.Advance(26 * kDayNs);
    ASSERT_TRUE(process.Store(*cache, "idle", Facts()).ok());
    clock_.Advance(5 * kDayNs);
    ASSERT_TRUE(process.Store(*cache, "key", "facts").ok());
    tree.WriteFile(
        At("stage/uuid-0123456789abcdef0123456789abcdef/object.lock"));
    tree.WriteFile(At("objects/half/data/database"), "half");
    tree.WriteFile(At("objects/half/object.lock"));
  }

  // No entry is half there, and the accounts are not under the truth.
  void Check(FakeTree& tree, const std::string& what) {
    CacheProcess process(&tree, &clock_);
    auto opened = process.Open();
    ASSERT_TRUE(opened.ok()) << what << ": " << opened.status();
    CacheDirectory& cache = **opened;
    const auto sum = Summarize(cache);
    ASSERT_TRUE(sum.ok()) << what;
    if (sum->counted) {
      EXPECT_GE(sum->bytes, TrueBytesOf(tree)) << what;
    }
    const std::string key = process.Load(cache, "key");
    EXPECT_TRUE(key.empty() || key == "facts" || key == "new") << what;
    for (const char* name : {"idle", "packed"}) {
      const std::string found = process.Load(cache, name);
      EXPECT_TRUE(found.empty() || found == Facts()) << what;
    }
    const auto report = RunUpkeep(cache, {});
    ASSERT_TRUE(report.ok()) << what << ": " << report.status();
    EXPECT_EQ(report->problems, std::vector<std::string>()) << what;
    EXPECT_EQ(report->unknown, std::vector<std::string>()) << what;
    EXPECT_TRUE(tree.Names(At("stage")).empty()) << what;
    EXPECT_EQ(report->bytes_after, TrueBytesOf(tree)) << what;
    const auto stored = process.Store(cache, "key", "again");
    ASSERT_TRUE(stored.ok()) << what << ": " << stored.status();
    EXPECT_EQ(*stored, StoreOutcome::kStored) << what;
    EXPECT_EQ(process.Load(cache, "key"), "again") << what;
  }

  // Of complete entries.
  uint64_t TrueBytesOf(FakeTree& tree) {
    uint64_t bytes = 0;
    for (const std::string& name : tree.Names(At("objects"))) {
      const std::string entry = At("objects") + "/" + name;
      if (!tree.Exists(entry + "/object.info")) continue;
      for (const char* file :
           {"/data/database", "/data/database.zst", "/data/answer"}) {
        if (!tree.Exists(entry + file)) continue;
        bytes += AccountedBytes(tree.Stat(entry + file).size_bytes);
      }
    }
    return bytes;
  }
};

TEST_P(CacheFaults, LeaveACacheThatIsRight) {
  const auto [index, lasting] = GetParam();
  const int error = lasting == FakeCalls::Lasting::kOnce ? ENOSPC : EIO;
  const Work& work = Works()[index];
  const int64_t begin_ns = clock_.RealtimeNs();
  for (int n = 1;; ++n) {
    clock_.SetRealtimeNs(begin_ns);
    FakeTree tree(&clock_);
    tree.MakeDirectories("/home");
    FillCache(tree);
    bool ended = false;
    {
      CacheProcess process(&tree, &clock_);
      process.files().calls().FailNthCallOfAny(n, error, lasting);
      auto cache = process.Open();
      if (cache.ok()) work.run(process, **cache);
      ended = process.files().calls().log().size() < static_cast<size_t>(n);
    }
    Check(tree, std::string(work.name) + " " + std::to_string(n));
    if (HasFailure() || ended) break;
  }
}

std::string NameOfCase(
    const testing::TestParamInfo<CacheFaults::ParamType>& info) {
  const auto [index, lasting] = info.param;
  return std::string(Works()[index].name) +
         (lasting == FakeCalls::Lasting::kOnce ? "_disk_full" : "_dies");
}

INSTANTIATE_TEST_SUITE_P(
    Every, CacheFaults,
    testing::Combine(testing::Range(size_t{0}, Works().size()),
                     testing::Values(FakeCalls::Lasting::kOnce,
                                     FakeCalls::Lasting::kFromThenOn)),
    NameOfCase);

}  // namespace
}  // namespace finder
