// Asks the kernel for what fs/host.h holds. Thread-compatible.
#ifndef FINDER_FS_POSIX_POSIX_HOST_H_
#define FINDER_FS_POSIX_POSIX_HOST_H_

#include <string>

#include "fs/host.h"

namespace finder {

// Reads them from the kernel. The user name is looked up in /etc/passwd only
// (no NSS, so that the program can be linked statically).
Host ReadHost();

// The working directory as an absolute path, or empty if it is gone. $PWD is
// not trusted.
std::string WorkingDirectory();

}  // namespace finder

#endif  // FINDER_FS_POSIX_POSIX_HOST_H_
