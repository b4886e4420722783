// The machine that a run works on, as one bundle: all interfaces to the
// operating system that the core is handed, and what is known of the process.
// cmd/main.cc makes it from fs/posix/, a test from fs/fake/.
#ifndef FINDER_FS_MACHINE_H_
#define FINDER_FS_MACHINE_H_

#include <string>

#include "fs/access_checks.h"
#include "fs/background_process.h"
#include "fs/child_process.h"
#include "fs/clock.h"
#include "fs/file_system.h"
#include "fs/file_system_names.h"
#include "fs/host.h"
#include "fs/output_files.h"
#include "fs/output_tree.h"
#include "fs/shared_files.h"
#include "fs/user_names.h"

namespace finder {

// Nothing is owned; all must outlive whoever works with it.
struct Machine {
  FileSystem* files = nullptr;
  Clock* clock = nullptr;
  // For the cache directory; may be null where none is used.
  SharedFiles* shared_files = nullptr;
  BackgroundProcesses* processes = nullptr;
  OutputTree* outputs = nullptr;        // may be null where none is written
  ChildProcesses* children = nullptr;   // may be null where none is started
  OutputFiles* output_files = nullptr;  // may be null where none is written
  // For tests of find(1); may be null where none is made.
  UserNames* users = nullptr;
  FileSystemNames* file_system_names = nullptr;
  AccessChecks* access = nullptr;
  Host host;
  std::string working_directory;  // absolute
};

}  // namespace finder

#endif  // FINDER_FS_MACHINE_H_
