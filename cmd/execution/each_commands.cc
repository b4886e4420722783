#include "cmd/execution/each_commands.h"

#include <errno.h>

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cmd/output/report.h"
#include "finder/text/abseil_view.h"
#include "finder/threads/thread_pool.h"

namespace finder {
namespace {

// Answers that wait for a command; whoever adds more runs one itself.
constexpr size_t kMostQueued = 4096;
// What a command may have written before its turn without waiting for it.
constexpr size_t kMostWaitingBytes = size_t{1} << 20;
// The same of commands that have ended, all together.
constexpr size_t kMostFinishedBytes = size_t{16} << 20;
constexpr size_t kMostFinished = 4096;
constexpr size_t kReadBytes = size_t{64} << 10;

using From = ChildRead::From;

// A line of ours among the output of commands.
class TextStream final : public OutputStream {
 public:
  Outcome Write(std::string_view bytes) override {
    text += bytes;
    return {};
  }
  Outcome Close() override { return {}; }
  bool IsTerminal() const override { return false; }

  std::string text;
};

std::string Line(std::string_view message) {
  TextStream stream;
  Report(stream).Line(message);
  return stream.text;
}

}  // namespace

// The output of one job, kept as long as it is not its turn.
class EachCommands::JobOutput {
 public:
  JobOutput(EachCommands& commands, uint64_t number)
      : commands_(commands), number_(number) {}

  // False: it is of no use any more.
  bool Add(From from, std::string_view text) {
    if (!has_turn_) has_turn_ = commands_.IsTurnOf(number_);
    kept_.chunks.push_back({from, std::string(text)});
    kept_.bytes += text.size();
    if (!has_turn_ && kept_.bytes > kMostWaitingBytes) TakeTurn();
    if (has_turn_) Flush();
    return !commands_.stopped();
  }

  void End(Ending ending) {
    if (!has_turn_) {
      kept_.ending = ending;
      if (commands_.Leave(number_, kept_)) return;
      TakeTurn();
    }
    Flush();
    commands_.EndTurn(ending);
  }

 private:
  void TakeTurn() {
    commands_.AwaitTurnOf(number_);
    has_turn_ = true;
  }
  void Flush() {
    commands_.Write(kept_.chunks);
    kept_ = Finished();
  }

  EachCommands& commands_;
  const uint64_t number_;
  bool has_turn_ = false;
  Finished kept_;
};

EachCommands::EachCommands(std::vector<CommandTemplate> commands,
                           ChildProcesses& children, OutputStream& out,
                           OutputStream& err, unsigned threads)
    : commands_(std::move(commands)),
      children_(children),
      out_(out),
      err_(err),
      threads_(threads) {}

ExecutionResult EachCommands::Run(absl::FunctionRef<void()> answer) {
  ThreadPool pool(threads_);
  pool.Run(threads_, [this, answer](unsigned index) {
    if (index == 0) {
      answer();
      absl::MutexLock lock(&mutex_);
      closed_ = true;
    }
    Work();
  });
  absl::MutexLock lock(&mutex_);
  return result_;
}

bool EachCommands::Add(std::string_view path) {
  Job job;
  {
    absl::MutexLock lock(&mutex_);
    if (stopped_) return false;
    queue_.push_back({added_++, std::string(path)});
    if (threads_ > 1 && queue_.size() <= kMostQueued) return true;
    job = std::move(queue_.front());
    queue_.pop_front();
  }
  RunJob(job);
  return !stopped();
}

void EachCommands::Work() {
  Job job;
  while (Take(job)) RunJob(job);
}

bool EachCommands::Take(Job& job) {
  absl::MutexLock lock(&mutex_);
  const auto may_take = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopped_ || closed_ || !queue_.empty();
  };
  mutex_.Await(absl::Condition(&may_take));
  if (stopped_ || queue_.empty()) return false;
  job = std::move(queue_.front());
  queue_.pop_front();
  return true;
}

void EachCommands::RunJob(const Job& job) {
  JobOutput output(*this, job.number);
  output.End(RunCommands(job, output));
}

EachCommands::Ending EachCommands::RunCommands(const Job& job,
                                               JobOutput& output) {
  std::string buffer(threads_ > 1 ? kReadBytes : 0, '\0');
  for (const CommandTemplate& command : commands_) {
    ChildCommand child_command;
    child_command.arguments = command.For(job.path);
    if (threads_ > 1) {
      child_command.in = ChildStream::kNull;
      child_command.out = ChildStream::kPipe;
      child_command.err = ChildStream::kPipe;
    }
    Result<std::unique_ptr<ChildProcess>> child =
        children_.Start(child_command);
    if (!child.ok()) {
      std::string message;
      const Ending ending = CouldNotStart(command, job, child.error(), message);
      output.Add(From::kError, Line(message));
      return ending;
    }
    while (threads_ > 1) {
      const Result<ChildRead> read =
          child.value()->Read(buffer.data(), buffer.size());
      if (!read.ok() || read->from == From::kEnd) break;
      const std::string_view text(buffer.data(), read->size_bytes);
      if (!output.Add(read->from, text)) return Ending::kFailed;
    }
    const Result<ExitStatus> status = child.value()->Wait();
    if (!status.ok() || !status->succeeded()) return Ending::kFailed;
  }
  return Ending::kDone;
}

EachCommands::Ending EachCommands::CouldNotStart(const CommandTemplate& command,
                                                 const Job& job,
                                                 SystemError error,
                                                 std::string& message) const {
  const bool is_program = error.code() == ENOENT || error.code() == EACCES;
  message = absl::StrCat(is_program ? command.For(job.path)[0] : job.path, ": ",
                         error.Message());
  return is_program && command.has_fixed_program() ? Ending::kHopeless
                                                   : Ending::kFailed;
}

bool EachCommands::IsTurnOf(uint64_t number) {
  absl::MutexLock lock(&mutex_);
  return turn_ == number;
}

void EachCommands::AwaitTurnOf(uint64_t number) {
  absl::MutexLock lock(&mutex_);
  const auto may_go_on = [this, number]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(
                             mutex_) { return stopped_ || turn_ == number; };
  mutex_.Await(absl::Condition(&may_go_on));
}

bool EachCommands::stopped() {
  absl::MutexLock lock(&mutex_);
  return stopped_;
}

void EachCommands::Write(const std::vector<Chunk>& chunks) {
  for (const Chunk& chunk : chunks) {
    if (stopped()) return;
    if (chunk.from == From::kError) {
      // There is nowhere left to complain.
      static_cast<void>(err_.Write(chunk.text));
      continue;
    }
    const Outcome written = out_.Write(chunk.text);
    if (written.ok()) continue;
    absl::MutexLock lock(&mutex_);
    result_.written = written;
    stopped_ = true;
  }
}

bool EachCommands::Leave(uint64_t number, Finished& finished) {
  absl::MutexLock lock(&mutex_);
  if (stopped_) return true;
  if (turn_ == number || finished_.size() >= kMostFinished ||
      finished_bytes_ + finished.bytes > kMostFinishedBytes) {
    return false;
  }
  finished_bytes_ += finished.bytes;
  finished_.emplace(number, std::move(finished));
  return true;
}

void EachCommands::EndTurn(Ending ending) {
  while (true) {
    Finished next;
    {
      absl::MutexLock lock(&mutex_);
      if (stopped_) return;
      result_.failed |= ending != Ending::kDone;
      stopped_ = ending == Ending::kHopeless;
      ++turn_;
      const auto found = finished_.find(turn_);
      if (stopped_ || found == finished_.end()) return;
      next = std::move(found->second);
      finished_.erase(found);
      finished_bytes_ -= next.bytes;
    }
    Write(next.chunks);
    ending = next.ending;
  }
}

}  // namespace finder
