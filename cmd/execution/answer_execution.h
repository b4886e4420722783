// What --exec and --exec-batch do with the answers: either runs commands for
// each, or for many at a time.
//
// One thread calls Run; Add is called within it, by one thread at a time.
#ifndef FINDER_CMD_EXECUTION_ANSWER_EXECUTION_H_
#define FINDER_CMD_EXECUTION_ANSWER_EXECUTION_H_

#include <memory>
#include <optional>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "cmd/execution/batch_commands.h"
#include "cmd/execution/each_commands.h"
#include "cmd/execution/execution_result.h"
#include "cmd/options/command_line.h"
#include "cmd/output/report.h"
#include "cmd/program.h"

namespace finder {

class AnswerExecution {
 public:
  // Fails if a command is malformed. `report` and `program` must outlive this.
  static absl::StatusOr<std::unique_ptr<AnswerExecution>> Make(
      const CommandLine& command, Program& program, Report& report);

  // Calls `answer`, which hands the answers to Add, and returns when all
  // commands have ended.
  ExecutionResult Run(absl::FunctionRef<void()> answer);

  // Takes paths, each followed by a NUL. False: no more are wanted.
  bool Add(std::string_view paths);

 private:
  AnswerExecution() = default;

  // One of them.
  std::optional<EachCommands> each_;
  std::optional<BatchCommands> batch_;
};

}  // namespace finder

#endif  // FINDER_CMD_EXECUTION_ANSWER_EXECUTION_H_
