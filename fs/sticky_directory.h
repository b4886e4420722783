// Directories like /tmp, where everybody may make what they like and where
// nothing that is found can be trusted to be of one's own making.
//
// Pure; any thread.
#ifndef FINDER_FS_STICKY_DIRECTORY_H_
#define FINDER_FS_STICKY_DIRECTORY_H_

#include <cstdint>

#include "fs/file_system.h"

namespace finder {

// Whether `found`, in a sticky directory that everybody may write to, was made
// by somebody who is neither this user (effective) nor the directory's owner.
// This is the rule by which the kernel follows no symlink at the end of a path
// and opens no file, if fs.protected_symlinks and fs.protected_regular are on.
//
// In such a directory nobody else can replace what this is false of. So a look
// at a symlink before it is read is enough.
inline bool IsPlanted(const FileStat& directory, const FileStat& found,
                      uint32_t user_id) {
  constexpr uint32_t kStickyAndForAll = 01002;
  return (directory.permissions & kStickyAndForAll) == kStickyAndForAll &&
         found.owner != user_id && found.owner != directory.owner;
}

}  // namespace finder

#endif  // FINDER_FS_STICKY_DIRECTORY_H_
