// Children started by posix_spawn(3). Thread-safety: as of the interface.
#ifndef FINDER_FS_POSIX_PROCESS_POSIX_CHILD_PROCESS_H_
#define FINDER_FS_POSIX_PROCESS_POSIX_CHILD_PROCESS_H_

#include <signal.h>

#include <cstddef>
#include <memory>

#include "fs/child_process.h"
#include "fs/result.h"

namespace finder {

// Notes the process's signals when it is made: make it before anything changes
// them. If SIGCHLD is ignored, it is not from then on, for nobody could wait
// for a child.
class PosixChildProcesses : public ChildProcesses {
 public:
  PosixChildProcesses();

  Result<std::unique_ptr<ChildProcess>> Start(
      const ChildCommand& command) override;
  size_t MaxArgumentBytes() override;

 private:
  sigset_t mask_;
  // What a child shall not ignore.
  sigset_t not_ignored_;
};

}  // namespace finder

#endif  // FINDER_FS_POSIX_PROCESS_POSIX_CHILD_PROCESS_H_
