// A run's use of its entry of the shared cache directory: locked while the run
// reads it, replaced when facts changed, noted as used in the end. Does nothing
// for a database named by --db, or without one.
//
// An entry whose lock is taken is read all the same, without it, which costs at
// worst a cold run; doc/cache_directory.md, "Races", says why.
//
// One thread.
#ifndef FINDER_CMD_SEARCH_CACHE_SESSION_H_
#define FINDER_CMD_SEARCH_CACHE_SESSION_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "cmd/search/cache_location.h"
#include "finder/cache/disk/cache_info.h"
#include "finder/cache/loaded_entry.h"
#include "finder/cache/pending_entry.h"
#include "finder/facade/finder.h"
#include "finder/kept/entry_description.h"
#include "finder/view/view.h"
#include "fs/background_process.h"
#include "fs/host.h"

namespace finder {

// What an entry says of the view whose facts it holds.
EntryDescription DescribeEntry(const View& view, const CacheLocation& location,
                               const Host& host,
                               const std::string& working_directory);

class CacheSession {
 public:
  // Locks the entry, if there is one and the run reads it. Both must outlive
  // this.
  CacheSession(const CacheLocation* location, BackgroundProcesses* processes);
  CacheSession(const CacheSession&) = delete;
  CacheSession& operator=(const CacheSession&) = delete;

  // An entry to write what is known into, and then to commit; none if nothing
  // is to be stored.
  absl::StatusOr<std::optional<PendingEntry>> NewEntry();
  // Makes it the run's entry. False if the cache had no room for it, or another
  // was at it.
  absl::StatusOr<bool> Commit(PendingEntry& entry,
                              const EntryDescription& description);

  // The end of a run: notes the use and the statistics, and starts upkeep if
  // that is due. Without it the use is noted all the same.
  void End();

 private:
  const CacheLocation& location_;
  BackgroundProcesses* const processes_;
  std::optional<LoadedEntry> loaded_;
};

}  // namespace finder

#endif  // FINDER_CMD_SEARCH_CACHE_SESSION_H_
