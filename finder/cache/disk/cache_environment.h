// What the cache works with, and where things are in it.
// Plain data.
#ifndef FINDER_FINDER_CACHE_DISK_CACHE_ENVIRONMENT_H_
#define FINDER_FINDER_CACHE_DISK_CACHE_ENVIRONMENT_H_

#include <string>
#include <string_view>

#include "finder/cache/disk/object_kind.h"
#include "fs/machine.h"

namespace finder {

// A machine, and what is kept there. Nothing is owned; all must outlive the
// cache.
struct CacheEnvironment : Machine {
  ObjectKinds kinds = {};  // of all that the cache keeps
};

// The names of doc/cache_directory.md, "Layout".
inline constexpr std::string_view kTagName = "CACHEDIR.TAG";
inline constexpr std::string_view kInfoName = "cache.info";
inline constexpr std::string_view kTaskLockName = "cache.lock";
inline constexpr std::string_view kSizeLogName = "cache.size";
inline constexpr std::string_view kEventLogName = "cache.events";
inline constexpr std::string_view kObjectsName = "objects";
inline constexpr std::string_view kStageName = "stage";
inline constexpr std::string_view kStagePrefix = "uuid-";

inline constexpr std::string_view kEntryInfoName = "object.info";
inline constexpr std::string_view kEntryLockName = "object.lock";
inline constexpr std::string_view kDataName = "data";
// In a stage area, for what is to be moved out of it.
inline constexpr std::string_view kStagedFileName = "new";

// The paths in a cache.
struct CacheLayout {
  std::string path;

  std::string Of(std::string_view name) const {
    return path + "/" + std::string(name);
  }
  // The directory of an entry, whether it exists or not.
  std::string Entry(std::string_view key) const {
    return path + "/" + std::string(kObjectsName) + "/" + std::string(key);
  }
};

}  // namespace finder

#endif  // FINDER_FINDER_CACHE_DISK_CACHE_ENVIRONMENT_H_
