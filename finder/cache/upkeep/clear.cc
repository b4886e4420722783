// Emptying a cache.
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "finder/cache/cache_listing.h"
#include "finder/cache/disk/entry_files.h"
#include "finder/cache/entry_removal.h"
#include "finder/cache/upkeep/recount.h"
#include "finder/cache/upkeep/upkeep.h"

namespace finder {
namespace {

void Problem(const absl::Status& status, ClearReport& report) {
  report.problems.emplace_back(status.message());
}

void RemoveEntry(RemovalBatch& batch, const std::string& key, bool complete,
                 ClearReport& report) {
  const absl::StatusOr<RemoveOutcome> removed = batch.Remove(key);
  if (!removed.ok()) return Problem(removed.status(), report);
  if (*removed == RemoveOutcome::kInUse) ++report.kept_in_use;
  if (*removed == RemoveOutcome::kRemoved && complete) ++report.removed;
}

}  // namespace

absl::StatusOr<ClearReport> ClearCache(CacheDirectory& cache) {
  absl::StatusOr<CacheListing> listing = ListCache(cache);
  if (!listing.ok()) return listing.status();
  ClearReport report;
  {
    RemovalBatch batch(&cache);
    for (const ListedEntry& entry : listing->entries) {
      RemoveEntry(batch, entry.key, /*complete=*/true, report);
    }
    for (const std::string& key : listing->incomplete) {
      RemoveEntry(batch, key, /*complete=*/false, report);
    }
  }
  for (const std::string& name : listing->staged) {
    const std::string path =
        absl::StrCat(cache.layout().Of(kStageName), "/", name);
    const Result<SweepOutcome> swept = SweepStaged(cache.environment(), path);
    if (!swept.ok()) {
      Problem(CacheError(path, swept.error()), report);
    } else if (swept.value() == SweepOutcome::kForeign) {
      report.unknown.push_back(std::string(kStageName) + "/" + name);
    }
  }
  report.unknown.insert(report.unknown.end(), listing->unknown.begin(),
                        listing->unknown.end());
  const absl::StatusOr<AccountedSize> after = Recount(cache);
  if (!after.ok()) Problem(after.status(), report);
  return report;
}

}  // namespace finder
