// When upkeep starts by itself.
#include <string>
#include <vector>

#include "finder/cache/upkeep/task_lock.h"
#include "finder/cache/upkeep/upkeep.h"

namespace finder {

UpkeepStart StartUpkeepIfDue(CacheDirectory& cache,
                             BackgroundProcesses& processes,
                             const std::vector<std::string>& arguments) {
  const int64_t interval_ns =
      cache.overfull() ? kOverfullIntervalNs : kUpkeepIntervalNs;
  if (!TaskLock::ClaimIfDue(cache, interval_ns)) return UpkeepStart::kNotDue;
  return processes.StartSelf(arguments).ok() ? UpkeepStart::kStarted
                                             : UpkeepStart::kFailed;
}

}  // namespace finder
