// A run's use of its entry of the shared cache directory: locked while the run
// reads it, replaced when facts changed, noted as used in the end. Does nothing
// for a database named by --db, or without one.
//
// An entry whose lock is taken is read all the same, without it, which costs at
// worst a cold run; doc/cache_directory.md, "Races", says why.
//
// One thread.
#ifndef FINDER_FINDER_SESSION_ENTRY_USE_H_
#define FINDER_FINDER_SESSION_ENTRY_USE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "finder/cache/disk/cache_info.h"
#include "finder/cache/loaded_entry.h"
#include "finder/cache/pending_entry.h"
#include "finder/facade/finder.h"
#include "finder/kept/entry_description.h"
#include "finder/session/entry_choice.h"
#include "finder/view/view.h"
#include "fs/background_process.h"
#include "fs/machine.h"

namespace finder {

// What an entry says of the view whose facts it holds.
// `writer` is the program: "finder 0.1.0".
EntryDescription DescribeEntry(const View& view, const EntryChoice& choice,
                               const Machine& machine,
                               const std::string& writer);

// What this program is to be called with, to do the upkeep of the cache at an
// absolute path. It is run in "/".
using UpkeepCommand = std::vector<std::string> (*)(const std::string& path);

class EntryUse {
 public:
  // Locks the entry, if there is one and the run reads it. `choice` must
  // outlive this.
  explicit EntryUse(const EntryChoice* choice);
  EntryUse(const EntryUse&) = delete;
  EntryUse& operator=(const EntryUse&) = delete;

  // An entry to write what is known into, and then to commit; none if nothing
  // is to be stored.
  absl::StatusOr<std::optional<PendingEntry>> NewEntry();
  // Makes it the run's entry. False if the cache had no room for it, or another
  // was at it.
  absl::StatusOr<bool> Commit(PendingEntry& entry,
                              const EntryDescription& description);

  // The end of a run: notes the use and the statistics, and starts upkeep if
  // that is due and `upkeep` is not null. Without it the use is noted all the
  // same.
  void End(BackgroundProcesses* processes, UpkeepCommand upkeep);

 private:
  const EntryChoice& choice_;
  std::optional<LoadedEntry> loaded_;
};

}  // namespace finder

#endif  // FINDER_FINDER_SESSION_ENTRY_USE_H_
