#include "cmd/search/search_command.h"

#include <errno.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "cmd/execution/answer_execution.h"
#include "cmd/format/printed_entry.h"
#include "cmd/output/answer_format.h"
#include "cmd/output/answer_list.h"
#include "cmd/output/ls_colors.h"
#include "cmd/output/match_format.h"
#include "cmd/output/output_file.h"
#include "cmd/output/output_set.h"
#include "cmd/output/terminal.h"
#include "cmd/search/dependency_output.h"
#include "cmd/search/scan_run.h"
#include "cmd/search/verify.h"
#include "finder/facade/finder.h"
#include "finder/query/query.h"
#include "finder/query/scan_scope.h"

namespace finder {
namespace {

// One run of the command: its steps in the order of Run().
class FindRun {
 public:
  FindRun(const CommandLine& command, Program& program)
      : command_(command),
        program_(program),
        run_(command, program),
        query_(command.query),
        files_(*program.files, program.host.user_id),
        dependencies_(command.output, run_, program, files_) {}

  ExitCode Run();
  void End() { run_.End(); }

 private:
  ExitCode Fail(const absl::Status& status) { return run_.Fail(status); }
  bool quiet() const {
    return command_.output.format == OutputFormat::kNothing;
  }
  bool verifies() const { return command_.cache.mode == CacheMode::kVerify; }

  // These return a failure to be printed.
  absl::Status CompileQuery();
  // Says which --at cannot hold an answer.
  void ReportPlaces();
  absl::Status OpenOutput();
  // What has to be known for the answer.
  ScanScope Scope() const;

  std::optional<LsColors> Colors(bool on_terminal) const;
  bool PrintsLinks(bool on_terminal) const;
  void Answer(Finder& finder);
  void Execute(Finder& finder);
  // Appends what is printed of an answer. Called by any thread.
  using Append = absl::FunctionRef<void(const Match&, std::string& out)>;
  void AnswerWith(Finder& finder, Append append);
  void AnswerSorted(Finder& finder, Append append);
  // Fails if a root vanished meanwhile.
  absl::Status Verify(Finder& finder);
  bool Write(std::string_view bytes);
  void CloseOutput(const Finder& finder);
  void CommitFiles(const Finder& finder);
  ExitCode ChooseExitCode(const Finder& finder) const;

  const CommandLine& command_;
  Program& program_;
  ScanRun run_;
  Query query_;
  std::optional<CompiledQuery> compiled_;
  OutputSet files_;  // for --output and --depfile
  OutputStream* output_ = nullptr;
  OutputFile* list_ = nullptr;
  DependencyOutput dependencies_;
  bool files_failed_ = false;
  std::optional<MatchFormat> print_format_;
  // Null unless commands are run with the answers.
  std::unique_ptr<AnswerExecution> execution_;
  bool commands_failed_ = false;
  uint64_t answers_ = 0;
  uint64_t differences_ = 0;
  Outcome written_;
};

ExitCode FindRun::Run() {
  if (absl::Status status = CompileQuery(); !status.ok()) {
    return Fail(status);
  }
  if (absl::Status status = OpenOutput(); !status.ok()) {
    return Fail(status);
  }
  std::vector<const OutputFile*> outputs = {list_};
  for (OutputFile* file : dependencies_.outputs()) outputs.push_back(file);
  if (absl::Status status = run_.OpenTrace(outputs); !status.ok()) {
    return Fail(status);
  }
  ReportPlaces();
  run_.LocateDatabase(command_.view);
  if (list_ != nullptr) dependencies_.AwaitMoment(*list_);
  const absl::StatusOr<Finder*> scanned = run_.ScanView(command_.view, Scope());
  if (!scanned.ok()) return Fail(scanned.status());
  Finder& finder = **scanned;
  if (verifies()) {
    // Without saving: what is found wrong is not to be overwritten.
    if (absl::Status status = Verify(finder); !status.ok()) {
      return Fail(status);
    }
    CloseOutput(finder);
  } else if (execution_ != nullptr) {
    // Commands may take long, and may be interrupted.
    run_.Save(finder);
    Execute(finder);
  } else {
    Answer(finder);
    CloseOutput(finder);
    run_.Save(finder);
  }
  run_.PrintReports(finder);
  return run_.WriteTrace(ChooseExitCode(finder));
}

absl::Status FindRun::CompileQuery() {
  // One answer is enough to know that there is one.
  if (quiet()) query_.max_results = 1;
  if (NeedsSorting(command_)) query_.max_results.reset();
  absl::StatusOr<CompiledQuery> compiled = run_.Compile(query_, command_.view);
  if (!compiled.ok()) return compiled.status();
  compiled_ = *std::move(compiled);
  return absl::OkStatus();
}

void FindRun::ReportPlaces() {
  for (const std::string& at : query_.at) {
    const Result<FileStat> stat =
        program_.files->Stat({}, at, SymlinkPolicy::kFollow);
    std::string reason;
    if (!stat.ok()) {
      reason = stat.error().Message();
    } else if (stat->kind != EntryKind::kDirectory) {
      reason = SystemError(ENOTDIR).Message();
    } else {
      continue;
    }
    run_.report().Line(
        absl::StrCat("--at: ", at, ": ", reason, "; nothing is found there"));
  }
}

absl::Status FindRun::OpenOutput() {
  output_ = program_.out;
  if (command_.output.print_format) {
    absl::StatusOr<MatchFormat> format =
        MatchFormat::Parse(*command_.output.print_format, command_.view,
                           *program_.files, run_.not_asked());
    if (!format.ok()) return format.status();
    print_format_.emplace(*std::move(format));
    for (const std::string& warning : print_format_->warnings()) {
      run_.report().Line("--print-format: " + warning);
    }
  }
  if (command_.execution.any()) {
    absl::StatusOr<std::unique_ptr<AnswerExecution>> execution =
        AnswerExecution::Make(command_, program_, run_.report());
    if (!execution.ok()) return execution.status();
    execution_ = *std::move(execution);
  }
  if (!command_.output.file) return absl::OkStatus();
  absl::StatusOr<OutputFile*> file = files_.Add(*command_.output.file);
  if (!file.ok()) return file.status();
  list_ = *file;
  output_ = list_;
  if (!command_.output.depfile) return absl::OkStatus();
  return dependencies_.Open(*command_.output.depfile, {*command_.output.file});
}

ScanScope FindRun::Scope() const {
  // All that the cache holds is to be compared.
  if (verifies()) return ScanScope();
  ScanScope scope = ScopeOf(query_, *compiled_, command_.view);
  // A depfile says where answers could come from, not where these did.
  if (command_.output.depfile) scope.has_enough = nullptr;
  return scope;
}

// A file is for programs to read.
std::optional<LsColors> FindRun::Colors(bool on_terminal) const {
  if (command_.output.file) return std::nullopt;
  return ChooseColors(command_.general.color, on_terminal, program_.variables);
}

bool FindRun::PrintsLinks(bool on_terminal) const {
  const When when = command_.general.hyperlink;
  const bool able = on_terminal && HasScreen(program_.variables);
  return !command_.output.file && when != When::kNever &&
         (when == When::kAlways || able);
}

void FindRun::Answer(Finder& finder) {
  const bool on_terminal = output_->IsTerminal();
  if (print_format_.has_value()) {
    const PrintedFor reader =
        on_terminal ? PrintedFor::kTerminal : PrintedFor::kProgram;
    return AnswerWith(finder, [&](const Match& match, std::string& out) {
      print_format_->Append(match, reader, out);
    });
  }
  AnswerFormat format(command_.output,
                      on_terminal ? Reader::kTerminal : Reader::kProgram,
                      program_.working_directory, Colors(on_terminal));
  if (PrintsLinks(on_terminal)) format.LinkTo(program_.host.name);
  AnswerWith(finder, [&format](const Match& match, std::string& out) {
    format.Append(match, out);
  });
  if (command_.output.format == OutputFormat::kCount) {
    Write(absl::StrCat(answers_, "\n"));
  }
}

void FindRun::Execute(Finder& finder) {
  OutputOptions options = command_.output;
  options.format = OutputFormat::kNul;
  const AnswerFormat format(options, Reader::kProgram,
                            program_.working_directory);
  const ExecutionResult result = execution_->Run([&] {
    AnswerWith(finder, [&format](const Match& match, std::string& out) {
      format.Append(match, out);
    });
  });
  commands_failed_ = result.failed;
  written_ = result.written;
  CloseOutput(finder);
}

void FindRun::AnswerWith(Finder& finder, Append append) {
  if (NeedsSorting(command_)) {
    AnswerSorted(finder, append);
  } else {
    answers_ =
        finder.Answer(*compiled_, append,
                      [this](std::string_view bytes) { return Write(bytes); });
  }
}

void FindRun::AnswerSorted(Finder& finder, Append append) {
  const AnswerList list(finder, *compiled_, command_.output.path_style,
                        program_.working_directory);
  const uint64_t wanted =
      quiet() ? 1 : command_.query.max_results.value_or(list.answers().size());
  std::string out;
  for (const AnswerList::Answer& answer : list.answers()) {
    if (answers_ == wanted) break;
    ++answers_;
    const size_t slash = answer.path.rfind('/');
    append({answer.path.substr(0, slash + 1), answer.path.substr(slash + 1),
            answer.kind},
           out);
  }
  Write(out);
}

absl::Status FindRun::Verify(Finder& finder) {
  const AnswerList answered(finder, *compiled_, command_.output.path_style,
                            program_.working_directory);
  const absl::StatusOr<Finder*> walker =
      run_.WalkAgain(command_.view, finder.metrics().directories);
  if (!walker.ok()) return walker.status();
  const AnswerList walked(**walker, *compiled_, command_.output.path_style,
                          program_.working_directory);
  std::string out;
  differences_ = AppendDifferences(
      answered.answers(), walked.answers(),
      output_->IsTerminal() ? Reader::kTerminal : Reader::kProgram, out);
  Write(out);
  return absl::OkStatus();
}

bool FindRun::Write(std::string_view bytes) {
  if (execution_ != nullptr) return execution_->Add(bytes);
  if (written_.ok() && !bytes.empty()) written_ = output_->Write(bytes);
  return written_.ok();
}

void FindRun::CloseOutput(const Finder& finder) {
  // With --quiet standard output is not used and may be anything.
  if (quiet()) return;
  if (command_.output.file) {
    CommitFiles(finder);
    return;
  }
  if (written_.ok()) written_ = output_->Close();
  run_.ReportOutput("standard output", written_);
}

void FindRun::CommitFiles(const Finder& finder) {
  std::vector<Outcome> written = {written_};
  const Query* const queries[] = {&query_};
  for (const Outcome& outcome : dependencies_.Write(finder, queries)) {
    written.push_back(outcome);
  }
  if (absl::Status status = files_.Commit(written); !status.ok()) {
    Fail(status);
    files_failed_ = true;
  }
}

ExitCode FindRun::ChooseExitCode(const Finder& finder) const {
  if (const auto failure = ScanRun::FailureCode(written_)) return *failure;
  if (files_failed_) return ExitCode::kFailed;
  if (differences_ > 0 || commands_failed_) return ExitCode::kNo;
  // One answer settles it, whatever else there may be.
  if (quiet() && answers_ > 0) return ExitCode::kDone;
  const ExitCode code = run_.Completeness(finder);
  return code == ExitCode::kDone && quiet() ? ExitCode::kNo : code;
}

}  // namespace

ExitCode Search(const CommandLine& command, Program& program) {
  FindRun run(command, program);
  const ExitCode code = run.Run();
  run.End();
  return code;
}

}  // namespace finder
