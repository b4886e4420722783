// What may be said about where facts are kept: on the command line, and in the
// environment. Plain data.
#ifndef FINDER_FINDER_SESSION_CACHE_SETTINGS_H_
#define FINDER_FINDER_SESSION_CACHE_SETTINGS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "finder/facade/finder.h"

namespace finder {

enum class CacheMode : uint8_t {
  kUse,
  kNone,     // --no-cache
  kRefresh,  // --refresh
  kVerify,   // --verify: answer twice and compare
};

struct CacheSettings {
  CacheMode mode = CacheMode::kUse;
  std::optional<std::string> database;   // a file; no cache directory is used
  std::optional<std::string> directory;  // of the cache
  std::optional<std::string> import;     // a database to start from
  std::optional<std::string> view_id;
  DatabaseFormat format = DatabaseFormat::kNative;
};

// Environment variables; none if one is not set.
struct CacheVariables {
  std::optional<std::string> home;              // HOME
  std::optional<std::string> xdg_cache_home;    // XDG_CACHE_HOME
  std::optional<std::string> finder_cache_dir;  // FINDER_CACHE_DIR
  std::optional<std::string> finder_view_id;    // FINDER_VIEW_ID
};

}  // namespace finder

#endif  // FINDER_FINDER_SESSION_CACHE_SETTINGS_H_
