// How entries go. Not for users of the cache, who have CacheDirectory.
//
// Thread-compatible.
#ifndef FINDER_FINDER_CACHE_ENTRY_REMOVAL_H_
#define FINDER_FINDER_CACHE_ENTRY_REMOVAL_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "finder/cache/cache_directory.h"
#include "finder/cache/disk/file_lock.h"
#include "finder/cache/disk/stage_area.h"

namespace finder {

// Removes entries one by one, and accounts for all together when it is
// destroyed. An entry vanishes in one step, into an area in stage/.
class RemovalBatch {
 public:
  explicit RemovalBatch(CacheDirectory* cache) : cache_(*cache) {}
  ~RemovalBatch() { Finish(); }
  RemovalBatch(const RemovalBatch&) = delete;
  RemovalBatch& operator=(const RemovalBatch&) = delete;

  // kInUse also if it has been used after `unless_used_after_ns`.
  absl::StatusOr<RemoveOutcome> Remove(
      std::string_view key,
      std::optional<int64_t> unless_used_after_ns = std::nullopt);

  // The same for what is no whole entry: kInUse if it has become one.
  absl::StatusOr<RemoveOutcome> RemoveIncomplete(std::string_view key);

  void Finish();

 private:
  // `keep` says whether the entry, now locked, is to stay.
  absl::StatusOr<RemoveOutcome> RemoveUnless(
      std::string_view key,
      absl::FunctionRef<bool(const LockedFile& lock)> keep);

  RemoveOutcome RemoveBare(std::string_view key, const std::string& entry);

  CacheDirectory& cache_;
  std::optional<StageArea> area_;
  int64_t removed_bytes_ = 0;
  int64_t removed_entries_ = 0;
};

}  // namespace finder

#endif  // FINDER_FINDER_CACHE_ENTRY_REMOVAL_H_
