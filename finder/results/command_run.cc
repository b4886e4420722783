#include "finder/results/command_run.h"

#include <errno.h>

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace finder {
namespace {

constexpr int64_t kNsPerMs = 1'000'000;

// What a pipe holds.
constexpr size_t kBufferBytes = 64 * 1024;

// How often a silent or a talkative command is asked whether it has ended while
// somebody else holds its streams.
constexpr int64_t kLookMs = 50;

// How long such a process is listened to after the command has ended.
constexpr int64_t kLingerNs = 1000 * kNsPerMs;

// How long a command may take to end after it was asked to.
constexpr int64_t kGraceNs = 5000 * kNsPerMs;

// One run: the steps of Run().
class Run {
 public:
  Run(const CommandSpec& spec, Clock& clock, OutputStream& out,
      OutputStream& err)
      : spec_(spec),
        clock_(clock),
        out_(out),
        err_(err),
        began_ns_(clock.BoottimeNs()),
        buffer_(kBufferBytes) {
    outcome_.started_ns = clock.RealtimeNs();
  }

  absl::StatusOr<CommandOutcome> Wait(ChildProcess& child);

 private:
  // Reads until both streams end, or nothing more is to be expected.
  void Listen(ChildProcess& child);
  void Take(ChildRead::From from, std::string_view bytes, ChildProcess& child);
  void Record(PrintedStream stream, std::string_view bytes);
  void PassOn(OutputStream& to, Outcome& outcome, std::string_view bytes,
              ChildProcess& child);
  // Looks after the time: whether the command has ended, or should.
  void LookAfter(ChildProcess& child);
  void SetFault(std::string_view fault) {
    if (outcome_.fault.empty()) outcome_.fault = std::string(fault);
  }
  int64_t ElapsedNs() const { return clock_.BoottimeNs() - began_ns_; }

  const CommandSpec& spec_;
  Clock& clock_;
  OutputStream& out_;
  OutputStream& err_;
  const int64_t began_ns_;
  std::vector<char> buffer_;
  CommandOutcome outcome_;
  ContentHasher hasher_;
  std::optional<int64_t> ended_ns_;  // when it was seen that it has
  int64_t looked_ns_ = 0;
  bool killed_ = false;
};

void Run::LookAfter(ChildProcess& child) {
  const int64_t now_ns = ElapsedNs();
  looked_ns_ = now_ns;
  if (!ended_ns_) {
    const Result<std::optional<ExitStatus>> ended = child.HasEnded();
    if (ended.ok() && ended.value().has_value()) ended_ns_ = now_ns;
  }
  if (ended_ns_ || !spec_.timeout_ns || now_ns < *spec_.timeout_ns) return;
  if (!outcome_.timed_out) {
    outcome_.timed_out = true;
    static_cast<void>(child.SendSignal(kTerminateSignal).ok());
  } else if (!killed_ && now_ns >= *spec_.timeout_ns + kGraceNs) {
    killed_ = true;
    static_cast<void>(child.SendSignal(kKillSignal).ok());
  }
}

void Run::Listen(ChildProcess& child) {
  for (;;) {
    const Result<ChildRead> read =
        child.Read(buffer_.data(), buffer_.size(), kLookMs);
    if (!read.ok()) {
      SetFault("its output could not be read: " + read.error().Message());
      return;
    }
    if (read->from == ChildRead::From::kEnd) return;
    const bool silent = read->from == ChildRead::From::kTimeout;
    if (!silent) {
      Take(read->from, {buffer_.data(), read->size_bytes}, child);
    }
    if (!silent && ElapsedNs() - looked_ns_ < kLookMs * kNsPerMs) continue;
    LookAfter(child);
    if (!ended_ns_) continue;
    if (silent || ElapsedNs() - *ended_ns_ > kLingerNs) {
      SetFault("a process that it left behind holds its output open");
      return;
    }
  }
}

void Run::Take(ChildRead::From from, std::string_view bytes,
               ChildProcess& child) {
  const bool is_out = from == ChildRead::From::kOutput;
  PassOn(is_out ? out_ : err_, is_out ? outcome_.out : outcome_.err, bytes,
         child);
  Record(is_out ? PrintedStream::kStdout : PrintedStream::kStderr, bytes);
}

void Run::PassOn(OutputStream& to, Outcome& outcome, std::string_view bytes,
                 ChildProcess& child) {
  if (!outcome.ok()) return;
  outcome = to.Write(bytes);
  if (outcome.ok()) return;
  SetFault("its output could not be passed on");
  // What would have ended it if it had written itself.
  if (outcome.error().code() == EPIPE) {
    static_cast<void>(child.SendSignal(kBrokenPipeSignal).ok());
  }
}

void Run::Record(PrintedStream stream, std::string_view bytes) {
  if (!outcome_.fault.empty()) return;
  std::vector<OutputChunk>& chunks = outcome_.chunks;
  if (outcome_.printed.size() + bytes.size() > spec_.max_recorded_bytes ||
      chunks.size() == kMaxChunks) {
    SetFault(absl::StrCat("it printed more than ", spec_.max_recorded_bytes,
                          " bytes"));
    outcome_.printed = std::string();
    chunks.clear();
    return;
  }
  if (chunks.empty() || chunks.back().stream != stream) {
    chunks.push_back({stream, 0});
  }
  chunks.back().size_bytes += bytes.size();
  outcome_.printed.append(bytes);
  hasher_.Add(bytes);
}

absl::StatusOr<CommandOutcome> Run::Wait(ChildProcess& child) {
  if (spec_.recording == Recording::kOn) Listen(child);
  if (spec_.recording == Recording::kOff) SetFault("it was not recorded");
  // A command may go on with its streams closed.
  while (spec_.timeout_ns && !ended_ns_) {
    LookAfter(child);
    if (!ended_ns_) clock_.SleepNs(kLookMs * kNsPerMs / 10);
  }
  const Result<ExitStatus> status = child.Wait();
  if (!status.ok()) {
    return absl::UnavailableError(
        absl::StrCat(spec_.arguments[0], ": ", status.error().Message()));
  }
  outcome_.status = status.value();
  outcome_.duration_ns = ElapsedNs();
  if (outcome_.timed_out) SetFault("it took too long");
  outcome_.printed_hash = hasher_.Finish();
  return std::move(outcome_);
}

absl::Status StartFailure(const std::string& program, SystemError error) {
  const std::string message = absl::StrCat(program, ": ", error.Message());
  switch (error.code()) {
    case ENOENT:
    case ENOTDIR:
      return absl::NotFoundError(message);
    case EACCES:
    case ENOEXEC:
    case EISDIR:
      return absl::PermissionDeniedError(message);
    default:
      return absl::UnavailableError(message);
  }
}

}  // namespace

std::string ExitFault(const ExitStatus& status, bool keeps_failures) {
  if (status.how == ExitStatus::How::kSignalled) {
    return absl::StrCat("it was ended by signal ", status.number);
  }
  if (status.number == 0) return "";
  // Shells say so of what they could not start, or what a signal has ended.
  const bool is_accident = status.number >= kNotExecutable;
  if (keeps_failures && !is_accident) return "";
  return absl::StrCat("it exited with ", status.number);
}

absl::StatusOr<CommandOutcome> RunCommand(const CommandSpec& spec,
                                          ChildProcesses& children,
                                          Clock& clock, OutputStream& out,
                                          OutputStream& err) {
  Run run(spec, clock, out, err);
  ChildCommand command;
  command.arguments = spec.arguments;
  command.environment = spec.environment;
  command.takes_signals = true;
  command.inherit_descriptors = true;  // a jobserver's
  if (spec.recording == Recording::kOn) {
    command.in = ChildStream::kNull;
    command.out = ChildStream::kPipe;
    command.err = ChildStream::kPipe;
  }
  Result<std::unique_ptr<ChildProcess>> child = children.Start(command);
  if (!child.ok()) return StartFailure(spec.arguments[0], child.error());
  return run.Wait(*child.value());
}

ReplayOutcome ReplayPrinted(const std::vector<OutputChunk>& chunks,
                            std::string_view printed, OutputStream& out,
                            OutputStream& err) {
  ReplayOutcome outcome;
  for (const OutputChunk& chunk : chunks) {
    const std::string_view bytes = printed.substr(0, chunk.size_bytes);
    printed.remove_prefix(bytes.size());
    const bool is_out = chunk.stream == PrintedStream::kStdout;
    Outcome& written = is_out ? outcome.out : outcome.err;
    if (!written.ok()) continue;
    written = (is_out ? out : err).Write(bytes);
    // The command would have ended there, with all else it had to say.
    if (!written.ok() && written.error().code() == EPIPE) break;
  }
  return outcome;
}

}  // namespace finder
