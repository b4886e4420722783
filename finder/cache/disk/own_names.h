// By their names the cache knows what it has made. What is called otherwise is
// not its own: reported, and never touched.
//
// Pure; any thread.
#ifndef FINDER_FINDER_CACHE_DISK_OWN_NAMES_H_
#define FINDER_FINDER_CACHE_DISK_OWN_NAMES_H_

#include <cstddef>
#include <string_view>

#include "finder/cache/disk/object_kind.h"

namespace finder {

// 1 to 64 of the letters a-z, digits, '-' and '_', the first no '-'.
inline constexpr size_t kMaxKeyBytes = 64;
bool IsCacheKey(std::string_view key);

// In the directory of the cache. The folder of every new ext4 is none of them.
bool IsTopName(std::string_view name);
// Of a directory in stage/.
bool IsAreaName(std::string_view name);
// Of a file in an entry or a stage area; of one in its data/. Also those that
// they have while they are written, which a crash may leave.
bool IsEntryFileName(std::string_view name);
bool IsDataFileName(std::string_view name, ObjectKinds kinds);

}  // namespace finder

#endif  // FINDER_FINDER_CACHE_DISK_OWN_NAMES_H_
