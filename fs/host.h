// Facts about the machine, the process and the user, read once and handed in. A
// plain value; any thread.
#ifndef FINDER_FS_HOST_H_
#define FINDER_FS_HOST_H_

#include <cstdint>
#include <string>
#include <vector>

namespace finder {

struct Host {
  std::string user;      // login name of the effective user, else "uid<N>"
  std::string name;      // host name
  std::string boot_id;   // changes at every boot; empty if unknown
  uint32_t user_id = 0;  // effective
  std::vector<uint32_t> group_ids;  // effective and supplementary
  unsigned processors = 1;      // that this process may run on (affinity, >= 1)
  uint64_t max_open_files = 0;  // soft RLIMIT_NOFILE
  uint64_t max_memory_bytes = UINT64_MAX;  // soft RLIMIT_AS, or UINT64_MAX
};

}  // namespace finder

#endif  // FINDER_FS_HOST_H_
