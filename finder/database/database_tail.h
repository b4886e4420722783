// The last line of a database file, from which its layout is known. Part of
// finder/database/database.h.
#ifndef FINDER_FINDER_DATABASE_DATABASE_TAIL_H_
#define FINDER_FINDER_DATABASE_DATABASE_TAIL_H_

#include <cstdint>
#include <optional>
#include <string>

#include "fs/file_system.h"
#include "fs/result.h"

namespace finder {

// The last line of a file of `size` bytes, without its newline. None if the
// file does not end in a line that others precede.
Result<std::optional<std::string>> ReadLastLine(ReadableFile& file,
                                                int64_t size);

}  // namespace finder

#endif  // FINDER_FINDER_DATABASE_DATABASE_TAIL_H_
