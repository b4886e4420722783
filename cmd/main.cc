// The program: takes the process as it is handed over, and leaves it with the
// exit code of the command that dispatch.cc chooses.

#include <algorithm>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "cmd/dispatch.h"
#include "cmd/exit_code.h"
#include "cmd/program.h"
#include "fs/background_process.h"
#include "fs/child_process.h"
#include "fs/clock.h"
#include "fs/host.h"
#include "fs/posix/interrupt.h"
#include "fs/posix/posix_access_checks.h"
#include "fs/posix/posix_background_process.h"
#include "fs/posix/posix_child_process.h"
#include "fs/posix/posix_clock.h"
#include "fs/posix/posix_file_system.h"
#include "fs/posix/posix_file_system_names.h"
#include "fs/posix/posix_host.h"
#include "fs/posix/posix_shared_file.h"
#include "fs/posix/posix_small_file.h"
#include "fs/posix/posix_standard_streams.h"
#include "fs/posix/posix_tree_moves.h"
#include "fs/posix/posix_user_names.h"
#include "fs/posix/process.h"
#include "fs/shared_file.h"
#include "fs/small_file.h"
#include "fs/standard_streams.h"
#include "fs/tree_moves.h"

namespace finder {
namespace {

Variables ReadVariables() {
  return {.cache = {.home = EnvironmentVariable("HOME"),
                    .xdg_cache_home = EnvironmentVariable("XDG_CACHE_HOME"),
                    .finder_cache_dir = EnvironmentVariable("FINDER_CACHE_DIR"),
                    .finder_view_id = EnvironmentVariable("FINDER_VIEW_ID")},
          .ls_colors = EnvironmentVariable("LS_COLORS"),
          .no_color = EnvironmentVariable("NO_COLOR"),
          .term = EnvironmentVariable("TERM")};
}

ExitCode Run(const std::vector<std::string>& arguments,
             ChildProcesses& children) {
  PosixStandardInput in;
  PosixStandardStream out(StandardStream::kOutput);
  PosixStandardStream err(StandardStream::kError);
  PosixFileSystem files;
  PosixClock clock;
  PosixSharedFiles shared_files;
  PosixSmallFiles small_files;
  PosixTreeMoves moves;
  PosixBackgroundProcesses processes;
  PosixUserNames users;
  PosixFileSystemNames file_system_names;
  PosixAccessChecks access;
  Program program = {{.files = &files,
                      .clock = &clock,
                      .shared_files = &shared_files,
                      .small_files = &small_files,
                      .moves = &moves,
                      .processes = &processes,
                      .children = &children,
                      .users = &users,
                      .file_system_names = &file_system_names,
                      .access = &access,
                      .host = ReadHost(),
                      .working_directory = WorkingDirectory()},
                     &in,
                     &out,
                     &err,
                     ReadVariables()};
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
  if (code == finder::ExitCode::kBrokenPipe) finder::ExitByBrokenPipe();
  finder::ExitNow(static_cast<int>(code));
}
