#include "cmd/execution/batch_commands.h"

#include <errno.h>

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"

namespace finder {

BatchCommands::BatchCommands(std::vector<CommandTemplate> commands,
                             ChildProcesses& children, Report& report,
                             std::optional<uint64_t> most)
    : children_(children),
      report_(report),
      most_(most.value_or(UINT64_MAX)),
      max_bytes_(children.MaxArgumentBytes()) {
  for (CommandTemplate& command : commands) {
    Batch batch = {.command = std::move(command), .words = {}};
    for (const std::string& word : batch.command.ForWords({}, 0, 0)) {
      batch.fixed_bytes += BytesOfArgument(word);
    }
    batches_.push_back(std::move(batch));
  }
}

bool BatchCommands::Add(std::string_view path) {
  for (Batch& batch : batches_) {
    std::string word = batch.command.WordFor(path);
    const size_t bytes = BytesOfArgument(word);
    const bool fits = batch.fixed_bytes + batch.bytes + bytes <= max_bytes_ &&
                      batch.words.size() < most_;
    if (!fits) Run(batch);
    batch.words.push_back(std::move(word));
    batch.bytes += bytes;
  }
  return !stopped_;
}

ExecutionResult BatchCommands::Finish() {
  for (Batch& batch : batches_) Run(batch);
  return {.failed = failed_, .written = {}};
}

void BatchCommands::Run(Batch& batch) {
  if (!stopped_ && !batch.words.empty()) {
    RunPart(batch, 0, batch.words.size());
  }
  batch.words.clear();
  batch.bytes = 0;
}

void BatchCommands::RunPart(const Batch& batch, size_t begin, size_t end) {
  ChildCommand command;
  command.arguments = batch.command.ForWords(batch.words, begin, end);
  const Result<std::unique_ptr<ChildProcess>> child = children_.Start(command);
  if (child.ok()) {
    const Result<ExitStatus> status = child.value()->Wait();
    failed_ |= !status.ok() || !status->succeeded();
    return;
  }
  const SystemError error = child.error();
  // The kernel may take less than it says: there is a limit for one argument,
  // and a script has its interpreter's besides.
  if (error.code() == E2BIG && end - begin > 1) {
    const size_t middle = begin + (end - begin) / 2;
    RunPart(batch, begin, middle);
    if (!stopped_) RunPart(batch, middle, end);
    return;
  }
  failed_ = true;
  const bool is_program = error.code() == ENOENT || error.code() == EACCES;
  stopped_ = is_program;
  report_.Line(
      absl::StrCat(is_program ? batch.command.program() : batch.words[begin],
                   ": ", error.Message()));
}

}  // namespace finder
