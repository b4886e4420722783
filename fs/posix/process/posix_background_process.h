// Processes started by posix_spawn(3). Thread-safety: as of the interface.
#ifndef FINDER_FS_POSIX_PROCESS_POSIX_BACKGROUND_PROCESS_H_
#define FINDER_FS_POSIX_PROCESS_POSIX_BACKGROUND_PROCESS_H_

#include <string>
#include <vector>

#include "fs/background_process.h"
#include "fs/result.h"

namespace finder {

class PosixBackgroundProcesses : public BackgroundProcesses {
 public:
  PosixBackgroundProcesses() = default;
  // Forgets processes that are still running; they go on.
  ~PosixBackgroundProcesses() override;
  PosixBackgroundProcesses(const PosixBackgroundProcesses&) = delete;
  PosixBackgroundProcesses& operator=(const PosixBackgroundProcesses&) = delete;

  Outcome StartSelf(const std::vector<std::string>& arguments) override;
  void LowerOwnPriority() override;

 private:
  void ReapEnded();

  std::vector<int> children_;  // process ids
};

}  // namespace finder

#endif  // FINDER_FS_POSIX_PROCESS_POSIX_BACKGROUND_PROCESS_H_
