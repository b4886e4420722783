// --exec-batch: gathers answers and runs each command with as many as one
// command line holds. The commands have this process's own streams.
//
// One thread.
#ifndef FINDER_CMD_EXECUTION_BATCH_COMMANDS_H_
#define FINDER_CMD_EXECUTION_BATCH_COMMANDS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cmd/execution/command_template.h"
#include "cmd/execution/execution_result.h"
#include "cmd/output/report.h"
#include "fs/child_process.h"

namespace finder {

class BatchCommands {
 public:
  // All must outlive this. `most`: so many answers at a time, if not fewer fit.
  BatchCommands(std::vector<CommandTemplate> commands, ChildProcesses& children,
                Report& report, std::optional<uint64_t> most);

  // Runs those commands that `path` does not fit into any more, and keeps it
  // for later. False: no more are run.
  bool Add(std::string_view path);
  // Runs the commands for what is left. Without any path nothing is run.
  ExecutionResult Finish();

 private:
  struct Batch {
    CommandTemplate command;
    size_t fixed_bytes = 0;
    std::vector<std::string> words;
    size_t bytes = 0;  // of the words, as arguments
  };

  void Run(Batch& batch);
  void RunPart(const Batch& batch, size_t begin, size_t end);

  std::vector<Batch> batches_;
  ChildProcesses& children_;
  Report& report_;
  const uint64_t most_;
  const size_t max_bytes_;
  bool failed_ = false;
  bool stopped_ = false;
};

}  // namespace finder

#endif  // FINDER_CMD_EXECUTION_BATCH_COMMANDS_H_
