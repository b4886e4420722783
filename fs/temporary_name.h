// The names of a file that is being written, where it needs one. Shared by the
// POSIX file system and its fake, and not used outside fs/. Pure but for the
// random bytes; any thread.
//
// A file called `db` has few temporary names (".db.finder-0", ...), so that its
// next writer meets what a killed writer left, without listing the directory.
// They can be guessed, so a file is only ever made, never opened, under one of
// them.
#ifndef FINDER_FS_TEMPORARY_NAME_H_
#define FINDER_FS_TEMPORARY_NAME_H_

#include <string>
#include <string_view>

#include "fs/result.h"

namespace finder {

// So many writers of one file can have such names at a time.
inline constexpr int kTemporarySlots = 16;

// REQUIRES: 0 <= slot < kTemporarySlots. At most NAME_MAX bytes; to keep to
// that, all files with very long names share the same few.
std::string TemporarySlotName(std::string_view final_name, int slot);

// A name that nobody can guess, for when the others are taken. It contains the
// final name, unless that makes it too long.
Result<std::string> RandomTemporaryName(std::string_view final_name);

}  // namespace finder

#endif  // FINDER_FS_TEMPORARY_NAME_H_
