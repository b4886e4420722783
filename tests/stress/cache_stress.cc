// Many processes load, store, stage, remove and clean one cache at once and are
// killed at random; then the cache must be right.
//
// Usage: cache_stress DIRECTORY [SECONDS [PROCESSES [SEED]]]
//        cache_stress --read-only DIRECTORY
//
// DIRECTORY must exist and be empty. Exits with 0 if all held, and prints what
// happened; with 1 and a line for each failure otherwise. A full disk is no
// failure. With --read-only, DIRECTORY has been used before, and is on a disk
// that cannot be written now.

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "finder/cache/cache_directory.h"
#include "finder/cache/cache_listing.h"
#include "finder/cache/disk/size_log.h"
#include "finder/cache/upkeep/upkeep.h"
#include "finder/kept/object_kinds.h"
#include "fs/posix/posix_machine.h"
#include "fs/shared_files.h"

namespace finder {
namespace {

// Many more than the processes, whose unfinished stores count too.
constexpr int kKeys = 300;
constexpr uint64_t kMaxEntries = 200;
constexpr uint64_t kMaxBytes = uint64_t{5} << 20;
constexpr size_t kMaxReadBytes = size_t{1} << 20;
constexpr int kFailed = 1;

[[noreturn]] void Fail(const std::string& what) {
  fprintf(stderr, "cache_stress: %d: %s\n", getpid(), what.c_str());
  _exit(kFailed);
}

// Contents that tell whether they are whole.
std::string Contents(const std::string& key, uint64_t seed, size_t size) {
  std::string text =
      key + " " + std::to_string(seed) + " " + std::to_string(size) + "\n";
  std::mt19937_64 random(seed);
  // Packs well, as databases do.
  while (text.size() < size) text += std::to_string(random() % 100) + ",";
  return text += "\nend of " + std::to_string(seed) + "\n";
}

bool IsWhole(const std::string& key, const std::string& text) {
  unsigned long long seed = 0, size = 0;
  if (text.rfind(key + " ", 0) != 0) return false;
  if (sscanf(text.c_str() + key.size(), " %llu %llu", &seed, &size) != 2) {
    return false;
  }
  return text == Contents(key, seed, size);
}

class Worker {
 public:
  Worker(const std::string& directory, uint64_t seed)
      : environment_{machine_.machine(), kKeptObjects}, random_(seed) {
    place_.path = directory + "/cache";
    Open();
  }

  [[noreturn]] void Run() {
    for (;;) {
      const uint64_t choice = random_() % 100;
      if (choice < 50) {
        Load();
      } else if (choice < 83) {
        Store();
      } else if (choice < 86) {
        Check(cache_->Remove(Key()).status());
      } else if (choice < 92) {
        Stage();
      } else if (choice < 95) {
        cache_->FlushEvents();
        Open();
      } else {
        Clean();
      }
    }
  }

 private:
  std::string Key() { return "key" + std::to_string(random_() % kKeys); }

  // The disk may be full or the entry contended, but nothing else.
  void Check(const absl::Status& status) {
    if (!status.ok() && !absl::IsUnavailable(status)) {
      Fail(std::string(status.message()));
    }
  }

  void Open() {
    auto cache = CacheDirectory::Open(environment_, place_);
    if (!cache.ok() && absl::IsUnavailable(cache.status())) _exit(0);
    if (!cache.ok()) Fail(std::string(cache.status().message()));
    cache_ = *std::move(cache);
  }

  void Load() {
    const std::string key = Key();
    LoadOutcome loaded = cache_->Load(key);
    if (!loaded.entry) return;
    // The entry's own directory, unless it was replaced in between.
    const auto directory = environment_.files->OpenDirectory(
        {}, loaded.entry->directory(), SymlinkPolicy::kNoFollow);
    if (!directory.ok()) return;
    const auto lock = environment_.files->Stat(
        directory.value(), kEntryLockName, SymlinkPolicy::kNoFollow);
    if (!lock.ok() ||
        std::pair(lock->device, lock->inode) != loaded.entry->identity()) {
      return;
    }
    for (int look = 0; look < 3; ++look) {
      const auto text = environment_.shared_files->Read(
          directory.value(), "data/database", kMaxReadBytes);
      if (!text.ok()) {
        Fail(key + " was lost in use: " + text.error().Message());
      }
      if (!IsWhole(key, text.value())) Fail(key + " is not whole");
      std::this_thread::sleep_for(std::chrono::microseconds(random_() % 2000));
    }
  }

  void Store() {
    const std::string key = Key();
    auto pending = cache_->Store(key);
    if (!pending.ok()) return Check(pending.status());
    const size_t size = random_() % 10 == 0 ? 100'000 : random_() % 8000;
    auto file = environment_.files->CreateFile(pending->data_path(),
                                               cache_->file_permissions());
    if (!file.ok()) return;
    const std::string text = Contents(key, random_(), size);
    // In two, so that a death in between leaves half.
    const size_t half = text.size() / 2;
    if (!file.value()->Append(text.substr(0, half)).ok()) return;
    if (!file.value()->Append(text.substr(half)).ok()) return;
    if (!file.value()->Commit().ok()) return;
    Check(pending->Commit({}).status());
  }

  void Stage() {
    auto area = cache_->Stage();
    if (!area.ok()) return Check(area.status());
    const std::string path = area->path() + "/new";
    if (!environment_.shared_files->Create(path, "mine", 0600).ok()) return;
    std::this_thread::sleep_for(std::chrono::microseconds(random_() % 2000));
    const auto text = environment_.shared_files->Read({}, path, 100);
    if (!text.ok() || text.value() != "mine") Fail("a stage area was swept");
  }

  void Clean() {
    UpkeepOptions options;
    options.pack_after_ns = random_() % 4 == 0 ? 0 : kPackAfterNs;
    const auto report = RunUpkeep(*cache_, options);
    Check(report.status());
  }

  // Each process its own.
  PosixMachine machine_;
  const CacheEnvironment environment_;
  std::mt19937_64 random_;
  CachePlace place_;
  std::unique_ptr<CacheDirectory> cache_;
};

// What it comes to, when all are dead.
class Verdict {
 public:
  explicit Verdict(const std::string& directory)
      : environment_{machine_.machine(), kKeptObjects} {
    place_.path = directory + "/cache";
  }

  int Give() {
    auto opened = CacheDirectory::Open(environment_, place_);
    if (!opened.ok()) Fail(std::string(opened.status().message()));
    CacheDirectory& cache = **opened;
    CheckEntries(cache);
    const auto before = Summarize(cache);
    const auto listing = ListCache(cache);
    if (!before.ok() || !listing.ok()) Fail("cannot be listed");
    Expect(before->bytes >= TrueBytes(cache, *listing),
           "the accounts are under the truth");
    Expect(listing->incomplete.empty(), "an entry is half there");
    const UpkeepReport report = CleanWithRoom(cache, *listing);
    for (const std::string& problem : report.problems) {
      Expect(false, problem);
    }
    const auto after = ListCache(cache);
    if (!after.ok()) Fail(std::string(after.status().message()));
    Expect(after->staged.empty(), "something is left in stage/");
    Expect(after->unknown.empty(), "something unknown is left");
    Expect(after->entries.size() <= kMaxEntries, "too many entries");
    Expect(after->accounted_bytes <= kMaxBytes, "too large");
    Expect(report.bytes_after == TrueBytes(cache, *after),
           "the accounts are not right after upkeep");
    CheckEntries(cache);
    printf("%zu entries, %llu bytes; %llu leftovers swept\n",
           after->entries.size(),
           static_cast<unsigned long long>(report.bytes_after),
           static_cast<unsigned long long>(report.leftovers_swept));
    return failed_ ? kFailed : 0;
  }

 private:
  // A full disk may keep upkeep from writing its accounts, and it says so. With
  // some room again, nothing may be in its way.
  UpkeepReport CleanWithRoom(CacheDirectory& cache,
                             const CacheListing& listing) {
    const auto first = RunUpkeep(cache, {});
    if (first.ok() && !AllFor(first->problems, ENOSPC)) return *first;
    if (!first.ok() && !Is(std::string(first.status().message()), ENOSPC)) {
      Fail(std::string(first.status().message()));
    }
    for (size_t entry = 0; entry < listing.entries.size(); entry += 2) {
      const auto removed = cache.Remove(listing.entries[entry].key);
      if (!removed.ok()) Fail(std::string(removed.status().message()));
    }
    auto again = RunUpkeep(cache, {});
    if (!again.ok()) Fail(std::string(again.status().message()));
    if (first.ok()) again->leftovers_swept += first->leftovers_swept;
    return *std::move(again);
  }

  static bool Is(const std::string& message, int error) {
    return absl::EndsWith(message, strerror(error));
  }

  // Whether there are some, and each is of `error`.
  static bool AllFor(const std::vector<std::string>& problems, int error) {
    return !problems.empty() &&
           std::all_of(problems.begin(), problems.end(),
                       [error](const std::string& problem) {
                         return Is(problem, error);
                       });
  }

  void Expect(bool held, const std::string& what) {
    if (held) return;
    fprintf(stderr, "cache_stress: %s\n", what.c_str());
    failed_ = true;
  }

  void CheckEntries(CacheDirectory& cache) {
    const auto listing = ListCache(cache);
    if (!listing.ok()) Fail(std::string(listing.status().message()));
    for (const ListedEntry& entry : listing->entries) {
      const auto bytes = cache.ReadEntry(entry.key);
      Expect(bytes.ok() && IsWhole(entry.key, *bytes),
             entry.key + " is not whole");
    }
  }

  uint64_t TrueBytes(CacheDirectory& cache, const CacheListing& listing) {
    uint64_t bytes = 0;
    for (const ListedEntry& entry : listing.entries) {
      const auto stat = environment_.files->Stat(
          {}, cache.DataPath(entry.key, entry.info.packing),
          SymlinkPolicy::kNoFollow);
      Expect(stat.ok(), entry.key + " has no database");
      if (stat.ok()) bytes += AccountedBytes(stat->size_bytes);
    }
    return bytes;
  }

  // Each process its own.
  PosixMachine machine_;
  const CacheEnvironment environment_;
  CachePlace place_;
  bool failed_ = false;
};

// Whether a cache on a read-only disk is read, and nothing else.
int ReadOnly(const std::string& directory) {
  PosixMachine machine;
  const CacheEnvironment environment = {machine.machine(), kKeptObjects};
  auto opened =
      CacheDirectory::Open(environment, {.path = directory + "/cache"});
  if (!opened.ok()) Fail(std::string(opened.status().message()));
  CacheDirectory& cache = **opened;
  const auto listing = ListCache(cache);
  if (!listing.ok()) Fail(std::string(listing.status().message()));
  size_t loaded = 0;
  for (const ListedEntry& entry : listing->entries) {
    LoadOutcome outcome = cache.Load(entry.key);
    // A packed one has nowhere to be unpacked to.
    const bool packed = entry.info.packing == Packing::kZstd;
    if (outcome.entry.has_value() == packed) {
      Fail(entry.key + ": " + outcome.reason);
    }
    loaded += outcome.entry ? 1 : 0;
  }
  if (!absl::IsUnavailable(cache.Store("key0").status())) Fail("a store");
  if (!absl::IsUnavailable(RunUpkeep(cache, {}).status())) Fail("an upkeep");
  cache.FlushEvents();
  printf("%zu of %zu entries loaded\n", loaded, listing->entries.size());
  return 0;
}

pid_t StartWorker(const std::string& directory, uint64_t seed) {
  const pid_t child = fork();
  if (child != 0) return child;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  Worker(directory, seed).Run();
}

void SetLimits(const std::string& directory) {
  PosixMachine machine;
  const CacheEnvironment environment = {machine.machine(), kKeptObjects};
  auto cache =
      CacheDirectory::Open(environment, {.path = directory + "/cache"});
  if (!cache.ok()) Fail(std::string(cache.status().message()));
  const absl::Status set = (*cache)->SetLimits({.max_bytes = kMaxBytes,
                                                .max_entries = kMaxEntries,
                                                .max_age_ns = std::nullopt});
  if (!set.ok()) Fail(std::string(set.message()));
}

// Keeps `processes` of them alive and kills one now and then. False if one
// has failed.
bool Storm(const std::string& directory, int seconds, int processes,
           uint64_t seed) {
  std::mt19937_64 random(seed);
  std::set<pid_t> workers;
  int killed = 0;
  bool failed = false;
  const auto end =
      std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  while (!failed && std::chrono::steady_clock::now() < end) {
    while (workers.size() < static_cast<size_t>(processes)) {
      workers.insert(StartWorker(directory, random()));
    }
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 10'000));
    kill(*std::next(workers.begin(), random() % processes), SIGKILL);
    ++killed;
    int status = 0;
    for (pid_t child; (child = waitpid(-1, &status, WNOHANG)) > 0;) {
      workers.erase(child);
      failed = failed || (WIFEXITED(status) && WEXITSTATUS(status) != 0) ||
               (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL);
    }
  }
  for (const pid_t worker : workers) kill(worker, SIGKILL);
  for (const pid_t worker : workers) waitpid(worker, nullptr, 0);
  printf("%d processes, %d killed, seed %llu\n", processes, killed,
         static_cast<unsigned long long>(seed));
  return !failed;
}

}  // namespace
}  // namespace finder

int main(int argc, char** argv) {
  if (argc < 2) {
    fprintf(stderr,
            "usage: cache_stress DIRECTORY [SECONDS [PROCESSES [SEED]]]\n");
    return 2;
  }
  const std::string directory = argv[1];
  if (directory == "--read-only" && argc == 3) return finder::ReadOnly(argv[2]);
  const int seconds = argc > 2 ? atoi(argv[2]) : 60;
  const int processes = argc > 3 ? atoi(argv[3]) : 32;
  const uint64_t seed =
      argc > 4 ? strtoull(argv[4], nullptr, 10) : std::random_device()();
  finder::SetLimits(directory);
  const bool stormed = finder::Storm(directory, seconds, processes, seed);
  const int verdict = finder::Verdict(directory).Give();
  return stormed ? verdict : finder::kFailed;
}
