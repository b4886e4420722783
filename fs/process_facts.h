// What a process hands on to those that it starts. A plain value; any thread.
#ifndef FINDER_FS_PROCESS_FACTS_H_
#define FINDER_FS_PROCESS_FACTS_H_

#include <cstdint>
#include <string>
#include <vector>

namespace finder {

struct ProcessFacts {
  std::vector<std::string> environment;  // "NAME=value"
  uint32_t umask = 0;
};

}  // namespace finder

#endif  // FINDER_FS_PROCESS_FACTS_H_
