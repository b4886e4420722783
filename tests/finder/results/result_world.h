// A cache on a fake disk, with results of commands in it.
#ifndef FINDER_TESTS_FINDER_RESULTS_RESULT_WORLD_H_
#define FINDER_TESTS_FINDER_RESULTS_RESULT_WORLD_H_

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "finder/results/result_store.h"
#include "finder/threads/thread_pool.h"
#include "tests/finder/cache/cache_world.h"

namespace finder {

// A result with small payloads and a large one.
struct SampleResult {
  ResultRecord record;
  std::vector<PayloadSource> payloads;

  void AddFile(const std::string& path, const std::string& bytes) {
    record.outputs.push_back({.path = path,
                              .kind = OutputKind::kFile,
                              .permissions = 0644,
                              .size_bytes = bytes.size(),
                              .hash = HashOf(bytes)});
    payloads.push_back({.bytes = bytes, .path = ""});
  }
};

inline SampleResult MakeResult(const std::string& printed = "hello\n") {
  SampleResult result;
  result.record.command = {"protoc", "a.proto"};
  result.record.directory = "/src";
  if (!printed.empty()) {
    result.record.chunks = {{PrintedStream::kStdout, printed.size()}};
  }
  result.record.printed_hash = HashOf(printed);
  result.payloads = {{.bytes = printed, .path = ""}};
  result.AddFile("a.h", "header of " + printed);
  result.AddFile("b.large", std::string(100'000, 'b') + printed);
  result.AddFile("c.empty", "");
  result.AddFile("d.cc", "source");
  return result;
}

class ResultTest : public CacheTest {
 protected:
  ResultTest() : cache_(Open()), store_(*cache_, OutsideOutputs::kRefused) {}

  static ResultKey Key(char digit = 'a') {
    return ResultKey{std::string(48, digit)};
  }
  std::string EntryPath(char digit = 'a') {
    return At("objects/result-" + Key(digit).digits);
  }
  absl::StatusOr<StoreOutcome> TryPut(ResultStore& store,
                                      const SampleResult& result,
                                      const ResultKey& key = Key()) {
    return store.Put(key, result.record, ingredients_, result.payloads);
  }
  void Put(const SampleResult& result, const ResultKey& key = Key()) {
    const auto stored = TryPut(store_, result, key);
    ASSERT_TRUE(stored.ok()) << stored.status();
    ASSERT_EQ(*stored, StoreOutcome::kStored);
  }
  // Whether there is this result, whole.
  static bool Has(ResultStore& store, const SampleResult& result,
                  const ResultKey& key = Key()) {
    std::optional<StoredResult> found = store.Find(key);
    if (!found) return false;
    ResultRecord record = found->record();
    record.key.clear();
    EXPECT_EQ(record, result.record);
    for (size_t i = 0; i < result.payloads.size(); ++i) {
      const auto bytes = found->ReadPayload(i);
      EXPECT_TRUE(bytes.ok()) << bytes.status();
      if (!bytes.ok() || *bytes != result.payloads[i].bytes) return false;
    }
    return true;
  }
  // Nothing is left but whole entries, and they are accounted for.
  void ExpectTidyAfterUpkeep() {
    auto cache = Open();
    Upkeep(*cache);
    EXPECT_TRUE(tree_.Names(At("stage")).empty());
    const auto listing = ListCache(*cache);
    ASSERT_TRUE(listing.ok());
    EXPECT_TRUE(listing->incomplete.empty());
    EXPECT_TRUE(listing->unknown.empty());
    EXPECT_EQ(Accounted(*cache), listing->accounted_bytes);
  }
  FileHashes NewHashes() {
    return FileHashes(process_->files(), clock_, process_->environment().host,
                      pool_, "");
  }
  // Every file below a directory.
  std::vector<std::string> FilesBelow(const std::string& path) {
    std::vector<std::string> files;
    for (const std::string& name : tree_.Names(path)) {
      const std::string child = path + "/" + name;
      if (tree_.Stat(child).kind != EntryKind::kDirectory) {
        files.push_back(child);
        continue;
      }
      const std::vector<std::string> below = FilesBelow(child);
      files.insert(files.end(), below.begin(), below.end());
    }
    return files;
  }

  ThreadPool pool_{2};
  std::unique_ptr<CacheDirectory> cache_;
  ResultStore store_;
  RecordedIngredients ingredients_;
};

}  // namespace finder

#endif  // FINDER_TESTS_FINDER_RESULTS_RESULT_WORLD_H_
