// What the cache directory adds to a run, and what its upkeep takes, on the
// disk below $TMPDIR. Run with
//
//   bazel run --config=opt //tools/bench:cache_benchmark
//
// Targets: a load of a hit adds at most 0.3 ms to a run (BM_OpenLoadRelease), a
// store at most 1 ms over writing the file itself (BM_Store, BM_Replace less
// BM_WriteFile), 10,000 entries are listed in 100 ms (BM_List) and cleaned in
// a second (BM_Clean: nothing to do; BM_CleanAway: 3,001 of them go).

#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <string>

#include "finder/cache/cache_directory.h"
#include "finder/cache/cache_listing.h"
#include "finder/cache/upkeep/upkeep.h"
#include "finder/kept/entry_description.h"
#include "finder/kept/object_kinds.h"
#include "fs/posix/posix_machine.h"

namespace finder {
namespace {

constexpr int kEntries = 10'000;
constexpr size_t kDatabaseBytes = 1 << 20;

// A cache of its own, removed in the end.
class Cache {
 public:
  Cache() {
    const std::string base = std::filesystem::temp_directory_path();
    path_ = base + "/cache_benchmark_XXXXXX";
    if (mkdtemp(path_.data()) == nullptr) abort();
    Open();
  }
  ~Cache() { std::filesystem::remove_all(path_); }

  void Open() {
    auto cache = CacheDirectory::Open(environment_, {.path = path_});
    if (!cache.ok()) abort();
    cache_ = *std::move(cache);
  }
  CacheDirectory& get() { return *cache_; }
  const std::string& path() const { return path_; }

  void WriteFile(const std::string& path, const std::string& bytes) {
    auto file = environment_.files->CreateFile(path, 0600);
    if (!file.ok() || !file.value()->Append(bytes).ok() ||
        !file.value()->CommitUnflushed().ok()) {
      abort();
    }
  }
  void Store(const std::string& key, const std::string& bytes) {
    auto pending = cache_->Store(key);
    if (!pending.ok()) abort();
    WriteFile(pending->data_path(), bytes);
    EntryDescription description;
    description.roots = {"/home/somebody/src/some/project"};
    description.view_id = "somebody@somewhere";
    description.view = "exclude .git";
    description.writer = "finder";
    const auto stored = pending->Commit(EncodeDescription(description));
    if (!stored.ok() || *stored != StoreOutcome::kStored) abort();
  }
  void Fill(int entries) {
    for (int i = 0; i < entries; ++i) Store(std::to_string(i), "facts");
  }
  void SetLimits(const CacheLimits& limits) {
    if (!cache_->SetLimits(limits).ok()) abort();
    Open();
  }

 private:
  PosixMachine machine_;
  const CacheEnvironment environment_ = {machine_.machine(), kKeptObjects};
  std::string path_;
  std::unique_ptr<CacheDirectory> cache_;
};

// All that a warm run does with the cache.
void BM_OpenLoadRelease(benchmark::State& state) {
  Cache cache;
  cache.Store("key", "facts");
  for (auto _ : state) {
    cache.Open();
    LoadOutcome loaded = cache.get().Load("key");
    if (!loaded.entry) abort();
    loaded.entry->Release();
    cache.get().FlushEvents();
  }
}
BENCHMARK(BM_OpenLoadRelease)->Unit(benchmark::kMicrosecond);

void BM_WriteFile(benchmark::State& state) {
  Cache cache;
  const std::string bytes(kDatabaseBytes, 'x');
  for (auto _ : state) cache.WriteFile(cache.path() + "/file", bytes);
}
BENCHMARK(BM_WriteFile)->Unit(benchmark::kMicrosecond);

void BM_Store(benchmark::State& state) {
  Cache cache;
  const std::string bytes(kDatabaseBytes, 'x');
  cache.SetLimits({std::nullopt, std::nullopt, std::nullopt});
  int key = 0;
  for (auto _ : state) {
    cache.Store(std::to_string(key), bytes);
    state.PauseTiming();
    if (!cache.get().Remove(std::to_string(key++)).ok()) abort();
    state.ResumeTiming();
  }
}
BENCHMARK(BM_Store)->Unit(benchmark::kMicrosecond);

void BM_Replace(benchmark::State& state) {
  Cache cache;
  const std::string bytes(kDatabaseBytes, 'x');
  cache.Store("key", bytes);
  for (auto _ : state) cache.Store("key", bytes);
}
BENCHMARK(BM_Replace)->Unit(benchmark::kMicrosecond);

void BM_List(benchmark::State& state) {
  Cache cache;
  cache.Fill(kEntries);
  for (auto _ : state) {
    const auto listing = ListCache(cache.get());
    if (!listing.ok() || listing->entries.size() != kEntries) abort();
  }
}
BENCHMARK(BM_List)->Unit(benchmark::kMillisecond);

void BM_Clean(benchmark::State& state) {
  Cache cache;
  cache.Fill(kEntries);
  for (auto _ : state) {
    const auto report = RunUpkeep(cache.get(), {});
    if (!report.ok() || report->entries_after != kEntries) abort();
  }
}
BENCHMARK(BM_Clean)->Unit(benchmark::kMillisecond);

void BM_CleanAway(benchmark::State& state) {
  Cache cache;
  cache.SetLimits({std::nullopt, kEntries, std::nullopt});
  cache.Fill(kEntries + 1);
  int next = kEntries + 1;
  for (auto _ : state) {
    const auto report = RunUpkeep(cache.get(), {});
    if (!report.ok() || report->entries_after != kEntries * 7 / 10) abort();
    state.PauseTiming();
    for (int i = 0; i < kEntries * 3 / 10 + 1; ++i) {
      cache.Store(std::to_string(next++), "facts");
    }
    state.ResumeTiming();
  }
}
BENCHMARK(BM_CleanAway)->Unit(benchmark::kMillisecond)->Iterations(3);

}  // namespace
}  // namespace finder
