// How this program is told to do what upkeep starts by itself.
#ifndef FINDER_CMD_UPKEEP_COMMAND_H_
#define FINDER_CMD_UPKEEP_COMMAND_H_

#include <string>
#include <vector>

namespace finder {

// Behind the program's own name. `cache_path` is absolute: upkeep runs in "/".
inline std::vector<std::string> UpkeepArguments(const std::string& cache_path) {
  return {"cache", "gc", "--background", "--cache-dir", cache_path};
}

}  // namespace finder

#endif  // FINDER_CMD_UPKEEP_COMMAND_H_
