#include "finder/cache/pending_entry.h"

#include <string>
#include <utility>

#include "finder/cache/cache_directory.h"
#include "finder/cache/entry_publishing.h"

namespace finder {

PendingEntry::PendingEntry(CacheDirectory* cache, std::string key,
                           StageArea area)
    : cache_(cache), key_(std::move(key)), area_(std::move(area)) {}

std::string PendingEntry::database_path() const {
  return area_.path() + "/" + std::string(kDatabaseName);
}

absl::StatusOr<StoreOutcome> PendingEntry::Commit(
    const EntryDescription& description) {
  PublishRequest request;
  request.info.key = key_;
  request.info.created_ns = cache_->environment().clock->RealtimeNs();
  request.info.description = description;
  absl::StatusOr<StoreOutcome> stored = Publish(std::move(request));
  cache_->events().Push(stored.ok() && *stored == StoreOutcome::kStored
                            ? CacheEvent::kStored
                            : CacheEvent::kSkipped);
  return stored;
}

absl::StatusOr<StoreOutcome> PendingEntry::Publish(PublishRequest request) {
  return PublishEntry(*cache_, area_, std::move(request));
}

}  // namespace finder
