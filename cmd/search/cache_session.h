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

#include <cstdint>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "cmd/search/cache_location.h"
#include "finder/cache/cache_info.h"
#include "finder/cache/loaded_entry.h"
#include "finder/facade/finder.h"
#include "finder/view/view.h"
#include "fs/background_process.h"
#include "fs/host.h"

namespace finder {

// What an entry says of the view whose facts it holds.
EntryDescription DescribeEntry(const View& view, const CacheLocation& location,
                               const Host& host,
                               const std::string& working_directory);

// Whether a failure to store ends up in front of the user.
enum class StoreFailures : uint8_t { kReported, kDropped };

class CacheSession {
 public:
  // Locks the entry, if there is one and the run reads it. Both must outlive
  // this.
  CacheSession(const CacheLocation* location, BackgroundProcesses* processes);
  CacheSession(const CacheSession&) = delete;
  CacheSession& operator=(const CacheSession&) = delete;
  // Notes the use and the statistics, and starts upkeep if that is due.
  ~CacheSession();

  // Replaces the entry by what `write` writes, see StoreDatabase. The counts of
  // `description` are filled in.
  absl::StatusOr<bool> Store(WriteDatabase write, EntryDescription description,
                             StoreFailures failures);

 private:
  absl::StatusOr<bool> Replace(WriteDatabase write,
                               EntryDescription description);

  const CacheLocation& location_;
  BackgroundProcesses* const processes_;
  std::optional<LoadedEntry> loaded_;
};

}  // namespace finder

#endif  // FINDER_CMD_SEARCH_CACHE_SESSION_H_
