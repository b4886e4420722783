// The names a file bears while it is written, where it needs one. Shared by the
// POSIX file system and its fake, and not used outside fs/.
//
// A file called `db` has few temporary names (".db.finder-0", ...), so that
// whoever writes it next meets what a killed writer left, without listing the
// directory. They can be guessed, so a file is only ever made, never opened,
// under one of them.
#ifndef FINDER_FS_TEMPORARY_NAME_H_
#define FINDER_FS_TEMPORARY_NAME_H_

#include <string>
#include <string_view>

#include "fs/result.h"

namespace finder {

// As many writers of one file can have such names at a time.
inline constexpr int kTemporarySlots = 16;

// Requires 0 <= slot < kTemporarySlots. At most NAME_MAX bytes; for the sake of
// that, all files with very long names have the same few.
std::string TemporarySlotName(std::string_view final_name, int slot);

// A name nobody can guess, for when the others are taken. It tells which file
// it was meant for, unless that makes it too long.
Result<std::string> RandomTemporaryName(std::string_view final_name);

}  // namespace finder

#endif  // FINDER_FS_TEMPORARY_NAME_H_
