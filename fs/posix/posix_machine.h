// The machine that this process runs on, from the kernel. Thread-safe, as its
// parts are.
#ifndef FINDER_FS_POSIX_POSIX_MACHINE_H_
#define FINDER_FS_POSIX_POSIX_MACHINE_H_

#include "fs/child_process.h"
#include "fs/machine.h"
#include "fs/posix/files/posix_file_system.h"
#include "fs/posix/posix_access_checks.h"
#include "fs/posix/posix_clock.h"
#include "fs/posix/posix_file_system_names.h"
#include "fs/posix/posix_host.h"
#include "fs/posix/posix_output_files.h"
#include "fs/posix/posix_output_tree.h"
#include "fs/posix/posix_shared_files.h"
#include "fs/posix/process/posix_background_process.h"
#include "fs/posix/process/posix_user_names.h"

namespace finder {

class PosixMachine {
 public:
  // `children` must outlive this; null where none is started. It is made first
  // of all in a process.
  explicit PosixMachine(ChildProcesses* children = nullptr)
      : outputs_(&files_),
        machine_{.files = &files_,
                 .clock = &clock_,
                 .shared_files = &shared_files_,
                 .processes = &processes_,
                 .outputs = &outputs_,
                 .children = children,
                 .output_files = &output_files_,
                 .users = &users_,
                 .file_system_names = &file_system_names_,
                 .access = &access_,
                 .host = ReadHost(),
                 .working_directory = WorkingDirectory()} {}
  PosixMachine(const PosixMachine&) = delete;
  PosixMachine& operator=(const PosixMachine&) = delete;

  const Machine& machine() const { return machine_; }

 private:
  PosixFileSystem files_;
  PosixClock clock_;
  PosixSharedFiles shared_files_;
  PosixBackgroundProcesses processes_;
  PosixOutputFiles output_files_;
  PosixUserNames users_;
  PosixFileSystemNames file_system_names_;
  PosixAccessChecks access_;
  PosixOutputTree outputs_;
  const Machine machine_;
};

}  // namespace finder

#endif  // FINDER_FS_POSIX_POSIX_MACHINE_H_
