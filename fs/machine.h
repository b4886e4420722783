// The machine that a run works on, as one bundle: all interfaces to the
// operating system that the core is handed, and what is known of the process.
// cmd/main.cc makes it from fs/posix/, a test from fs/fake/.
#ifndef FINDER_FS_MACHINE_H_
#define FINDER_FS_MACHINE_H_

#include <string>

#include "fs/background_process.h"
#include "fs/child_process.h"
#include "fs/clock.h"
#include "fs/file_system.h"
#include "fs/host.h"
#include "fs/shared_files.h"

namespace finder {

// Nothing is owned; all must outlive whoever works with it.
struct Machine {
  FileSystem* files = nullptr;
  Clock* clock = nullptr;
  // For the cache directory; may be null where none is used.
  SharedFiles* shared_files = nullptr;
  BackgroundProcesses* processes = nullptr;
  ChildProcesses* children = nullptr;  // may be null where none is started
  Host host;
  std::string working_directory;  // absolute
};

}  // namespace finder

#endif  // FINDER_FS_MACHINE_H_
