#include "finder/cache/pending_entry.h"

#include <string>
#include <utility>

#include "finder/cache/cache_directory.h"

namespace finder {

PendingEntry::PendingEntry(CacheDirectory* cache, std::string key,
                           StageArea area)
    : cache_(cache), key_(std::move(key)), area_(std::move(area)) {}

std::string PendingEntry::data_path() const {
  return area_.path() + "/" + DataName(cache_->KindOf(key_), Packing::kPlain);
}

std::string PendingEntry::part_path(size_t number) const {
  return area_.path() + "/" + PartName(number);
}

absl::StatusOr<StoreOutcome> PendingEntry::Commit(
    ObjectDescription description) {
  PublishRequest request;
  request.info.key = key_;
  request.info.created_ns = cache_->environment().clock->RealtimeNs();
  request.info.description = std::move(description);
  absl::StatusOr<StoreOutcome> stored =
      PublishEntry(*cache_, area_, std::move(request));
  cache_->events().Push(stored.ok() && *stored == StoreOutcome::kStored
                            ? CacheEvent::kStored
                            : CacheEvent::kSkipped);
  return stored;
}

}  // namespace finder
