// Directories like /tmp, where everybody may make files, so that a file there
// may be another user's trap.
//
// Pure; any thread.
#ifndef FINDER_FS_STICKY_DIRECTORY_H_
#define FINDER_FS_STICKY_DIRECTORY_H_

#include <cstdint>

#include "fs/file_system.h"

namespace finder {

// Whether `found`, in a sticky directory that everybody may write to, belongs
// neither to this user (effective) nor to the directory's owner. By this rule
// the kernel follows no symlink at the end of a path and opens no file, if
// fs.protected_symlinks and fs.protected_regular are on.
//
// If this is false, nobody else can replace `found` in such a directory. So one
// look at a symlink before it is read is enough.
inline bool IsPlanted(const FileStat& directory, const FileStat& found,
                      uint32_t user_id) {
  constexpr uint32_t kStickyAndForAll = 01002;
  return (directory.permissions & kStickyAndForAll) == kStickyAndForAll &&
         found.owner != user_id && found.owner != directory.owner;
}

}  // namespace finder

#endif  // FINDER_FS_STICKY_DIRECTORY_H_
