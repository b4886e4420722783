#include "cmd/run/run_job.h"

#include <errno.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "cmd/output/output_file.h"
#include "cmd/output/printed_text.h"
#include "cmd/upkeep_command.h"
#include "finder/cache/upkeep/upkeep.h"
#include "finder/session/cache_choice.h"
#include "finder/text/abseil_view.h"

namespace finder {
namespace {

// A command that prints nothing of its own at a replay.
class StoredPayloads : public PayloadReader {
 public:
  explicit StoredPayloads(StoredResult* stored) : stored_(*stored) {}
  absl::Status Check(FileHashes& hashes,
                     const std::vector<size_t>& which) override {
    return stored_.Check(hashes, which);
  }
  PayloadPlace Place(size_t i) const override { return stored_.payload(i); }
  absl::StatusOr<std::string> Read(size_t i) const override {
    return stored_.ReadPayload(i);
  }

 private:
  StoredResult& stored_;
};

}  // namespace

RunJob::RunJob(const CommandLine& command, Program& program)
    : command_(command),
      program_(program),
      report_(*program.err),
      began_ns_(program.clock->BoottimeNs()),
      pool_(command.general.threads.value_or(program.host.processors)) {}

RunJob::~RunJob() = default;

ExitCode RunJob::Fail(const absl::Status& status) {
  report_.Line(Std(status.message()));
  return ExitCode::kRunFailed;
}

std::optional<ExitCode> RunJob::Prepare() {
  if (options().command.empty()) {
    return Fail(absl::InvalidArgumentError(
        "run: no COMMAND; it stands behind --: finder run -e c src -- make"));
  }
  absl::StatusOr<std::vector<std::string>> outputs =
      OutputPaths(options(), program_.working_directory);
  if (!outputs.ok()) return Fail(outputs.status());
  outputs_ = *std::move(outputs);
  process_ = program_.process();
  absl::StatusOr<CommandEnvironment> environment = FilterEnvironment(
      process_.environment, {.keyed = options().keyed_variables,
                             .passed = options().passed_variables,
                             .all = options().env_all});
  if (!environment.ok()) return Fail(environment.status());
  environment_ = *std::move(environment);
  const std::string& name = options().command[0];
  std::optional<std::string> executable =
      FindExecutable(name, environment_.path, *program_.files);
  if (!executable) {
    report_.Line(name + ": there is no such command");
    return static_cast<ExitCode>(kNotFound);
  }
  executable_ = *std::move(executable);
  OpenCache();
  hashes_.emplace(*program_.files, *program_.clock, program_.host, pool_,
                  store_ ? store_->ReadHashes(program_.working_directory) : "");
  inputs_.emplace(command_, program_, *hashes_);
  files_.emplace(*program_.files, *program_.outputs, *hashes_,
                 options().output_outside ? OutsideOutputs::kAllowed
                                          : OutsideOutputs::kRefused);
  return std::nullopt;
}

void RunJob::OpenCache() {
  if (command_.cache.mode == CacheMode::kNone) return;
  const absl::StatusOr<ChosenPlace> place =
      ChooseCachePlace(command_.cache, program_.variables.cache, program_);
  absl::Status status = place.status();
  if (status.ok()) {
    absl::StatusOr<std::unique_ptr<CacheDirectory>> cache =
        CacheDirectory::Open(CacheEnvironmentOf(program_), place->place);
    status = cache.status();
    if (status.ok()) cache_ = *std::move(cache);
  }
  if (!status.ok()) {
    report_.Line(absl::StrCat(status.message(), "; nothing is kept"));
    return;
  }
  store_.emplace(*cache_, options().output_outside ? OutsideOutputs::kAllowed
                                                   : OutsideOutputs::kRefused);
}

absl::Status RunJob::LookAtInputs() {
  std::vector<std::string> left_out;
  if (cache_ != nullptr) left_out.push_back(cache_->path());
  if (!store_) inputs_->UseNoCache();
  absl::Status status = inputs_->Look(left_out, outputs_, environment_,
                                      executable_, process_.umask);
  if (!status.ok()) return status;
  first_ = MakeResultKey(inputs_->ingredients());
  key_ = first_;
  stats_.inputs = inputs_->count();
  stats_.scan_ns = program_.clock->BoottimeNs() - began_ns_;
  return absl::OkStatus();
}

std::optional<StoredResult> RunJob::FindUsable() {
  std::optional<StoredResult> found = store_->Find(key_);
  // One that was kept with --keep-failures is for those who say that, too.
  if (found && found->record().exit_code != 0 && !options().keep_failures) {
    return std::nullopt;
  }
  return found;
}

std::optional<StoredResult> RunJob::LookUp() {
  if (!options().depfile) return FindUsable();
  DiscoveredInputs discovered = store_->FindDiscovered(first_, *hashes_);
  discovered_ = std::move(discovered.inputs);
  if (!discovered.match) return std::nullopt;
  key_ = WithDiscovered(first_, discovered_);
  return FindUsable();
}

ExitCode RunJob::Run() {
  if (absl::Status status = LookAtInputs(); !status.ok()) return Fail(status);
  const bool has_terminal = options().tty && program_.out->IsTerminal();
  if (store_ && options().explain) Explain();
  if (options().dry_run) return SayWhetherItWouldRun();
  if (!store_ || has_terminal) return RunAndKeep();
  bool may_replay = !options().refresh && inputs_->complete();
  if (may_replay) {
    if (std::optional<StoredResult> found = LookUp()) {
      if (auto code = Replay(*std::move(found))) return *code;
      may_replay = false;
    }
  }
  RunLock lock = store_->LockRun(first_, kRunWaitNs);
  if (may_replay) {
    if (std::optional<StoredResult> found = LookUp()) {
      // Others that waited may replay it at the same time.
      lock.Release();
      if (auto code = Replay(*std::move(found))) return *code;
    }
  }
  return RunAndKeep();
}

ExitCode RunJob::SayWhetherItWouldRun() {
  const bool replays = store_ && !options().refresh && inputs_->complete() &&
                       LookUp().has_value();
  return PrintText(replays ? "would replay\n" : "would run\n", program_,
                   replays ? ExitCode::kDone : ExitCode::kNo);
}

std::optional<ResultRecord> RunJob::LastRecord() {
  const std::optional<ResultKey> last =
      store_->FindLast(CommandKey(inputs_->ingredients()));
  if (!last || *last == key_) return std::nullopt;
  const std::optional<StoredResult> stored = store_->Find(*last);
  if (!stored) return std::nullopt;
  return stored->record();
}

void RunJob::Explain() {
  const std::optional<ResultKey> last =
      store_->FindLast(CommandKey(inputs_->ingredients()));
  if (!last) {
    report_.Line("no result of this command is known here");
    return;
  }
  const std::optional<StoredResult> found = LookUp();
  const std::optional<StoredResult> stored = store_->Find(*last);
  if (!stored) {
    report_.Line("its last result is not kept any more");
    return;
  }
  const absl::StatusOr<RecordedIngredients> before = stored->ReadIngredients();
  if (!before.ok()) return;
  const std::vector<std::string> lines =
      ExplainDifference(*before, inputs_->ingredients(), discovered_);
  for (const std::string& line : lines) report_.Line(line);
  if (lines.empty()) report_.Line("nothing changed");
}

std::optional<ExitCode> RunJob::Replay(StoredResult stored) {
  const ResultRecord& record = stored.record();
  const std::optional<ResultRecord> last = LastRecord();
  StoredPayloads payloads(&stored);
  const bool printed = !options().quiet_replay && record.printed_bytes() > 0;
  const absl::StatusOr<RestoreCounts> restored = files_->Restore(
      record, payloads, printed, outputs_, last ? &*last : nullptr);
  if (!restored.ok()) {
    report_.Line(
        absl::StrCat(restored.status().message(), "; the command runs again"));
    if (absl::IsDataLoss(restored.status())) store_->Discard(std::move(stored));
    return std::nullopt;
  }
  ReplayOutcome replayed;
  if (printed) {
    const absl::StatusOr<std::string> bytes = stored.ReadPayload(0);
    if (!bytes.ok()) {
      store_->Discard(std::move(stored));
      return std::nullopt;
    }
    replayed =
        ReplayPrinted(record.chunks, *bytes, *program_.out, *program_.err);
  }
  stats_.outcome = "replayed";
  stats_.restored = *restored;
  stats_.printed_bytes = printed ? record.printed_bytes() : 0;
  stats_.command_ns = record.duration_ns;
  if (command_.general.verbose) {
    report_.Line(absl::StrCat("replayed ", stored.key().digits));
  }
  const ExitCode code = static_cast<ExitCode>(record.exit_code);
  if (last) {
    static_cast<void>(
        store_->NoteLast(CommandKey(inputs_->ingredients()), key_).ok());
  }
  stored.Release();
  return StreamFailure(replayed.out, replayed.err).value_or(code);
}

std::optional<ExitCode> RunJob::StreamFailure(const Outcome& out,
                                              const Outcome& err) {
  const std::pair<std::string_view, const Outcome*> streams[] = {
      {"standard output", &out}, {"standard error", &err}};
  for (const auto& [name, outcome] : streams) {
    if (outcome->ok()) continue;
    if (outcome->error().code() == EPIPE) return ExitCode::kBrokenPipe;
    report_.Line(absl::StrCat(Abseil(name), ": ", outcome->error().Message()));
    return ExitCode::kRunFailed;
  }
  return std::nullopt;
}

void RunJob::End() {
  stats_.total_ns = program_.clock->BoottimeNs() - began_ns_;
  if (hashes_) stats_.hashed = hashes_->counts();
  WriteStats();
  if (!store_) return;
  if (hashes_->has_news()) {
    // Without it the next run reads again.
    static_cast<void>(
        store_->WriteHashes(program_.working_directory, hashes_->Encode())
            .ok());
  }
  cache_->FlushEvents();
  if (program_.processes != nullptr) {
    StartUpkeepIfDue(*cache_, *program_.processes,
                     UpkeepArguments(cache_->path()));
  }
}

void RunJob::WriteStats() {
  const StatsStyle style = command_.general.stats;
  if (style == StatsStyle::kNone || stats_.outcome.empty()) return;
  const std::string text =
      style == StatsStyle::kJson ? RunStatsJson(stats_) : RunStatsTable(stats_);
  if (!command_.general.stats_file) return report_.Write(text);
  absl::StatusOr<std::unique_ptr<OutputFile>> file = OutputFile::Open(
      *program_.files, *command_.general.stats_file, program_.host.user_id);
  if (!file.ok()) {
    report_.Line(Std(file.status().message()));
    return;
  }
  Outcome outcome = (*file)->Write(text);
  if (outcome.ok()) outcome = (*file)->Close();
  if (!outcome.ok()) {
    report_.Line(absl::StrCat(*command_.general.stats_file, ": ",
                              outcome.error().Message()));
  }
}

}  // namespace finder
