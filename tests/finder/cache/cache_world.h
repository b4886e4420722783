// A cache on a fake disk, with as many processes as a test wants.
#ifndef FINDER_TESTS_FINDER_CACHE_CACHE_WORLD_H_
#define FINDER_TESTS_FINDER_CACHE_CACHE_WORLD_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "finder/cache/cache_directory.h"
#include "finder/cache/cache_listing.h"
#include "finder/cache/disk/entry_files.h"
#include "finder/cache/entry_publishing.h"
#include "finder/cache/upkeep/upkeep.h"
#include "finder/kept/entry_description.h"
#include "finder/kept/object_kinds.h"
#include "fs/fake/disk/fake_file_system.h"
#include "fs/fake/disk/fake_tree.h"
#include "fs/fake/fake_clock.h"
#include "fs/fake/fake_machine.h"
#include "gtest/gtest.h"

namespace finder {

inline constexpr int64_t kSecondNs = 1'000'000'000;
inline constexpr int64_t kHourNs = 3600 * kSecondNs;
inline constexpr int64_t kDayNs = 24 * kHourNs;
inline constexpr std::string_view kCachePath = "/home/.cache/finder";

// One process: what it opens goes when it does.
class CacheProcess {
 public:
  CacheProcess(FakeTree* tree, FakeClock* clock)
      : machine_(tree, clock), environment_{machine_.machine(), kKeptObjects} {}

  // Another user of the same group.
  void SetUser(uint32_t id) {
    machine_.SetUser(id);
    environment_.host.user_id = id;
  }

  FakeFileSystem& files() { return machine_.files(); }
  FakeMachine& machine() { return machine_; }
  CacheEnvironment& environment() { return environment_; }

  absl::StatusOr<std::unique_ptr<CacheDirectory>> Open(
      const CachePlace& place = {.path = std::string(kCachePath),
                                 .make_parents_below = ""}) {
    return CacheDirectory::Open(environment_, place);
  }

  // Has `cache` hold `bytes` under `key`.
  absl::StatusOr<StoreOutcome> Store(CacheDirectory& cache,
                                     std::string_view key,
                                     std::string_view bytes) {
    absl::StatusOr<PendingEntry> pending = cache.Store(key);
    if (!pending.ok()) return pending.status();
    auto file =
        files().CreateFile(pending->data_path(), cache.file_permissions());
    if (!file.ok()) return CacheError("create", file.error());
    Outcome written = file.value()->Append(bytes);
    if (written.ok()) written = file.value()->Commit();
    if (!written.ok()) return CacheError("write", written.error());
    EntryDescription description;
    description.roots = {"/src"};
    description.view_id = "me@here";
    return pending->Commit(EncodeDescription(description));
  }

  // What a load of `key` finds; "" for a miss.
  std::string Load(CacheDirectory& cache, std::string_view key) {
    LoadOutcome loaded = cache.Load(key);
    if (!loaded.entry) return "";
    auto file =
        files().OpenFile(loaded.entry->data_path(), SymlinkPolicy::kNoFollow);
    if (!file.ok()) return "";
    std::string bytes(size_t{1} << 20, '\0');
    const auto got = file.value()->ReadAt(0, bytes.data(), bytes.size());
    if (!got.ok()) return "";
    bytes.resize(got.value());
    return bytes;
  }

 private:
  FakeMachine machine_;
  CacheEnvironment environment_;
};

// An entry as the disk has it.
struct CacheEntry {
  int64_t last_use_ns = 0;
  uint64_t bytes = 0;           // accounted
  uint64_t database_bytes = 0;  // as they are, packed or not
  bool packed = false;
};
using CacheEntries = std::map<std::string, CacheEntry>;

inline uint64_t SumOf(const CacheEntries& entries) {
  uint64_t bytes = 0;
  for (const auto& [key, entry] : entries) bytes += entry.bytes;
  return bytes;
}

class CacheTest : public testing::Test {
 protected:
  CacheTest() : tree_(&clock_) { tree_.MakeDirectories("/home"); }

  std::unique_ptr<CacheProcess> NewProcess() {
    return std::make_unique<CacheProcess>(&tree_, &clock_);
  }
  // Of another user of the same group.
  std::unique_ptr<CacheProcess> NewProcessOf(uint32_t user_id) {
    auto process = NewProcess();
    process->SetUser(user_id);
    return process;
  }
  // The cache as `process_` sees it, opened anew.
  std::unique_ptr<CacheDirectory> Open() { return Open(*process_); }
  static std::unique_ptr<CacheDirectory> Open(CacheProcess& process) {
    auto cache = process.Open();
    EXPECT_TRUE(cache.ok()) << cache.status();
    return *std::move(cache);
  }
  // Lets the group in, and past the directory above.
  void ShareWithGroup() {
    EXPECT_TRUE(Open()->SetSharing(CacheSharing::kGroup).ok());
    tree_.Chmod("/home/.cache", 0755);
  }
  void Store(CacheDirectory& cache, std::string_view key,
             std::string_view bytes) {
    const auto stored = process_->Store(cache, key, bytes);
    ASSERT_TRUE(stored.ok()) << stored.status();
    ASSERT_EQ(*stored, StoreOutcome::kStored);
  }
  UpkeepReport Upkeep(CacheDirectory& cache, UpkeepOptions options = {}) {
    const auto report = RunUpkeep(cache, options);
    EXPECT_TRUE(report.ok()) << report.status();
    return report.ok() ? *report : UpkeepReport();
  }
  std::vector<std::string> Keys() { return tree_.Names(At("objects")); }
  std::string At(std::string_view name) {
    return std::string(kCachePath) + "/" + std::string(name);
  }
  // By key, without those that a crash has left half made.
  CacheEntries WholeEntries() {
    CacheEntries entries;
    for (const std::string& key : Keys()) {
      const std::string path = At("objects/" + key);
      if (!tree_.Exists(path + "/object.info")) continue;
      CacheEntry& entry = entries[key];
      entry.last_use_ns = tree_.Stat(path + "/object.lock").modified_ns;
      const std::string packed = path + "/data/database.zst";
      const std::string answer = path + "/data/answer";
      entry.packed = tree_.Exists(packed);
      const FileStat database = tree_.Stat(
          entry.packed
              ? packed
              : (tree_.Exists(answer) ? answer : path + "/data/database"));
      entry.bytes = AccountedBytes(database.size_bytes);
      entry.database_bytes = static_cast<uint64_t>(database.size_bytes);
    }
    return entries;
  }
  // What the entries and what is staged take, by the rule of the accounts.
  uint64_t TrueBytes() {
    uint64_t bytes = 0;
    for (const char* part : {"objects", "stage"}) {
      for (const std::string& name : tree_.Names(At(part))) {
        const std::string entry = At(part) + "/" + name;
        for (const char* file :
             {"/data/database", "/data/database.zst", "/data/answer"}) {
          if (tree_.Exists(entry + file)) {
            bytes += AccountedBytes(tree_.Stat(entry + file).size_bytes);
          }
        }
      }
    }
    return bytes;
  }
  uint64_t Accounted(CacheDirectory& cache) {
    const auto summary = Summarize(cache);
    EXPECT_TRUE(summary.ok()) << summary.status();
    return summary.ok() ? summary->bytes : 0;
  }

  FakeClock clock_;
  FakeTree tree_;
  std::unique_ptr<CacheProcess> process_ =
      std::make_unique<CacheProcess>(&tree_, &clock_);
};

}  // namespace finder

#endif  // FINDER_TESTS_FINDER_CACHE_CACHE_WORLD_H_
