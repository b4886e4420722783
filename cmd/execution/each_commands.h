// --exec: runs commands for each answer, several answers at a time. What a
// command writes goes out whole and in the order of the answers: directly while
// it is the turn of its answer, and until then from memory, of which each
// command gets so much that the kernel makes it wait.
//
// Thread-safety: Run by one thread; Add by any, one at a time, within Run.
#ifndef FINDER_CMD_EXECUTION_EACH_COMMANDS_H_
#define FINDER_CMD_EXECUTION_EACH_COMMANDS_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/synchronization/mutex.h"
#include "cmd/execution/command_template.h"
#include "cmd/execution/execution_result.h"
#include "fs/child_process.h"
#include "fs/result.h"
#include "fs/standard_streams.h"

namespace finder {

class EachCommands {
 public:
  // All must outlive this. `commands` are run one after the other for each
  // answer, up to the first that fails. With one thread they get this process's
  // own streams, so that they can ask; else standard input is empty.
  EachCommands(std::vector<CommandTemplate> commands, ChildProcesses& children,
               OutputStream& out, OutputStream& err, unsigned threads);

  // Calls `answer`, which calls Add for each answer, and returns when all
  // commands have ended.
  ExecutionResult Run(absl::FunctionRef<void()> answer);

  // Runs the commands for `path`, now or soon. False: no more are run.
  bool Add(std::string_view path);

 private:
  struct Job {
    uint64_t number = 0;
    std::string path;
  };
  struct Chunk {
    ChildRead::From from;
    std::string text;
  };
  // What the commands of a job have come to.
  enum class Ending : uint8_t {
    kDone,
    kFailed,
    kHopeless,  // and all others would fail the same way
  };
  struct Finished {
    std::vector<Chunk> chunks;
    Ending ending = Ending::kDone;
    size_t bytes = 0;
  };
  class JobOutput;

  void Work();
  // Takes the next job; false if there is none any more.
  bool Take(Job& job);
  void RunJob(const Job& job);
  Ending RunCommands(const Job& job, JobOutput& output);
  Ending CouldNotStart(const CommandTemplate& command, const Job& job,
                       SystemError error, std::string& message) const;

  bool IsTurnOf(uint64_t number);
  void AwaitTurnOf(uint64_t number);
  bool stopped();
  // Only for the job whose turn it is.
  void Write(const std::vector<Chunk>& chunks);
  void EndTurn(Ending ending);
  // Leaves the output for whoever has the turn before; false if there is no
  // room.
  bool Leave(uint64_t number, Finished& finished);

  const std::vector<CommandTemplate> commands_;
  ChildProcesses& children_;
  OutputStream& out_;
  OutputStream& err_;
  const unsigned threads_;

  absl::Mutex mutex_;
  std::deque<Job> queue_ ABSL_GUARDED_BY(mutex_);
  uint64_t added_ ABSL_GUARDED_BY(mutex_) = 0;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  uint64_t turn_ ABSL_GUARDED_BY(mutex_) = 0;  // whose output goes out
  std::map<uint64_t, Finished> finished_ ABSL_GUARDED_BY(mutex_);
  size_t finished_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  ExecutionResult result_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace finder

#endif  // FINDER_CMD_EXECUTION_EACH_COMMANDS_H_
