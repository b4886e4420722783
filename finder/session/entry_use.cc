#include "finder/session/entry_use.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "finder/cache/upkeep/upkeep.h"
#include "finder/session/view_text.h"
#include "finder/text/abseil_view.h"
#include "fs/path.h"

namespace finder {

EntryDescription DescribeEntry(const View& view, const EntryChoice& choice,
                               const Machine& machine,
                               const std::string& writer) {
  EntryDescription description;
  for (const std::string& root : view.roots) {
    description.roots.push_back(AbsolutePath(root, machine.working_directory));
  }
  if (view.roots.empty()) {
    description.roots.push_back(machine.working_directory);
  }
  description.view_id = ViewIdOf(choice, machine);
  description.view = ViewText(view);
  description.writer = writer;
  return description;
}

EntryUse::EntryUse(const EntryChoice* choice) : choice_(*choice) {
  const bool reads = choice_.cache != nullptr && !choice_.imported &&
                     choice_.use == CacheUse::kUse;
  if (reads) loaded_ = choice_.cache->Load(choice_.key).entry;
}

absl::StatusOr<std::optional<PendingEntry>> EntryUse::NewEntry() {
  // The wider entry has gone meanwhile; what is known is no substitute.
  if (choice_.wider && !loaded_) return std::optional<PendingEntry>();
  absl::StatusOr<PendingEntry> entry = choice_.cache->Store(choice_.key);
  if (!entry.ok()) return entry.status();
  return std::optional<PendingEntry>(*std::move(entry));
}

absl::StatusOr<bool> EntryUse::Commit(PendingEntry& entry,
                                      const EntryDescription& description) {
  // Else the commit would leave the old entry to upkeep.
  if (loaded_) loaded_->Release();
  const absl::StatusOr<StoreOutcome> outcome =
      entry.Commit(EncodeDescription(description));
  if (!outcome.ok()) return outcome.status();
  return *outcome == StoreOutcome::kStored;
}

void EntryUse::End(BackgroundProcesses* processes, UpkeepCommand upkeep) {
  if (choice_.cache == nullptr) return;
  if (loaded_) loaded_->Release();
  choice_.cache->FlushEvents();
  if (upkeep == nullptr) return;
  StartUpkeepIfDue(*choice_.cache, *processes, upkeep(choice_.cache->path()));
}

}  // namespace finder
