// Results of commands in the shared cache directory (finder/cache/): entries
// like all others, with its locks, limits and upkeep.
//
//   ResultStore store(cache, OutsideOutputs::kRefused);
//   std::optional<StoredResult> hit = store.Find(key);
//   if (!hit) {
//     RunLock lock = store.LockRun(key, kRunWaitNs);   // waits for the others
//     hit = store.Find(key);                           // which may have run it
//   }
//   if (hit && hit->Check(hashes).ok()) { ... replay ...; hit->Release(); }
//   else { ... run ...; store.Put(key, record, ingredients, payloads); }
//
// Nothing here makes a run fail: what cannot be read is a miss, and an entry
// that is damaged goes.
//
// Thread-compatible. What is returned must not outlive the cache.
#ifndef FINDER_FINDER_RESULTS_RESULT_STORE_H_
#define FINDER_FINDER_RESULTS_RESULT_STORE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "finder/cache/cache_directory.h"
#include "finder/cache/exclusive_entry.h"
#include "finder/results/hashes/content_hash.h"
#include "finder/results/hashes/file_hashes.h"
#include "finder/results/payload.h"
#include "finder/results/result_key.h"
#include "finder/results/result_record.h"

namespace finder {

// A result that was found. While it lives, its entry is not removed.
class StoredResult {
 public:
  StoredResult(StoredResult&&) = default;

  const ResultKey& key() const { return key_; }
  const ResultRecord& record() const { return record_; }
  // For --explain and `show`; decoded anew.
  absl::StatusOr<RecordedIngredients> ReadIngredients() const;
  uint64_t uses() const { return entry_.uses(); }

  // Of payload i, below record().payloads(). All files are there, and have
  // their sizes.
  const PayloadPlace& payload(size_t i) const { return places_[i]; }

  // Whether each payload of these indexes has the hash that the record says;
  // those in a file of their own are read only if `hashes` does not know them.
  // DataLoss if one has not. To be asked before anything is restored.
  absl::Status Check(FileHashes& hashes, const std::vector<size_t>& which);

  // The bytes of a payload. DataLoss if it has not the hash of the record.
  absl::StatusOr<std::string> ReadPayload(size_t i) const;
  // The same in pieces, for one of any size: what was handed on before DataLoss
  // must be dropped.
  absl::Status CopyPayload(
      size_t i,
      const std::function<absl::Status(std::string_view)>& consume) const;

  // Notes the use. Else the destructor does.
  void Release() { entry_.Release(); }

 private:
  friend class ResultStore;
  StoredResult(CacheDirectory* cache, ResultKey key, LoadedEntry entry,
               ResultRecord record, std::vector<PayloadPlace> places);

  CacheDirectory* cache_;
  ResultKey key_;
  LoadedEntry entry_;
  ResultRecord record_;
  std::vector<PayloadPlace> places_;
  std::vector<ContentHash> hashes_;  // of payload i
};

// While it lives, no other process runs the same.
class RunLock {
 public:
  RunLock() = default;  // holds nothing
  explicit RunLock(ExclusiveEntry entry) : entry_(std::move(entry)) {}
  // False: another held it for too long, or the disk forbids it. The command
  // runs all the same.
  bool held() const { return entry_.has_value(); }
  void Release() { entry_.reset(); }

 private:
  std::optional<ExclusiveEntry> entry_;
};

// What a command of a first key depends on beside what was declared.
struct DiscoveredInputs {
  // Whether all hold what they held when a result was kept: then that is found
  // under WithDiscovered(first, inputs).
  bool match = false;
  // As they are now; if none match, those found last, for an explanation.
  std::vector<KeyInput> inputs;
};

// A command with more sets of inputs than this is not one that depfiles help.
inline constexpr size_t kMaxDiscoveredSets = 16;

// How long the same command is waited for, before it is run a second time.
inline constexpr int64_t kRunWaitNs = int64_t{600} * 1'000'000'000;

class ResultStore {
 public:
  ResultStore(CacheDirectory& cache, OutsideOutputs outside)
      : cache_(cache), outside_(outside) {}

  // None if there is none, or none that is whole; one that is damaged is
  // removed. `why`, if not null, is told the reason.
  std::optional<StoredResult> Find(const ResultKey& key,
                                   std::string* why = nullptr);
  // Removes one that turned out to be damaged.
  void Discard(StoredResult result);

  // Stores a result, or replaces it; record.key is set here. `payloads` are
  // record.payloads() many. FailedPrecondition if one is not what the record
  // says any more: of another size, or, where it is read here, of another hash.
  // `copy` is used for large files; null: they are read and written. That a
  // clone has the right contents is known when it is restored.
  absl::StatusOr<StoreOutcome> Put(const ResultKey& key, ResultRecord record,
                                   const RecordedIngredients& ingredients,
                                   const std::vector<PayloadSource>& payloads,
                                   const FileCopier& copy = nullptr);

  // Waits until no other process runs the command of this key, `wait_ns` at
  // most.
  RunLock LockRun(const ResultKey& key, int64_t wait_ns);

  // Which of the inputs that a command of this first key was found to have
  // (--depfile) hold what they held then. None known: no inputs, no match.
  DiscoveredInputs FindDiscovered(const ResultKey& first, FileHashes& hashes);
  // Adds what was found, in place of an equal one or of the oldest.
  absl::Status AddDiscovered(const ResultKey& first,
                             const std::vector<KeyInput>& inputs);

  // The key of the last kept result of the same command (CommandKey).
  std::optional<ResultKey> FindLast(const ResultKey& command);
  absl::Status NoteLast(const ResultKey& command, const ResultKey& key);

  // What FileHashes has kept of earlier runs in this directory, and what it is
  // to keep. Hashes lost are files read again.
  std::string ReadHashes(std::string_view directory);
  absl::Status WriteHashes(std::string_view directory, std::string_view text);

 private:
  void Remove(const ResultKey& key);

  CacheDirectory& cache_;
  const OutsideOutputs outside_;
};

}  // namespace finder

#endif  // FINDER_FINDER_RESULTS_RESULT_STORE_H_
