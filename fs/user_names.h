// The names of users and groups, as the machine's name services know them.
//
// Thread-safe.
#ifndef FINDER_FS_USER_NAMES_H_
#define FINDER_FS_USER_NAMES_H_

#include <cstdint>
#include <optional>
#include <string>

namespace finder {

// Each call may ask a service on another machine: keep what was answered.
class UserNames {
 public:
  virtual ~UserNames() = default;
  // None if nobody has that name or that number.
  virtual std::optional<uint32_t> UserId(const std::string& name) = 0;
  virtual std::optional<uint32_t> GroupId(const std::string& name) = 0;
  virtual std::optional<std::string> UserName(uint32_t id) = 0;
  virtual std::optional<std::string> GroupName(uint32_t id) = 0;
};

}  // namespace finder

#endif  // FINDER_FS_USER_NAMES_H_
