// Users and groups that a test makes up. Thread-compatible.
#ifndef FINDER_FS_FAKE_FAKE_USER_NAMES_H_
#define FINDER_FS_FAKE_FAKE_USER_NAMES_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "fs/user_names.h"

namespace finder {

class FakeUserNames : public UserNames {
 public:
  std::optional<uint32_t> UserId(const std::string& name) override {
    return IdOf(users, name);
  }
  std::optional<uint32_t> GroupId(const std::string& name) override {
    return IdOf(groups, name);
  }
  std::optional<std::string> UserName(uint32_t id) override {
    return NameOf(users, id);
  }
  std::optional<std::string> GroupName(uint32_t id) override {
    return NameOf(groups, id);
  }

  std::map<std::string, uint32_t> users = {{"root", 0}};
  std::map<std::string, uint32_t> groups = {{"root", 0}};

 private:
  using Ids = std::map<std::string, uint32_t>;
  static std::optional<uint32_t> IdOf(const Ids& ids, const std::string& name) {
    const auto found = ids.find(name);
    if (found == ids.end()) return std::nullopt;
    return found->second;
  }
  static std::optional<std::string> NameOf(const Ids& ids, uint32_t id) {
    for (const auto& [name, its_id] : ids) {
      if (its_id == id) return name;
    }
    return std::nullopt;
  }
};

}  // namespace finder

#endif  // FINDER_FS_FAKE_FAKE_USER_NAMES_H_
