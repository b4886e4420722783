// The program: takes the process as it is handed over, and leaves it with the
// exit code of the command that dispatch.cc chooses.

#include <algorithm>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "cmd/dispatch.h"
#include "cmd/exit_code.h"
#include "cmd/program.h"
#include "fs/child_process.h"
#include "fs/posix/posix_machine.h"
#include "fs/posix/process/interrupt.h"
#include "fs/posix/process/posix_child_process.h"
#include "fs/posix/process/posix_standard_streams.h"
#include "fs/posix/process/process.h"
#include "fs/standard_streams.h"

namespace finder {
namespace {

Variables ReadVariables() {
  return {
      .cache = {.home = EnvironmentVariable("HOME"),
                .xdg_cache_home = EnvironmentVariable("XDG_CACHE_HOME"),
                .finder_cache_dir = EnvironmentVariable("FINDER_CACHE_DIR"),
                .finder_view_id = EnvironmentVariable("FINDER_VIEW_ID")},
      .ignore = {.home = EnvironmentVariable("HOME"),
                 .xdg_config_home = EnvironmentVariable("XDG_CONFIG_HOME"),
                 .git_config_global = EnvironmentVariable("GIT_CONFIG_GLOBAL"),
                 .git_config_system = EnvironmentVariable("GIT_CONFIG_SYSTEM"),
                 .git_config_no_system =
                     EnvironmentVariable("GIT_CONFIG_NOSYSTEM")},
      .ls_colors = EnvironmentVariable("LS_COLORS"),
      .no_color = EnvironmentVariable("NO_COLOR"),
      .term = EnvironmentVariable("TERM"),
      .path = EnvironmentVariable("PATH"),
      .posixly_correct = EnvironmentVariable("POSIXLY_CORRECT")};
}

ExitCode Run(const std::vector<std::string>& arguments,
             ChildProcesses& children) {
  PosixStandardInput in;
  PosixStandardStream out(StandardStream::kOutput);
  PosixStandardStream err(StandardStream::kError);
  PosixMachine machine(&children);
  Program program = {machine.machine(), &in, &out, &err, ReadVariables()};
  program.process = ReadProcess;
  return Dispatch(arguments, program);
}

}  // namespace
}  // namespace finder

int main(int argc, char** argv) {
#ifdef NDEBUG
  // Debian builds Abseil so that each lock looks for a cycle of locks, under a
  // lock of the whole process.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
#endif
  // First, for it notes the signals as they are.
  finder::PosixChildProcesses children;
  finder::ReserveStandardDescriptors();
  finder::IgnoreBrokenPipes();
  finder::FailBeyondFileSizeLimit();
  finder::InstallInterruptHandlers();
  finder::ExitWhenOutOfMemory(static_cast<int>(finder::ExitCode::kFailed));
  const finder::ExitCode code =
      finder::Run({argv + std::min(argc, 1), argv + argc}, children);
  if (code >= finder::ExitCode::kBySignal) {
    finder::ExitBySignal(static_cast<int>(code) -
                         static_cast<int>(finder::ExitCode::kBySignal));
  }
  finder::ExitNow(static_cast<int>(code));
}
