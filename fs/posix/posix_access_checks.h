// Access checks of a Linux kernel. Thread-safe.
#ifndef FINDER_FS_POSIX_POSIX_ACCESS_CHECKS_H_
#define FINDER_FS_POSIX_POSIX_ACCESS_CHECKS_H_

#include <string_view>

#include "fs/access_checks.h"

namespace finder {

class PosixAccessChecks : public AccessChecks {
 public:
  bool MayAccess(std::string_view path, AccessKind kind) override;
};

}  // namespace finder

#endif  // FINDER_FS_POSIX_POSIX_ACCESS_CHECKS_H_
