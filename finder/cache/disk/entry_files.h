// The files of an entry, read and measured.
//
// Thread-safe.
#ifndef FINDER_FINDER_CACHE_DISK_ENTRY_FILES_H_
#define FINDER_FINDER_CACHE_DISK_ENTRY_FILES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "finder/cache/disk/cache_environment.h"
#include "fs/file_system.h"
#include "fs/result.h"

namespace finder {

// "PATH: reason", Unavailable.
absl::Status CacheError(std::string_view path, SystemError error);

// All bytes of a file.
Result<std::string> ReadWhole(ReadableFile& file);

// The size of an entry's data as it lies there, packed or plain. None if the
// entry is not complete, and so may never have been accounted for.
std::optional<int64_t> StoredBytes(const CacheEnvironment& environment,
                                   const std::string& directory);

}  // namespace finder

#endif  // FINDER_FINDER_CACHE_DISK_ENTRY_FILES_H_
