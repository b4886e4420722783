// The known types of file systems, and how far their stamps are believed. A new
// type is added to the table in fs/posix/files/file_system_type.cc and to that
// of doc/consistency.md. Used inside fs/ only.
#ifndef FINDER_FS_POSIX_FILES_FILE_SYSTEM_TYPE_H_
#define FINDER_FS_POSIX_FILES_FILE_SYSTEM_TYPE_H_

#include "fs/volume.h"

namespace finder {

// What stamps prove on file systems of a type, given the f_type of statfs(2),
// if nothing else is known of the file system. kNever for every type that is
// not listed.
StampTrust TrustOfType(unsigned magic);

// Whether this kernel's clock makes the stamps of a file system, and all its
// users see this kernel's locks. True of block and memory file systems; all
// others (network, user space, unknown) may be changed from elsewhere.
bool IsLocalFileSystem(unsigned magic);

// The same of the file system that holds `descriptor`; false if the kernel does
// not tell.
bool IsOnLocalFileSystem(int descriptor);

}  // namespace finder

#endif  // FINDER_FS_POSIX_FILES_FILE_SYSTEM_TYPE_H_
