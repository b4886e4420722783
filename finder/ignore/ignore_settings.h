// Where the user's git configuration lies, as the environment says. Plain data.
#ifndef FINDER_FINDER_IGNORE_IGNORE_SETTINGS_H_
#define FINDER_FINDER_IGNORE_IGNORE_SETTINGS_H_

#include <optional>
#include <string>

namespace finder {

// None if a variable is not set.
struct IgnoreSettings {
  std::optional<std::string> home;                  // HOME
  std::optional<std::string> xdg_config_home;       // XDG_CONFIG_HOME
  std::optional<std::string> git_config_global;     // GIT_CONFIG_GLOBAL
  std::optional<std::string> git_config_system;     // GIT_CONFIG_SYSTEM
  std::optional<std::string> git_config_no_system;  // GIT_CONFIG_NOSYSTEM
};

}  // namespace finder

#endif  // FINDER_FINDER_IGNORE_IGNORE_SETTINGS_H_
