#include "cmd/execution/answer_execution.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "cmd/execution/command_template.h"

namespace finder {

absl::StatusOr<std::unique_ptr<AnswerExecution>> AnswerExecution::Make(
    const CommandLine& command, Program& program, Report& report) {
  const ExecutionOptions& options = command.execution;
  std::unique_ptr<AnswerExecution> execution(new AnswerExecution());
  std::vector<CommandTemplate> commands;
  if (!options.each.empty()) {
    for (const CommandWords& words : options.each) {
      commands.push_back(CommandTemplate::ForEach(words));
    }
    const unsigned threads =
        command.general.threads.value_or(program.host.processors);
    execution->each_.emplace(std::move(commands), *program.children,
                             *program.out, *program.err, std::max(threads, 1u));
    return execution;
  }
  for (const CommandWords& words : options.batch) {
    absl::StatusOr<CommandTemplate> one = CommandTemplate::ForBatch(words);
    if (!one.ok()) return one.status();
    commands.push_back(*std::move(one));
  }
  execution->batch_.emplace(std::move(commands), *program.children, report,
                            options.batch_size);
  return execution;
}

ExecutionResult AnswerExecution::Run(absl::FunctionRef<void()> answer) {
  if (each_.has_value()) return each_->Run(answer);
  answer();
  return batch_->Finish();
}

bool AnswerExecution::Add(std::string_view paths) {
  while (!paths.empty()) {
    const std::string_view path = paths.substr(0, paths.find('\0'));
    paths.remove_prefix(path.size() + 1);
    if (!(each_.has_value() ? each_->Add(path) : batch_->Add(path))) {
      return false;
    }
  }
  return true;
}

}  // namespace finder
