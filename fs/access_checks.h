// What the user who started the program may do with a file, by the kernel's own
// word, which knows of ACLs and read-only mounts.
//
// Thread-safe.
#ifndef FINDER_FS_ACCESS_CHECKS_H_
#define FINDER_FS_ACCESS_CHECKS_H_

#include <cstdint>
#include <string_view>

namespace finder {

enum class AccessKind : uint8_t { kRead, kWrite, kExecute };

class AccessChecks {
 public:
  virtual ~AccessChecks() = default;
  // Follows symlinks. `path` may be longer than PATH_MAX. False also if there
  // is nothing at `path`.
  virtual bool MayAccess(std::string_view path, AccessKind kind) = 0;
};

}  // namespace finder

#endif  // FINDER_FS_ACCESS_CHECKS_H_
