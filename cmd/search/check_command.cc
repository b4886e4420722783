#include "cmd/search/check_command.h"

#include <errno.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "cmd/output/answer_list.h"
#include "cmd/output/output_file.h"
#include "cmd/output/printed_path.h"
#include "cmd/search/scan_run.h"
#include "finder/answer/answer_state.h"
#include "finder/facade/finder.h"
#include "finder/kept/answer_home.h"
#include "finder/query/query.h"
#include "finder/query/scan_scope.h"
#include "finder/text/checksum.h"

namespace finder {
namespace {

class CheckRun {
 public:
  CheckRun(const CommandLine& command, Program& program)
      : command_(command), program_(program), run_(command, program) {}

  ExitCode Run();
  void End() {
    // Others may have the answer before upkeep looks for what is in use.
    home_.reset();
    run_.End();
  }

 private:
  ExitCode ChooseExitCode(ExitCode code) const;
  bool needs_state() const {
    return command_.output.telling != Telling::kDigest;
  }
  bool tells_by_code() const {
    return command_.output.telling == Telling::kCheck ||
           command_.output.telling == Telling::kPending;
  }
  absl::Status Open();
  absl::Status OpenOutput();

  void Collect(Finder& finder);
  void CollectSorted(Finder& finder);
  void Add(std::string_view bytes);

  // These say what changed. Before, they have the home make ready to keep the
  // answer, if it did; they fail if that cannot be.
  absl::Status Tell();
  absl::Status TellCheck();
  absl::Status TellPending();
  absl::Status TellChanges();
  absl::Status Prepare(const AnswerStates& next);

  void Print(std::string_view text);
  // To be called when it is told.
  void Keep();

  const CommandLine& command_;
  Program& program_;
  ScanRun run_;
  // Null for --digest. Uses the cache of `run_`.
  std::unique_ptr<AnswerHome> home_;
  Query query_;
  std::optional<CompiledQuery> compiled_;
  std::unique_ptr<OutputFile> file_;  // for --output
  OutputStream* output_ = nullptr;
  Outcome written_;

  StreamingChecksum128 checksum_;
  std::string paths_;  // only for --since-last
  bool changed_ = false;
  bool prepared_ = false;
  bool kept_ = true;  // unless it was to be kept and could not
};

ExitCode CheckRun::Run() {
  if (absl::Status status = Open(); !status.ok()) return run_.Fail(status);
  const absl::StatusOr<Finder*> scanned =
      run_.ScanView(command_.view, ScopeOf(query_, *compiled_, command_.view));
  if (!scanned.ok()) return run_.Fail(scanned.status());
  Finder& finder = **scanned;
  Collect(finder);
  if (absl::Status status = Tell(); !status.ok()) return run_.Fail(status);
  // What is printed is told; an exit code is not before the end.
  if (!tells_by_code()) Keep();
  run_.Save(finder);
  run_.PrintReports(finder);
  const ExitCode code =
      run_.WriteTrace(ChooseExitCode(run_.Completeness(finder)));
  if (!tells_by_code() || code == ExitCode::kFailed) return code;
  Keep();
  return kept_ ? code : ExitCode::kFailed;
}

void CheckRun::Keep() {
  if (home_ == nullptr || !written_.ok()) return;
  if (!prepared_) return home_->NoteUse();
  const absl::Status published = home_->Publish();
  if (published.ok()) return;
  run_.Fail(published);
  kept_ = false;
}

ExitCode CheckRun::ChooseExitCode(ExitCode code) const {
  if (const auto failure = ScanRun::FailureCode(written_)) return *failure;
  if (!kept_) return ExitCode::kFailed;
  const bool says_no = changed_ && tells_by_code();
  return says_no && code != ExitCode::kFailed ? ExitCode::kNo : code;
}

absl::Status CheckRun::Open() {
  query_ = command_.query;
  if (NeedsSorting(command_)) query_.max_results.reset();
  absl::StatusOr<CompiledQuery> compiled = run_.Compile(query_, command_.view);
  if (!compiled.ok()) return compiled.status();
  compiled_ = *std::move(compiled);
  if (absl::Status status = OpenOutput(); !status.ok()) return status;
  const OutputFile* const outputs[] = {file_.get()};
  if (absl::Status status = run_.OpenTrace(outputs); !status.ok()) {
    return status;
  }
  if (!needs_state()) {
    run_.LocateDatabase(command_.view);
    return absl::OkStatus();
  }
  absl::StatusOr<std::unique_ptr<AnswerHome>> home =
      run_.RequireAnswerHome(command_.view);
  if (!home.ok()) return home.status();
  home_ = *std::move(home);
  return absl::OkStatus();
}

absl::Status CheckRun::OpenOutput() {
  output_ = program_.out;
  if (!command_.output.file) return absl::OkStatus();
  absl::StatusOr<std::unique_ptr<OutputFile>> file = OutputFile::Open(
      *program_.files, *command_.output.file, program_.host.user_id);
  if (!file.ok()) return file.status();
  file_ = *std::move(file);
  output_ = file_.get();
  return absl::OkStatus();
}

void CheckRun::Add(std::string_view bytes) {
  checksum_.Add(bytes);
  if (command_.output.telling == Telling::kChanges) paths_ += bytes;
}

void CheckRun::Collect(Finder& finder) {
  if (NeedsSorting(command_)) {
    CollectSorted(finder);
    return;
  }
  finder.Answer(
      *compiled_,
      [this](const Match& match, std::string& out) {
        AppendPath(match, command_.output.path_style,
                   program_.working_directory, out);
        out += '\0';
      },
      [this](std::string_view bytes) {
        Add(bytes);
        return true;
      });
}

void CheckRun::CollectSorted(Finder& finder) {
  const AnswerList list(finder, *compiled_, command_.output.path_style,
                        program_.working_directory);
  uint64_t left = command_.query.max_results.value_or(list.answers().size());
  for (const AnswerList::Answer& answer : list.answers()) {
    if (left-- == 0) return;
    Add(answer.path);
    Add(std::string_view("\0", 1));
  }
}

absl::Status CheckRun::Tell() {
  switch (command_.output.telling) {
    case Telling::kCheck:
      return TellCheck();
    case Telling::kPending:
      return TellPending();
    case Telling::kChanges:
      return TellChanges();
    case Telling::kDigest:
    case Telling::kChecked:
    case Telling::kAnswers:
      break;
  }
  Print(checksum_.Hex() + '\n');
  return absl::OkStatus();
}

absl::Status CheckRun::TellCheck() {
  const AnswerState state = {run_.AnswerKey(), checksum_.Hex()};
  changed_ = home_->kept().Digest(state.key) != state.digest;
  if (!changed_) return absl::OkStatus();
  AnswerStates next = home_->kept();
  next.Keep(state, nullptr);
  return Prepare(next);
}

absl::Status CheckRun::TellPending() {
  const AnswerState state = {run_.AnswerKey(), checksum_.Hex()};
  const AnswerStates& kept = home_->kept();
  changed_ = kept.Digest(state.key) != state.digest;
  const std::optional<std::string> pending = kept.Pending(state.key);
  AnswerStates next = kept;
  if (changed_) {
    if (pending == state.digest) return absl::OkStatus();
    next.SetPending(state);
  } else {
    // Else --checked would keep what is not there any more.
    if (!pending.has_value()) return absl::OkStatus();
    next.DropPending(state.key);
  }
  return Prepare(next);
}

absl::Status CheckRun::TellChanges() {
  const AnswerState state = {run_.AnswerKey(), checksum_.Hex()};
  const AnswerStates& kept = home_->kept();
  changed_ = kept.PathsDigest(state.key) != state.digest;
  const AnswerPaths paths = {state.digest, std::move(paths_)};
  std::string text;
  if (changed_) {
    const std::optional<AnswerPaths> then = kept.Paths(state.key);
    AppendChanges(then.has_value() ? then->paths : "", paths.paths,
                  command_.output.format == OutputFormat::kNul ? '\0' : '\n',
                  output_->IsTerminal() ? Reader::kTerminal : Reader::kProgram,
                  text);
  }
  if (changed_ || kept.Digest(state.key) != state.digest) {
    AnswerStates next = kept;
    next.Keep(state, &paths);
    if (absl::Status status = Prepare(next); !status.ok()) return status;
  }
  Print(text);
  return absl::OkStatus();
}

absl::Status CheckRun::Prepare(const AnswerStates& next) {
  prepared_ = true;
  return home_->Prepare(next);
}

void CheckRun::Print(std::string_view text) {
  if (!text.empty()) written_ = output_->Write(text);
  if (written_.ok()) written_ = output_->Close();
  run_.ReportOutput(command_.output.file.value_or("standard output"), written_);
}

// Takes the first path off a list.
std::string_view TakePath(std::string_view& list) {
  const size_t end = list.find('\0');
  const std::string_view path = list.substr(0, end);
  list.remove_prefix(path.size() + 1);
  return path;
}

// Keeps what is pending, without a look at the tree.
absl::Status PromotePending(const CommandLine& command, ScanRun& run) {
  if (auto compiled = run.Compile(command.query, command.view);
      !compiled.ok()) {
    return compiled.status();
  }
  absl::StatusOr<std::unique_ptr<AnswerHome>> home =
      run.RequireAnswerHome(command.view);
  if (!home.ok()) return home.status();
  AnswerStates next = (*home)->kept();
  if (!next.Promote(run.AnswerKey())) {
    return absl::FailedPreconditionError(
        "--checked: no --check=keep of this view and query has seen a change "
        "that is not kept yet");
  }
  if (absl::Status status = (*home)->Prepare(next); !status.ok()) return status;
  return (*home)->Publish();
}

ExitCode Checked(CommandLine command, Program& program) {
  // Facts are of no use, so no entry with them is looked for and counted.
  command.cache.mode = CacheMode::kRefresh;
  ScanRun run(command, program);
  const absl::Status status = PromotePending(command, run);
  run.End();
  return status.ok() ? ExitCode::kDone : run.Fail(status);
}

}  // namespace

ExitCode Check(const CommandLine& command, Program& program) {
  if (command.output.telling == Telling::kChecked) {
    return Checked(command, program);
  }
  CheckRun run(command, program);
  const ExitCode code = run.Run();
  run.End();
  return code;
}

uint64_t AppendChanges(std::string_view then, std::string_view now,
                       char terminator, Reader reader, std::string& out) {
  uint64_t count = 0;
  const auto append = [&](std::string_view sign, std::string_view path) {
    out += sign;
    if (reader == Reader::kTerminal) {
      AppendForTerminal(path, out);
    } else {
      out += path;
    }
    out += terminator;
    ++count;
  };
  while (!then.empty() || !now.empty()) {
    std::string_view then_rest = then;
    std::string_view now_rest = now;
    const std::string_view old_path =
        then.empty() ? std::string_view() : TakePath(then_rest);
    const std::string_view new_path =
        now.empty() ? std::string_view() : TakePath(now_rest);
    const bool only_new = then.empty() || (!now.empty() && new_path < old_path);
    const bool only_old = now.empty() || (!then.empty() && old_path < new_path);
    if (only_new) append("A ", new_path);
    if (only_old) append("D ", old_path);
    if (!only_new) then = then_rest;
    if (!only_old) now = now_rest;
  }
  return count;
}

}  // namespace finder
