// Files packed by zstd and unpacked, a piece at a time, so that memory does not
// grow with them.
// Thread-safe.
#ifndef FINDER_FINDER_CACHE_ENTRY_PACKING_H_
#define FINDER_FINDER_CACHE_ENTRY_PACKING_H_

#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "fs/file_system.h"

namespace finder {

// Writes the file `from` to `to`, which is made, packed by zstd. Unavailable,
// "PATH: reason".
absl::Status PackFile(FileSystem& files, const std::string& from,
                      const std::string& to, uint32_t permissions);

// The reverse. DataLoss if `from` is damaged; nothing is then at `to`.
absl::Status UnpackFile(FileSystem& files, const std::string& from,
                        const std::string& to, uint32_t permissions);

// Hands the unpacked bytes of `from` on, piece by piece, in order.
absl::Status UnpackTo(
    FileSystem& files, const std::string& from,
    absl::FunctionRef<absl::Status(std::string_view piece)> take);

}  // namespace finder

#endif  // FINDER_FINDER_CACHE_ENTRY_PACKING_H_
