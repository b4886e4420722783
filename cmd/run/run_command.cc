#include "cmd/run/run_command.h"

#include <optional>

#include "cmd/run/run_job.h"

namespace finder {
namespace {

ExitCode Run(const RunOptions& options, RunJob& job) {
  if (options.audit) return job.Audit();
  if (options.check_twice) return job.RunTwice();
  return job.Run();
}

}  // namespace

ExitCode RunRun(CommandLine& command, Program& program) {
  RunJob job(command, program);
  if (const std::optional<ExitCode> code = job.Prepare()) return *code;
  const ExitCode code = Run(command.run, job);
  job.End();
  return code;
}

}  // namespace finder
