// Access checks that a test decides. Thread-compatible.
#ifndef FINDER_FS_FAKE_FAKE_ACCESS_CHECKS_H_
#define FINDER_FS_FAKE_FAKE_ACCESS_CHECKS_H_

#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "fs/access_checks.h"

namespace finder {

class FakeAccessChecks : public AccessChecks {
 public:
  bool MayAccess(std::string_view path, AccessKind kind) override {
    return allowed.contains({std::string(path), kind});
  }

  std::set<std::pair<std::string, AccessKind>> allowed;
};

}  // namespace finder

#endif  // FINDER_FS_FAKE_FAKE_ACCESS_CHECKS_H_
