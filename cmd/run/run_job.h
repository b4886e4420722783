// One `finder run`, from the key to the exit code.
//
// 1. what the command depends on is looked at: the key
// 2. a result of that key is replayed: outputs put back, output printed
// 3. else, with the lock of the key: once more 2., as another may have run it
// 4. else the command runs, its inputs are looked at again, and if nothing
//    speaks against it the result is kept
//
// One thread calls.
#ifndef FINDER_CMD_RUN_RUN_JOB_H_
#define FINDER_CMD_RUN_RUN_JOB_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cmd/exit_code.h"
#include "cmd/options/command_line.h"
#include "cmd/output/report.h"
#include "cmd/program.h"
#include "cmd/run/run_inputs.h"
#include "cmd/run/run_stats.h"
#include "cmd/search/scan_moment.h"
#include "finder/cache/cache_directory.h"
#include "finder/results/command_environment.h"
#include "finder/results/command_outputs.h"
#include "finder/results/command_run.h"
#include "finder/results/hashes/file_hashes.h"
#include "finder/results/result_key.h"
#include "finder/results/result_store.h"
#include "finder/threads/thread_pool.h"
#include "fs/process_facts.h"

namespace finder {

class RunJob {
 public:
  // Both must outlive this.
  RunJob(const CommandLine& command, Program& program);
  ~RunJob();
  RunJob(const RunJob&) = delete;
  RunJob& operator=(const RunJob&) = delete;

  // Looks at options and environment, and opens the cache if there is one. Any
  // failure has been said.
  std::optional<ExitCode> Prepare();
  ExitCode Run();
  // The command itself, whatever is kept; and nothing is kept of it.
  ExitCode RunTwice();
  ExitCode Audit();
  // What is done when all is printed: hashes kept, statistics, upkeep.
  void End();

 private:
  const RunOptions& options() const { return command_.run; }
  ExitCode Fail(const absl::Status& status);
  void OpenCache();
  absl::Status LookAtInputs();

  // The result of the present key, and sets key_. None if there is none that
  // may be used.
  std::optional<StoredResult> LookUp();
  std::optional<StoredResult> FindUsable();
  // None: it could not be replayed, which was said.
  std::optional<ExitCode> Replay(StoredResult stored);
  std::optional<ResultRecord> LastRecord();
  ExitCode SayWhetherItWouldRun();
  void Explain();

  CommandSpec Spec() const;
  // Says why, if the command could not be started.
  absl::StatusOr<CommandOutcome> Start(const CommandSpec& spec,
                                       OutputStream& out, OutputStream& err);
  ExitCode StartFailed(const absl::Status& status);
  ExitCode RunAndKeep();
  // Why the result cannot be kept; empty if it was.
  std::string Keep(CommandOutcome& outcome);
  absl::StatusOr<std::vector<KeyInput>> ReadDepfile();
  absl::Status Store(CommandOutcome& outcome, CollectedOutputs& collected,
                     const std::vector<KeyInput>& discovered);
  ExitCode CodeOf(const CommandOutcome& outcome);
  // What failed writes of the streams mean; none if none did.
  std::optional<ExitCode> StreamFailure(const Outcome& out, const Outcome& err);
  void WriteStats();

  const CommandLine& command_;
  Program& program_;
  Report report_;
  const int64_t began_ns_;
  RunStats stats_;

  ProcessFacts process_;
  CommandEnvironment environment_;
  std::string executable_;
  std::vector<std::string> outputs_;  // declared, with the depfile

  std::unique_ptr<CacheDirectory> cache_;  // null: nothing is kept
  std::optional<ResultStore> store_;
  ThreadPool pool_;
  std::optional<FileHashes> hashes_;
  std::optional<RunInputs> inputs_;
  std::optional<CommandOutputs> files_;

  ResultKey first_;                   // without what a depfile has told
  ResultKey key_;                     // of the result found or looked for
  std::vector<KeyInput> discovered_;  // as far as known before the run
  std::optional<ScanMoment> moment_;  // right before the run, with a depfile
};

}  // namespace finder

#endif  // FINDER_CMD_RUN_RUN_JOB_H_
