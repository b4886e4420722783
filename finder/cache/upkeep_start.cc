// When upkeep starts by itself.
#include <string>
#include <vector>

#include "finder/cache/task_lock.h"
#include "finder/cache/upkeep.h"

namespace finder {

UpkeepStart StartUpkeepIfDue(CacheDirectory& cache,
                             BackgroundProcesses& processes) {
  const int64_t interval_ns =
      cache.overfull() ? kOverfullIntervalNs : kUpkeepIntervalNs;
  if (!TaskLock::ClaimIfDue(cache, interval_ns)) return UpkeepStart::kNotDue;
  const std::vector<std::string> arguments = {"cache", "gc", "--background",
                                              "--cache-dir", cache.path()};
  return processes.StartSelf(arguments).ok() ? UpkeepStart::kStarted
                                             : UpkeepStart::kFailed;
}

}  // namespace finder
