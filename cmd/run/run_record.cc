// The part of RunJob that runs the command, and keeps what it did.
#include <errno.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cmd/run/run_job.h"
#include "finder/results/depfile_reader.h"
#include "finder/text/abseil_view.h"

namespace finder {
namespace {

constexpr size_t kMaxDepfileBytes = size_t{64} << 20;

std::string FirstOf(const std::vector<std::string>& all) {
  if (all.size() == 1) return all[0];
  return absl::StrCat(all[0], " and ", all.size() - 1, " more");
}

class NowhereStream : public OutputStream {
 public:
  Outcome Write(std::string_view) override { return {}; }
  Outcome Close() override { return {}; }
  bool IsTerminal() const override { return false; }
};

// What a stream printed, whatever the order of the two was.
std::string StreamOf(const CommandOutcome& outcome, PrintedStream stream) {
  std::string all;
  size_t at = 0;
  for (const OutputChunk& chunk : outcome.chunks) {
    if (chunk.stream == stream) {
      all += std::string_view(outcome.printed).substr(at, chunk.size_bytes);
    }
    at += chunk.size_bytes;
  }
  return all;
}

// The outputs of two runs that are not the same but for their times.
std::vector<std::string> Differences(const std::vector<RecordedOutput>& one,
                                     const std::vector<RecordedOutput>& other) {
  std::vector<std::string> paths;
  auto a = one.begin();
  auto b = other.begin();
  while (a != one.end() || b != other.end()) {
    if (b == other.end() || (a != one.end() && a->path < b->path)) {
      paths.push_back((a++)->path);
    } else if (a == one.end() || b->path < a->path) {
      paths.push_back((b++)->path);
    } else {
      RecordedOutput same_time = *a;
      same_time.modified_ns = b->modified_ns;
      if (same_time != *b) paths.push_back(a->path);
      ++a;
      ++b;
    }
  }
  return paths;
}

}  // namespace

CommandSpec RunJob::Spec() const {
  const bool has_terminal = options().tty && program_.out->IsTerminal();
  return {.arguments = options().command,
          .environment = environment_.seen,
          .recording = has_terminal ? Recording::kOff : Recording::kOn,
          .max_recorded_bytes = options().max_output_bytes,
          .timeout_ns = options().timeout_ns};
}

absl::StatusOr<CommandOutcome> RunJob::Start(const CommandSpec& spec,
                                             OutputStream& out,
                                             OutputStream& err) {
  return RunCommand(spec, *program_.children, *program_.clock, out, err);
}

ExitCode RunJob::StartFailed(const absl::Status& status) {
  Fail(status);
  if (absl::IsNotFound(status)) return static_cast<ExitCode>(kNotFound);
  if (absl::IsPermissionDenied(status)) {
    return static_cast<ExitCode>(kNotExecutable);
  }
  return ExitCode::kRunFailed;
}

ExitCode RunJob::CodeOf(const CommandOutcome& outcome) {
  if (auto failed = StreamFailure(outcome.out, outcome.err)) return *failed;
  if (outcome.timed_out) return ExitCode::kTimedOut;
  const int number = outcome.status.number;
  return outcome.status.how == ExitStatus::How::kExited
             ? static_cast<ExitCode>(number)
             : static_cast<ExitCode>(static_cast<int>(ExitCode::kBySignal) +
                                     number);
}

ExitCode RunJob::RunAndKeep() {
  if (store_ && options().depfile) {
    moment_ =
        ScanMoment::Await(*program_.files, *program_.clock, *options().depfile);
  }
  absl::StatusOr<CommandOutcome> outcome =
      Start(Spec(), *program_.out, *program_.err);
  if (!outcome.ok()) return StartFailed(outcome.status());
  stats_.command_ns = outcome->duration_ns;
  stats_.printed_bytes = outcome->printed.size();
  const ExitCode code = CodeOf(*outcome);
  stats_.outcome = "not kept";
  if (!store_) return code;
  stats_.reason = outcome->fault;
  if (stats_.reason.empty()) {
    stats_.reason = ExitFault(outcome->status, options().keep_failures);
  }
  // Nobody expects that these are kept.
  const bool is_plain = code == ExitCode::kBrokenPipe ||
                        Spec().recording == Recording::kOff ||
                        (outcome->fault.empty() && !stats_.reason.empty());
  if (stats_.reason.empty()) stats_.reason = Keep(*outcome);
  if (stats_.reason.empty()) {
    stats_.outcome = "kept";
    if (command_.general.verbose) report_.Line("kept " + key_.digits);
  } else if (command_.general.verbose || !is_plain) {
    report_.Line("not kept: " + stats_.reason);
  }
  return code;
}

std::string RunJob::Keep(CommandOutcome& outcome) {
  if (!inputs_->complete()) return "some directories could not be read";
  CollectedOutputs collected = files_->Collect(outputs_);
  if (!collected.problems.empty()) {
    return "output " + FirstOf(collected.problems);
  }
  const absl::StatusOr<std::vector<KeyInput>> discovered = ReadDepfile();
  if (!discovered.ok()) return std::string(discovered.status().message());
  const absl::StatusOr<std::vector<std::string>> changes =
      inputs_->FindChanges();
  if (!changes.ok()) return std::string(changes.status().message());
  if (!changes->empty()) return FirstOf(*changes) + " while it ran";
  const absl::Status stored = Store(outcome, collected, *discovered);
  return std::string(stored.message());
}

absl::StatusOr<std::vector<KeyInput>> RunJob::ReadDepfile() {
  std::vector<KeyInput> inputs;
  if (!options().depfile) return inputs;
  const std::string& path = *options().depfile;
  const Result<std::string> text =
      program_.shared_files->Read(DirectoryHandle(), path, kMaxDepfileBytes);
  if (!text.ok()) {
    return absl::UnavailableError(
        absl::StrCat(path, ": ", text.error().Message()));
  }
  const absl::StatusOr<std::vector<std::string>> paths =
      finder::ReadDepfile(text.value());
  if (!paths.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": ", paths.status().message()));
  }
  inputs = inputs_->LookAtDiscovered(*paths, outputs_);
  for (const KeyInput& input : inputs) {
    if (input.fact.kind == FileKind::kAbsent) {
      return absl::FailedPreconditionError(input.path + " went while it ran");
    }
    // Else nobody knows what was in it when the command read it.
    if (!input.fact.proven && !moment_->IsAfter(input.fact.stat)) {
      return absl::FailedPreconditionError(input.path +
                                           " changed while it ran");
    }
  }
  return inputs;
}

absl::Status RunJob::Store(CommandOutcome& outcome, CollectedOutputs& collected,
                           const std::vector<KeyInput>& discovered) {
  const KeyIngredients& ingredients = inputs_->ingredients();
  if (options().depfile) key_ = WithDiscovered(first_, discovered);
  ResultRecord record;
  record.command = options().command;
  record.directory = program_.working_directory;
  record.exit_code = outcome.status.number;
  record.started_ns = outcome.started_ns;
  record.duration_ns = outcome.duration_ns;
  record.chunks = std::move(outcome.chunks);
  record.printed_hash = outcome.printed_hash;
  record.outputs = std::move(collected.outputs);
  std::vector<PayloadSource> payloads;
  payloads.push_back({.bytes = std::move(outcome.printed), .path = ""});
  for (PayloadSource& source : collected.payloads) {
    payloads.push_back(std::move(source));
  }
  const FileCopier copy = [this](const std::string& from,
                                 const std::string& to) -> absl::Status {
    return CopyFile(from, to, cache_->file_permissions(), *program_.files,
                    *program_.outputs);
  };
  const absl::StatusOr<StoreOutcome> stored = store_->Put(
      key_, std::move(record),
      RecordIngredients(ingredients, discovered, outcome.started_ns), payloads,
      copy);
  if (!stored.ok()) return stored.status();
  if (*stored == StoreOutcome::kTooLarge) {
    return absl::ResourceExhaustedError("the cache has no room for it");
  }
  if (*stored != StoreOutcome::kStored) {
    return absl::UnavailableError("the cache is being worked on");
  }
  if (options().depfile) {
    absl::Status added = store_->AddDiscovered(first_, discovered);
    if (!added.ok()) return added;
  }
  // Only --explain and the removal of old outputs miss it.
  static_cast<void>(store_->NoteLast(CommandKey(ingredients), key_).ok());
  return absl::OkStatus();
}

ExitCode RunJob::RunTwice() {
  if (absl::Status status = LookAtInputs(); !status.ok()) return Fail(status);
  CommandSpec spec = Spec();
  spec.recording = Recording::kOn;
  const absl::StatusOr<CommandOutcome> first =
      Start(spec, *program_.out, *program_.err);
  if (!first.ok()) return StartFailed(first.status());
  const CollectedOutputs made = files_->Collect(outputs_);
  NowhereStream nowhere;
  const absl::StatusOr<CommandOutcome> second = Start(spec, nowhere, nowhere);
  if (!second.ok()) return StartFailed(second.status());
  const CollectedOutputs made_again = files_->Collect(outputs_);

  std::vector<std::string> lines;
  for (const CommandOutcome* outcome : {&*first, &*second}) {
    if (!outcome->fault.empty()) lines.push_back(outcome->fault);
  }
  for (const std::string& problem : made_again.problems) {
    lines.push_back("output " + problem);
  }
  if (first->status != second->status) lines.push_back("exit code differs");
  for (const auto& [stream, name] :
       {std::pair(PrintedStream::kStdout, "standard output differs"),
        std::pair(PrintedStream::kStderr, "standard error differs")}) {
    if (StreamOf(*first, stream) != StreamOf(*second, stream)) {
      lines.push_back(name);
    }
  }
  for (const std::string& path :
       Differences(made.outputs, made_again.outputs)) {
    lines.push_back(path + " differs");
  }
  for (const std::string& line : lines) report_.Line(line);
  return lines.empty() ? CodeOf(*first) : ExitCode::kNo;
}

}  // namespace finder
