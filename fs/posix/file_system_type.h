// What is known of the types of file systems. Used inside fs/ alone.
#ifndef FINDER_FS_POSIX_FILE_SYSTEM_TYPE_H_
#define FINDER_FS_POSIX_FILE_SYSTEM_TYPE_H_

#include "fs/volume.h"

namespace finder {

// What stamps prove on file systems of a type, given the f_type of statfs(2),
// as long as nothing else is known of the one at hand. kNever for every type
// that is not listed.
StampTrust TrustOfType(unsigned magic);

// Whether this kernel's clock makes the stamps of a file system, and its locks
// are seen by all who use it. Block and memory file systems; all others
// (network, user space, unknown) may be in the hands of somebody else.
bool IsLocalFileSystem(unsigned magic);

// The same of the file system that holds `descriptor`; false if it does not
// tell.
bool IsOnLocalFileSystem(int descriptor);

}  // namespace finder

#endif  // FINDER_FS_POSIX_FILE_SYSTEM_TYPE_H_
