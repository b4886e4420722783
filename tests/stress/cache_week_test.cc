// A week of a build farm on one cache: two users of one group; hundreds of
// trees and views, thousands of runs, a cache that grows over its limits; runs
// and upkeeps that die at any call; a clock that jumps. Who writes down what
// every run did can tell what the cache must hold, so that each miss and each
// entry that goes has to be explained.
#include <errno.h>

#include <algorithm>
#include <climits>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "finder/cache/cache_directory.h"
#include "finder/cache/cache_listing.h"
#include "finder/cache/upkeep/eviction.h"
#include "finder/cache/upkeep/upkeep.h"
#include "fs/fake/fake_background_process.h"
#include "gtest/gtest.h"
#include "tests/finder/cache/cache_world.h"
#include "tests/stress/build_farm.h"

namespace finder {
namespace {

// What was used within this time is in use, and is to be answered warm.
constexpr int64_t kInUseNs = 12 * kHourNs;
// Of the runs of the last two days on views in use. The others meet a crash or
// come while an entry is being removed.
constexpr double kLeastWarm = 0.98;
// Upkeep packs what is larger.
constexpr uint64_t kPackedFromBytes = uint64_t{64} << 10;

// A run that holds its entry for long.
struct LongRun {
  std::unique_ptr<CacheProcess> process;
  std::unique_ptr<CacheDirectory> cache;
  LoadOutcome loaded;
  FarmView* view = nullptr;
  int until = 0;
};

struct Totals {
  uint64_t runs = 0;
  uint64_t hits = 0;
  uint64_t misses = 0;
  uint64_t runs_in_use = 0;
  uint64_t hits_in_use = 0;
  uint64_t stores = 0;
  uint64_t deaths = 0;
  uint64_t upkeeps = 0;
  uint64_t upkeep_deaths = 0;
  uint64_t trims = 0;
  uint64_t aged = 0;
  uint64_t packed = 0;
  uint64_t unpacked = 0;
  uint64_t uncounted = 0;  // runs that may be missing in the statistics
};

struct Week {
  const char* name;
  uint64_t seed;
  CacheLimits limits;

  friend void PrintTo(const Week& week, std::ostream* out) {
    *out << week.name << ", seed " << week.seed;
  }
};

class CacheWeek : public CacheTest, public testing::WithParamInterface<Week> {
 protected:
  CacheWeek() : farm_(GetParam().seed) {
    EXPECT_TRUE(Open()->SetLimits(limits_).ok());
    ShareWithGroup();
    observer_ = Open();
  }

  void Step(int step);
  void SetClock(int step);
  void Run(FarmView& view, bool during_upkeep);
  void CountLoad(FarmView& view, const LoadOutcome& loaded, bool during_upkeep);
  void CheckFacts(CacheProcess& process, const LoadedEntry& entry,
                  const FarmView& view);
  void StoreNext(CacheProcess& process, CacheDirectory& cache, FarmView& view,
                 bool dies);
  void EndRun(CacheDirectory& cache);
  void EndLongRuns(int step);

  void RunUpkeepInBackground(bool undisturbed);
  void CheckEvictions(const CacheEntries& before, const CacheEntries& after,
                      bool whole);
  void CheckTrimming(const CacheEntries& before, const CacheEntries& after,
                     uint64_t last_bytes, bool whole);
  void CheckAfterUpkeep(const UpkeepReport& report, const CacheEntries& before,
                        const CacheEntries& after, bool undisturbed);
  void CheckAccounts();
  void CheckInUse();
  void CheckStatistics();
  void CheckThatMuchHappened();

  bool IsHeld(const std::string& key) const {
    return std::any_of(
        long_runs_.begin(), long_runs_.end(),
        [&key](const LongRun& run) { return run.view->key == key; });
  }
  bool IsPacked(const std::string& key) {
    return tree_.Exists(At("objects/" + key + "/data/database.zst"));
  }
  int64_t Elapsed() { return clock_.BoottimeNs(); }

  const CacheLimits limits_ = GetParam().limits;
  BuildFarm farm_;
  int step_ = 0;
  uint32_t processes_ = 0;
  std::unique_ptr<CacheDirectory> observer_;
  FakeBackgroundProcesses background_;
  size_t upkeeps_begun_ = 0;
  uint64_t runs_until_upkeep_ = 0;
  std::optional<int64_t> last_start_ns_;  // none: the clock was set since
  std::deque<LongRun> long_runs_;
  std::set<std::string> gone_during_upkeep_;
  Totals totals_;
};

void CacheWeek::Step(int step) {
  step_ = step;
  clock_.Advance(kDayNs / BuildFarm::kStepsADay);
  SetClock(step);
  EndLongRuns(step);
  for (uint64_t left = farm_.PickRuns(step); left > 0; --left) {
    Run(farm_.PickView(step), /*during_upkeep=*/false);
    if (upkeeps_begun_ == background_.started().size()) continue;
    if (runs_until_upkeep_ > 0) {
      --runs_until_upkeep_;
    } else {
      upkeeps_begun_ = background_.started().size();
      RunUpkeepInBackground(/*undisturbed=*/false);
    }
  }
}

// Eight hours ahead for two hours; later, three hours back for one and a half.
void CacheWeek::SetClock(int step) {
  const std::map<int, int64_t> hours_at = {
      {2 * BuildFarm::kStepsADay + 150, 8},
      {2 * BuildFarm::kStepsADay + 174, -8},
      {4 * BuildFarm::kStepsADay + 140, -3},
      {4 * BuildFarm::kStepsADay + 158, 3}};
  const auto hours = hours_at.find(step);
  if (hours == hours_at.end()) return;
  clock_.SetRealtimeNs(clock_.RealtimeNs() + hours->second * kHourNs);
  last_start_ns_.reset();
}

void CacheWeek::Run(FarmView& view, bool during_upkeep) {
  ++totals_.runs;
  auto process = NewProcessOf(FakeUser().id + processes_++ % 2);
  const bool dies = farm_.OneIn(60);
  if (dies) {
    process->files().calls().FailNthCallOfAny(
        1 + static_cast<int>(farm_.Pick(80)), EIO,
        FakeCalls::Lasting::kFromThenOn);
  }
  if (dies || during_upkeep) ++totals_.uncounted;
  auto cache = process->Open();
  ASSERT_TRUE(cache.ok() || dies) << cache.status();
  if (cache.ok()) {
    const bool packed = IsPacked(view.key);
    LoadOutcome loaded = (*cache)->Load(view.key);
    if (!dies) {
      CountLoad(view, loaded, during_upkeep);
      if (loaded.entry) CheckFacts(*process, *loaded.entry, view);
    }
    if (packed && loaded.entry) ++totals_.unpacked;
    if (!loaded.entry || farm_.OneIn(view.runs_per_change)) {
      loaded.entry.reset();
      StoreNext(*process, **cache, view, dies);
    } else if (!dies && !during_upkeep && farm_.OneIn(100)) {
      const int until = step_ + 1 + static_cast<int>(farm_.Pick(24));
      long_runs_.push_back({std::move(process), *std::move(cache),
                            std::move(loaded), &view, until});
      return;
    }
    loaded.entry.reset();
    EndRun(**cache);
  }
  if (dies) {
    ++totals_.deaths;
    cache = absl::UnknownError("");
    process.reset();
    view.is_there = tree_.Exists(At("objects/" + view.key + "/object.info"));
    CheckAccounts();
  }
  if (view.is_there) view.last_use_ns = Elapsed();
}

// There is no miss but those that are to be.
void CacheWeek::CountLoad(FarmView& view, const LoadOutcome& loaded,
                          bool during_upkeep) {
  const bool hit = loaded.entry.has_value();
  ++(hit ? totals_.hits : totals_.misses);
  if (hit || !during_upkeep) {
    EXPECT_EQ(hit, view.is_there) << view.key << ": " << loaded.reason;
  } else if (view.is_there && loaded.miss == Miss::kAbsent) {
    gone_during_upkeep_.insert(view.key);
    view.is_there = false;
  }
  if (step_ >= 5 * BuildFarm::kStepsADay &&
      view.last_use_ns >= Elapsed() - kInUseNs) {
    ++totals_.runs_in_use;
    totals_.hits_in_use += hit ? 1 : 0;
  }
}

void CacheWeek::CheckFacts(CacheProcess& process, const LoadedEntry& entry,
                           const FarmView& view) {
  auto file =
      process.files().OpenFile(entry.data_path(), SymlinkPolicy::kNoFollow);
  ASSERT_TRUE(file.ok()) << view.key;
  const auto stat = file.value()->Stat();
  ASSERT_TRUE(stat.ok()) << view.key;
  std::string bytes(static_cast<size_t>(stat->size_bytes), '\0');
  const auto got = file.value()->ReadAt(0, bytes.data(), bytes.size());
  ASSERT_TRUE(got.ok() && got.value() == bytes.size()) << view.key;
  const uint64_t version = std::stoull(bytes.substr(view.key.size()));
  EXPECT_GE(version, view.stored) << view.key;
  EXPECT_LE(version, view.written) << view.key;
  EXPECT_TRUE(bytes == view.Facts(version)) << view.key;
}

void CacheWeek::StoreNext(CacheProcess& process, CacheDirectory& cache,
                          FarmView& view, bool dies) {
  const uint64_t version = ++view.written;
  const auto stored = process.Store(cache, view.key, view.Facts(version));
  if (dies) return;
  ASSERT_TRUE(stored.ok()) << stored.status();
  if (*stored == StoreOutcome::kStored) {
    view.is_there = true;
    view.stored = version;
    ++totals_.stores;
  } else if (*stored == StoreOutcome::kTooLarge) {
    EXPECT_FALSE(view.is_there) << view.key << " was not replaced";
  }
}

// Of upkeeps, one starts in an interval.
void CacheWeek::EndRun(CacheDirectory& cache) {
  cache.FlushEvents();
  if (StartUpkeepIfDue(cache, background_, {"gc"}) != UpkeepStart::kStarted)
    return;
  runs_until_upkeep_ = farm_.Pick(3);
  if (last_start_ns_) {
    EXPECT_GE(Elapsed() - *last_start_ns_,
              cache.overfull() ? kOverfullIntervalNs : kUpkeepIntervalNs);
  }
  last_start_ns_ = Elapsed();
}

void CacheWeek::EndLongRuns(int step) {
  for (size_t left = long_runs_.size(); left > 0; --left) {
    LongRun run = std::move(long_runs_.front());
    long_runs_.pop_front();
    if (run.until > step) {
      long_runs_.push_back(std::move(run));
      continue;
    }
    CheckFacts(*run.process, *run.loaded.entry, *run.view);
    run.loaded.entry.reset();
    run.view->last_use_ns = Elapsed();
    EndRun(*run.cache);
  }
}

// Sometimes it dies, sometimes there are runs between its calls.
void CacheWeek::RunUpkeepInBackground(bool undisturbed) {
  auto process = NewProcessOf(FakeUser().id + processes_++ % 2);
  auto cache = Open(*process);
  const CacheEntries before = WholeEntries();
  const bool dies = !undisturbed && farm_.OneIn(8);
  bool busy = false;
  if (dies) {
    process->files().calls().FailNthCallOfAny(
        1 + static_cast<int>(farm_.Pick(3000)), EIO,
        FakeCalls::Lasting::kFromThenOn);
  } else if (!undisturbed && farm_.OneIn(2)) {
    process->files().calls().OnCall([&](Operation, std::string_view) {
      if (busy || !farm_.OneIn(300)) return;
      busy = true;
      Run(farm_.PickView(step_), /*during_upkeep=*/true);
      busy = false;
    });
  }
  const uint64_t runs_before = totals_.runs;
  const auto report = RunUpkeep(*cache, {});
  process->files().calls().OnCall(nullptr);
  const bool whole = report.ok() && report->problems.empty();
  EXPECT_TRUE(whole || dies) << report.status();
  if (!whole) {
    cache.reset();
    process.reset();
  }
  const CacheEntries after = WholeEntries();
  CheckEvictions(before, after, whole);
  for (FarmView& view : farm_.views()) {
    view.is_there = after.contains(view.key);
  }
  ++(whole ? totals_.upkeeps : totals_.upkeep_deaths);
  if (whole) {
    CheckAfterUpkeep(*report, before, after,
                     !dies && totals_.runs == runs_before);
  }
  CheckAccounts();
}

// What has gone was over age, or the limits asked for it, and then it was used
// less recently than all that stayed.
void CacheWeek::CheckEvictions(const CacheEntries& before,
                               const CacheEntries& after, bool whole) {
  const int64_t now_ns = clock_.RealtimeNs();
  int64_t latest_gone_ns = INT64_MIN;
  uint64_t last_bytes = 0;
  for (const FarmView& view : farm_.views()) {
    EXPECT_TRUE(!view.is_there || after.contains(view.key) ||
                before.contains(view.key))
        << view.key << " was stored just now";
  }
  for (const auto& [key, entry] : before) {
    if (after.contains(key) && !gone_during_upkeep_.contains(key)) continue;
    EXPECT_FALSE(IsHeld(key)) << key;
    if (limits_.max_age_ns &&
        entry.last_use_ns < now_ns - *limits_.max_age_ns) {
      ++totals_.aged;
      continue;
    }
    const int64_t use_ns = EffectiveUse(entry.last_use_ns, now_ns);
    if (last_bytes > 0 && use_ns < latest_gone_ns) continue;
    latest_gone_ns = use_ns;
    last_bytes = entry.bytes;
  }
  gone_during_upkeep_.clear();
  for (const auto& [key, entry] : after) {
    if (IsHeld(key)) continue;
    EXPECT_GE(EffectiveUse(entry.last_use_ns, now_ns), latest_gone_ns) << key;
  }
  if (last_bytes > 0) CheckTrimming(before, after, last_bytes, whole);
}

// `last_bytes`: of the entry that went last.
void CacheWeek::CheckTrimming(const CacheEntries& before,
                              const CacheEntries& after, uint64_t last_bytes,
                              bool whole) {
  ++totals_.trims;
  // With what came and grew meanwhile; packing comes after trimming.
  CacheEntries all = before;
  uint64_t kept_bytes = 0;
  for (const auto& [key, entry] : after) {
    CacheEntry& one = all[key];
    kept_bytes += entry.packed ? one.bytes : entry.bytes;
    one.bytes = std::max(one.bytes, entry.bytes);
  }
  const bool over_bytes = limits_.max_bytes && SumOf(all) > *limits_.max_bytes;
  const bool over_entries =
      limits_.max_entries && all.size() > *limits_.max_entries;
  EXPECT_TRUE(over_bytes || over_entries);
  if (!whole) return;
  const bool needed_for_bytes =
      over_bytes &&
      kept_bytes + last_bytes > PercentOf(*limits_.max_bytes, kTrimPercent);
  const bool needed_for_entries =
      over_entries &&
      after.size() + 1 > PercentOf(*limits_.max_entries, kTrimPercent);
  EXPECT_TRUE(needed_for_bytes || needed_for_entries);
}

void CacheWeek::CheckAfterUpkeep(const UpkeepReport& report,
                                 const CacheEntries& before,
                                 const CacheEntries& after, bool undisturbed) {
  totals_.packed += report.packed;
  EXPECT_EQ(report.unknown, std::vector<std::string>());
  const int64_t now_ns = clock_.RealtimeNs();
  for (const auto& [key, entry] : after) {
    EXPECT_TRUE(entry.packed || entry.database_bytes < kPackedFromBytes ||
                entry.last_use_ns > now_ns - kPackAfterNs || IsHeld(key))
        << key;
  }
  if (!undisturbed) return;
  const auto allowed = [](uint64_t limit, uint64_t before) {
    return before > limit ? PercentOf(limit, kTrimPercent) : limit;
  };
  if (limits_.max_bytes) {
    EXPECT_LE(SumOf(after), allowed(*limits_.max_bytes, SumOf(before)));
  }
  if (limits_.max_entries) {
    EXPECT_LE(after.size(), allowed(*limits_.max_entries, before.size()));
  }
  EXPECT_EQ(report.bytes_after, TrueBytes());
  EXPECT_EQ(Accounted(*observer_), TrueBytes());
  EXPECT_EQ(Keys().size(), after.size());
  for (const auto& [key, entry] : after) {
    EXPECT_EQ(entry.last_use_ns, before.at(key).last_use_ns) << key;
  }
  // But for what was replaced while somebody held it.
  EXPECT_LE(tree_.Names(At("stage")).size(), long_runs_.size());
}

void CacheWeek::CheckAccounts() {
  const auto summary = Summarize(*observer_);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_TRUE(summary->counted);
  EXPECT_GE(summary->bytes, SumOf(WholeEntries()));
}

// The limits leave room for what is in use, so all of it is there.
void CacheWeek::CheckInUse() {
  const CacheEntries disk = WholeEntries();
  uint64_t in_use = 0;
  uint64_t bytes = 0;
  for (const FarmView& view : farm_.views()) {
    if (view.last_use_ns < Elapsed() - kInUseNs) continue;
    ++in_use;
    bytes +=
        AccountedBytes(static_cast<int64_t>(view.Facts(view.written).size()));
    EXPECT_TRUE(disk.contains(view.key)) << view.key;
  }
  EXPECT_GE(in_use, 150u);
  EXPECT_LE(in_use,
            PercentOf(limits_.max_entries.value_or(10'000), kTrimPercent));
  EXPECT_LE(bytes,
            PercentOf(limits_.max_bytes.value_or(UINT64_MAX), kTrimPercent));
  EXPECT_GE(static_cast<double>(totals_.hits_in_use),
            kLeastWarm * static_cast<double>(totals_.runs_in_use));
}

// What runs have counted is what was seen of them, but for those that died, and
// those that wrote while upkeep was adding up.
void CacheWeek::CheckStatistics() {
  const auto summary = Summarize(*observer_);
  ASSERT_TRUE(summary.ok()) << summary.status();
  const CacheStatistics& counted = summary->statistics;
  const std::pair<uint64_t, uint64_t> pairs[] = {
      {counted.Count(CacheEvent::kHit), totals_.hits},
      {counted.Count(CacheEvent::kMiss), totals_.misses},
      {counted.Count(CacheEvent::kStored), totals_.stores},
      {counted.Count(CacheEvent::kUnpacked), totals_.unpacked}};
  for (const auto& [count, seen] : pairs) {
    EXPECT_LE(count, seen + totals_.uncounted);
    EXPECT_GE(count + totals_.uncounted, seen);
  }
  EXPECT_LE(totals_.uncounted, totals_.runs / 8);
}

// A week without events would prove nothing.
void CacheWeek::CheckThatMuchHappened() {
  EXPECT_GE(totals_.runs, 4000u);
  EXPECT_GE(totals_.runs_in_use, 800u);
  EXPECT_GE(totals_.deaths, 50u);
  EXPECT_GE(totals_.upkeeps, 120u);
  EXPECT_GE(totals_.upkeep_deaths, 2u);
  if (limits_.max_bytes == CacheLimits().max_bytes) {
    EXPECT_EQ(totals_.trims + totals_.aged, 0u);
    EXPECT_GE(totals_.packed, 15u);
    EXPECT_GE(totals_.unpacked, 5u);
  } else if (limits_.max_age_ns) {
    EXPECT_GE(totals_.aged, 100u);
  } else {
    EXPECT_GE(totals_.trims, 2u);
  }
}

TEST_P(CacheWeek, EndsWithACacheInsideItsLimitsThatAnswersWarm) {
  for (int step = 0; step < BuildFarm::kSteps; ++step) {
    Step(step);
    ASSERT_FALSE(HasFailure()) << "in step " << step;
  }
  EndLongRuns(INT_MAX);
  RunUpkeepInBackground(/*undisturbed=*/true);
  EXPECT_TRUE(tree_.Names(At("stage")).empty());
  CheckInUse();
  CheckStatistics();
  CheckThatMuchHappened();
}

constexpr CacheLimits kBySize = {.max_bytes = uint64_t{22} << 20,
                                 .max_entries = std::nullopt,
                                 .max_age_ns = std::nullopt};
constexpr CacheLimits kByNumber = {
    .max_bytes = std::nullopt, .max_entries = 400, .max_age_ns = std::nullopt};
constexpr CacheLimits kByAge = {.max_bytes = std::nullopt,
                                .max_entries = std::nullopt,
                                .max_age_ns = 2 * kDayNs};

INSTANTIATE_TEST_SUITE_P(
    LimitedBy, CacheWeek,
    testing::Values(Week{"Size", 1, kBySize}, Week{"Number", 2, kByNumber},
                    Week{"Age", 3, kByAge}, Week{"Default", 4, CacheLimits()}),
    [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace finder
