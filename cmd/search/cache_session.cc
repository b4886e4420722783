#include "cmd/search/cache_session.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "cmd/output/view_text.h"
#include "cmd/upkeep_command.h"
#include "cmd/version.h"
#include "finder/cache/upkeep/upkeep.h"
#include "finder/facade/database_key.h"
#include "finder/text/abseil_view.h"
#include "fs/path.h"

namespace finder {

EntryDescription DescribeEntry(const View& view, const CacheLocation& location,
                               const Host& host,
                               const std::string& working_directory) {
  EntryDescription description;
  for (const std::string& root : view.roots) {
    description.roots.push_back(AbsolutePath(root, working_directory));
  }
  if (view.roots.empty()) description.roots.push_back(working_directory);
  description.view_id =
      location.view_id.empty() ? DefaultViewId(host) : location.view_id;
  description.view = ViewText(view);
  description.writer = absl::StrCat("finder ", Abseil(kVersion));
  return description;
}

CacheSession::CacheSession(const CacheLocation* location,
                           BackgroundProcesses* processes)
    : location_(*location), processes_(processes) {
  const bool reads = location_.cache != nullptr && !location_.imported &&
                     location_.use == CacheUse::kUse;
  if (reads) loaded_ = location_.cache->Load(location_.key).entry;
}

absl::StatusOr<std::optional<PendingEntry>> CacheSession::NewEntry() {
  // The wider entry has gone meanwhile; what is known is no substitute.
  if (location_.wider && !loaded_) return std::optional<PendingEntry>();
  absl::StatusOr<PendingEntry> entry = location_.cache->Store(location_.key);
  if (!entry.ok()) return entry.status();
  return std::optional<PendingEntry>(*std::move(entry));
}

absl::StatusOr<bool> CacheSession::Commit(PendingEntry& entry,
                                          const EntryDescription& description) {
  // Else the commit would leave the old entry to upkeep.
  if (loaded_) loaded_->Release();
  const absl::StatusOr<StoreOutcome> outcome =
      entry.Commit(EncodeDescription(description));
  if (!outcome.ok()) return outcome.status();
  return *outcome == StoreOutcome::kStored;
}

void CacheSession::End() {
  if (location_.cache == nullptr) return;
  if (loaded_) loaded_->Release();
  location_.cache->FlushEvents();
  StartUpkeepIfDue(*location_.cache, *processes_,
                   UpkeepArguments(location_.cache->path()));
}

}  // namespace finder
