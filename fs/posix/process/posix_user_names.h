// The names of users and groups that the C library knows. Thread-safe.
#ifndef FINDER_FS_POSIX_PROCESS_POSIX_USER_NAMES_H_
#define FINDER_FS_POSIX_PROCESS_POSIX_USER_NAMES_H_

#include <cstdint>
#include <optional>
#include <string>

#include "fs/user_names.h"

namespace finder {

// A static program reads /etc/passwd and /etc/group only: the modules of the
// name services belong to another C library.
class PosixUserNames : public UserNames {
 public:
  std::optional<uint32_t> UserId(const std::string& name) override;
  std::optional<uint32_t> GroupId(const std::string& name) override;
  std::optional<std::string> UserName(uint32_t id) override;
  std::optional<std::string> GroupName(uint32_t id) override;
};

}  // namespace finder

#endif  // FINDER_FS_POSIX_PROCESS_POSIX_USER_NAMES_H_
