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

// What the data of the entry or area in `directory`, which is relative to
// `base`, takes: the object, packed or plain, and its parts, each rounded up to
// blocks but for an object without parts. None if there is no object.
Result<std::optional<int64_t>> DataBytes(const CacheEnvironment& environment,
                                         const DirectoryHandle& base,
                                         const std::string& directory);

// The same of an entry that is complete; else it may never have been accounted
// for.
std::optional<int64_t> StoredBytes(const CacheEnvironment& environment,
                                   const std::string& directory);

}  // namespace finder

#endif  // FINDER_FINDER_CACHE_DISK_ENTRY_FILES_H_
