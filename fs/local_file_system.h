// Which file systems are this kernel's alone. Used inside fs/ alone.
#ifndef FINDER_FS_LOCAL_FILE_SYSTEM_H_
#define FINDER_FS_LOCAL_FILE_SYSTEM_H_

namespace finder {

// Whether this kernel's clock makes the stamps of a file system, and its locks
// are seen by all who use it, given the f_type of statfs(2). Block and memory
// file systems; all others (network, user space, unknown) may be in the hands
// of somebody else.
bool IsLocalFileSystem(unsigned magic);

// The same of the file system that holds `descriptor`; false if it does not
// tell.
bool IsOnLocalFileSystem(int descriptor);

}  // namespace finder

#endif  // FINDER_FS_LOCAL_FILE_SYSTEM_H_
