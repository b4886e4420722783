// What kept results add to a run, on the disk below $TMPDIR: hashes of 10,000
// inputs, and a hit in the store. Run with
//
//   bazel run --config=opt //tools/bench:result_benchmark
//
// Target: 10,000 inputs that have not changed cost 40 ms (BM_LookAtKnown, with
// the reading of what is known and the key).

#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "finder/cache/cache_directory.h"
#include "finder/kept/object_kinds.h"
#include "finder/results/hashes/file_hashes.h"
#include "finder/results/result_key.h"
#include "finder/results/result_store.h"
#include "finder/threads/thread_pool.h"
#include "fs/posix/posix_machine.h"

namespace finder {
namespace {

constexpr int kFiles = 10'000;
constexpr size_t kFileBytes = 4096;
constexpr int64_t kAgeSeconds = 4;

// Some inputs and a cache, removed in the end.
class World {
 public:
  World() {
    const std::string base = std::filesystem::temp_directory_path();
    path_ = base + "/result_benchmark_XXXXXX";
    if (mkdtemp(path_.data()) == nullptr) abort();
    std::filesystem::create_directory(path_ + "/src");
    for (int i = 0; i < kFiles; ++i) {
      paths_.push_back(path_ + "/src/" + std::to_string(i) + ".c");
      std::ofstream(paths_.back()) << std::string(kFileBytes, 'a' + i % 26);
    }
    // Until then no stamp proves anything.
    machine_.machine().clock->SleepNs(kAgeSeconds * 1'000'000'000);
    cache_ = *CacheDirectory::Open({machine_.machine(), kKeptObjects},
                                   {.path = path_ + "/cache"});
    std::unique_ptr<FileHashes> hashes = NewHashes("");
    hashes->Look(paths_);
    kept_ = hashes->Encode();
  }
  ~World() { std::filesystem::remove_all(path_); }

  std::unique_ptr<FileHashes> NewHashes(const std::string& kept) {
    const Machine& machine = machine_.machine();
    return std::make_unique<FileHashes>(*machine.files, *machine.clock,
                                        machine.host, pool_, kept);
  }
  CacheDirectory& cache() { return *cache_; }
  const std::vector<std::string>& paths() const { return paths_; }
  const std::string& kept() const { return kept_; }

 private:
  PosixMachine machine_;
  ThreadPool pool_{machine_.machine().host.processors};
  std::string path_;
  std::vector<std::string> paths_;
  std::unique_ptr<CacheDirectory> cache_;
  std::string kept_;
};

KeyIngredients Ingredients(const std::vector<std::string>& paths,
                           const std::vector<FileFact>& facts) {
  KeyIngredients ingredients;
  ingredients.arguments = {"cc"};
  KeySet& set = ingredients.sets.emplace_back();
  for (size_t i = 0; i < paths.size(); ++i) {
    set.inputs.push_back({paths[i], facts[i]});
  }
  return ingredients;
}

void BM_ReadAndHash(benchmark::State& state) {
  World world;
  for (auto _ : state) {
    benchmark::DoNotOptimize(world.NewHashes("")->Look(world.paths()));
  }
}
BENCHMARK(BM_ReadAndHash)->Unit(benchmark::kMillisecond)->UseRealTime();

void BM_LookAtKnown(benchmark::State& state) {
  World world;
  for (auto _ : state) {
    const auto hashes = world.NewHashes(world.kept());
    const std::vector<FileFact> facts = hashes->Look(world.paths());
    if (hashes->counts().read > 0) state.SkipWithError("files were read");
    benchmark::DoNotOptimize(MakeResultKey(Ingredients(world.paths(), facts)));
  }
}
BENCHMARK(BM_LookAtKnown)->Unit(benchmark::kMillisecond)->UseRealTime();

// A hit with so many inputs that its record is long.
void BM_FindHit(benchmark::State& state) {
  World world;
  const auto hashes = world.NewHashes(world.kept());
  const KeyIngredients ingredients =
      Ingredients(world.paths(), hashes->Look(world.paths()));
  const ResultKey key = MakeResultKey(ingredients);
  ResultRecord record;
  record.command = ingredients.arguments;
  record.printed_hash = HashOf("");
  std::vector<PayloadSource> payloads = {{}};
  for (int i = 0; i < 10; ++i) {
    record.outputs.push_back({.path = "out" + std::to_string(i),
                              .size_bytes = 5,
                              .hash = HashOf("bytes")});
    payloads.push_back({.bytes = "bytes", .path = ""});
  }
  ResultStore store(world.cache(), OutsideOutputs::kRefused);
  if (!store.Put(key, record, RecordIngredients(ingredients, {}, 1), payloads)
           .ok()) {
    state.SkipWithError("not stored");
  }
  for (auto _ : state) {
    if (!store.Find(key)) state.SkipWithError("not found");
  }
}
BENCHMARK(BM_FindHit)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace finder
