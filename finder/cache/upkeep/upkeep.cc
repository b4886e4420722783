#include "finder/cache/upkeep/upkeep.h"

#include <errno.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "finder/cache/cache_listing.h"
#include "finder/cache/disk/entry_files.h"
#include "finder/cache/entry_removal.h"
#include "finder/cache/entry_repacking.h"
#include "finder/cache/upkeep/eviction.h"
#include "finder/cache/upkeep/recount.h"
#include "finder/cache/upkeep/task_lock.h"

namespace finder {
namespace {

// Of a smaller object packing would spare some blocks of the disk.
constexpr uint64_t kMinPackedBytes = uint64_t{64} << 10;

class Upkeep {
 public:
  Upkeep(CacheDirectory& cache, const UpkeepOptions& options)
      : cache_(cache),
        options_(options),
        environment_(cache.environment()),
        now_ns_(environment_.clock->RealtimeNs()) {}

  absl::StatusOr<UpkeepReport> Run() {
    absl::StatusOr<TaskLock> lock = TaskLock::Take(cache_);
    if (!lock.ok()) return lock.status();
    if (!lock->taken()) {
      report_.skipped = true;
      return report_;
    }
    const absl::StatusOr<CacheSummary> before = Summarize(cache_);
    if (!before.ok()) return before.status();
    report_.bytes_before = before->bytes;
    absl::StatusOr<CacheListing> listing = ListCache(cache_);
    if (!listing.ok()) return listing.status();
    Sweep(*listing);
    Evict(listing->entries);
    if (options_.pack) Pack(listing->entries);
    const absl::StatusOr<AccountedSize> after = Recount(cache_);
    if (!after.ok()) return after.status();
    report_.bytes_after = after->bytes;
    report_.entries_after = after->entries;
    report_.unknown.insert(report_.unknown.end(), listing->unknown.begin(),
                           listing->unknown.end());
    std::sort(report_.unknown.begin(), report_.unknown.end());
    AddUpEvents();
    return report_;
  }

 private:
  void Problem(const absl::Status& status) {
    report_.problems.emplace_back(status.message());
  }

  void Sweep(const CacheListing& listing) {
    for (const std::string& name : listing.staged) {
      const std::string path =
          absl::StrCat(cache_.layout().Of(kStageName), "/", name);
      const Result<SweepOutcome> swept = SweepStaged(environment_, path);
      if (!swept.ok()) {
        Problem(CacheError(path, swept.error()));
      } else if (swept.value() == SweepOutcome::kSwept) {
        ++report_.leftovers_swept;
      } else if (swept.value() == SweepOutcome::kForeign) {
        report_.unknown.push_back(std::string(kStageName) + "/" + name);
      }
    }
    RemovalBatch batch(&cache_);
    for (const std::string& key : listing.incomplete) {
      // It may have been removed, or completed, by now.
      const absl::StatusOr<RemoveOutcome> removed = batch.RemoveIncomplete(key);
      if (!removed.ok()) {
        Problem(removed.status());
      } else if (*removed == RemoveOutcome::kRemoved) {
        ++report_.leftovers_swept;
      }
    }
  }

  void Evict(std::vector<ListedEntry>& entries) {
    std::vector<EvictionCandidate> candidates;
    for (size_t index = 0; index < entries.size(); ++index) {
      const ListedEntry& entry = entries[index];
      candidates.push_back({.index = index,
                            .bytes = entry.info.accounted_bytes,
                            .last_use_ns = entry.last_use_ns,
                            .goes_last = entry.kind.goes_last});
    }
    const EvictionPlan plan =
        PlanEviction(candidates, cache_.info().limits, now_ns_);
    std::vector<bool> gone(entries.size());
    RemovalBatch batch(&cache_);
    for (const EvictionCandidate& one : plan.by_age) {
      if (!Remove(batch, entries[one.index], one)) continue;
      gone[one.index] = true;
      ++report_.evicted_by_age;
    }
    uint64_t freed_bytes = 0;
    uint64_t freed_entries = 0;
    for (const EvictionCandidate& one : plan.by_use) {
      if (freed_bytes >= plan.bytes_to_free &&
          freed_entries >= plan.entries_to_free) {
        break;
      }
      if (!Remove(batch, entries[one.index], one)) continue;
      gone[one.index] = true;
      ++report_.evicted_by_size;
      freed_bytes += one.bytes;
      ++freed_entries;
    }
    size_t kept = 0;
    for (size_t index = 0; index < entries.size(); ++index) {
      if (gone[index]) continue;
      if (kept != index) entries[kept] = std::move(entries[index]);
      ++kept;
    }
    entries.resize(kept);
  }

  bool Remove(RemovalBatch& batch, const ListedEntry& entry,
              const EvictionCandidate& as_seen) {
    const absl::StatusOr<RemoveOutcome> removed =
        batch.Remove(entry.key, as_seen.last_use_ns);
    if (!removed.ok()) {
      Problem(removed.status());
      return false;
    }
    if (*removed == RemoveOutcome::kInUse) {
      ++report_.kept_in_use;
      return false;
    }
    cache_.events().Push(CacheEvent::kEvicted);
    return true;
  }

  void Pack(const std::vector<ListedEntry>& entries) {
    for (const ListedEntry& entry : entries) {
      if (!entry.kind.packs || entry.info.packing != Packing::kPlain ||
          entry.info.data_bytes < kMinPackedBytes ||
          entry.last_use_ns > now_ns_ - options_.pack_after_ns) {
        continue;
      }
      const absl::StatusOr<bool> packed = PackEntry(cache_, entry);
      if (!packed.ok()) {
        Problem(packed.status());
      } else if (*packed) {
        NotePacked(entry);
      }
    }
  }

  void NotePacked(const ListedEntry& entry) {
    ++report_.packed;
    const absl::StatusOr<ListedEntry> now = ListEntry(cache_, entry.key);
    if (now.ok() && now->info.accounted_bytes < entry.info.accounted_bytes) {
      report_.packed_bytes_saved +=
          entry.info.accounted_bytes - now->info.accounted_bytes;
    }
  }

  // Makes one line of the statistics. What is written just now is lost.
  void AddUpEvents() {
    cache_.FlushEvents();
    const absl::StatusOr<CacheSummary> summary = Summarize(cache_);
    if (!summary.ok()) return;
    CacheStatistics statistics = summary->statistics;
    if (statistics.since_ns == 0) statistics.since_ns = now_ns_;
    const Outcome replaced =
        ReplaceFile(environment_, cache_.layout(), cache_.info().sharing,
                    kEventLogName, EncodeStatistics(statistics));
    if (!replaced.ok()) {
      Problem(CacheError(cache_.layout().Of(kEventLogName), replaced.error()));
    }
  }

  CacheDirectory& cache_;
  const UpkeepOptions& options_;
  const CacheEnvironment& environment_;
  const int64_t now_ns_;
  UpkeepReport report_;
};

}  // namespace

absl::StatusOr<UpkeepReport> RunUpkeep(CacheDirectory& cache,
                                       const UpkeepOptions& options) {
  return Upkeep(cache, options).Run();
}

}  // namespace finder
