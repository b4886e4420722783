#include "cmd/find_command.h"

#include <errno.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "cmd/answer_format.h"
#include "cmd/answer_list.h"
#include "cmd/output_file.h"
#include "cmd/scan_run.h"
#include "cmd/verify.h"
#include "finder/finder.h"
#include "finder/query.h"

namespace finder {
namespace {

// One run of the command: its steps in the order of Run().
class FindRun {
 public:
  FindRun(const CommandLine& command, Session& session)
      : command_(command),
        session_(session),
        run_(command, session),
        query_(command.query) {}

  ExitCode Run();

 private:
  ExitCode Fail(const absl::Status& status) { return run_.Fail(status); }
  bool quiet() const {
    return command_.output.format == OutputFormat::kNothing;
  }
  bool verifies() const { return command_.cache.mode == CacheMode::kVerify; }

  // Whether the order of the printed paths is not that of the walk.
  bool needs_sorting() const {
    return command_.output.path_style == PathStyle::kAbsolute &&
           command_.view.roots.size() > 1;
  }

  // These return a failure to be printed.
  absl::Status CompileQuery();
  absl::Status OpenOutput();

  void Answer(Finder& finder);
  void AnswerSorted(Finder& finder, const AnswerFormat& format);
  // Fails if a root vanished meanwhile.
  absl::Status Verify(Finder& finder);
  bool Write(std::string_view bytes);
  void CloseOutput();
  ExitCode ChooseExitCode(const Finder& finder) const;

  const CommandLine& command_;
  Session& session_;
  ScanRun run_;
  Query query_;
  std::optional<CompiledQuery> compiled_;
  std::unique_ptr<OutputFile> file_;  // for --output
  OutputStream* output_ = nullptr;
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
  run_.LocateDatabase(command_.view);

  Finder& finder = run_.NewFinder(command_.view, run_.location().use);
  if (absl::Status status = finder.Scan(); !status.ok()) {
    return Fail(status);
  }
  if (verifies()) {
    // Without saving: what is found wrong is not to be overwritten.
    if (absl::Status status = Verify(finder); !status.ok()) {
      return Fail(status);
    }
    CloseOutput();
  } else {
    Answer(finder);
    CloseOutput();
    if (absl::Status status = finder.Save(); !status.ok()) Fail(status);
  }
  run_.PrintReports(finder);
  return ChooseExitCode(finder);
}

absl::Status FindRun::CompileQuery() {
  // One answer is enough to know that there is one.
  if (quiet()) query_.max_results = 1;
  if (needs_sorting()) query_.max_results.reset();
  if (absl::StatusOr<ViewRules> rules = ViewRules::Compile(command_.view);
      !rules.ok()) {
    return rules.status();
  }
  absl::StatusOr<CompiledQuery> compiled =
      CompiledQuery::Compile(query_, command_.view);
  if (!compiled.ok()) return compiled.status();
  compiled_ = *std::move(compiled);
  return absl::OkStatus();
}

absl::Status FindRun::OpenOutput() {
  output_ = session_.out;
  if (!command_.output.file) return absl::OkStatus();
  absl::StatusOr<std::unique_ptr<OutputFile>> file =
      OutputFile::Open(*session_.files, *command_.output.file);
  if (!file.ok()) return file.status();
  file_ = *std::move(file);
  output_ = file_.get();
  return absl::OkStatus();
}

void FindRun::Answer(Finder& finder) {
  const bool on_terminal = output_->IsTerminal();
  const AnswerFormat format(command_.output,
                            on_terminal ? Reader::kTerminal : Reader::kProgram,
                            session_.working_directory);
  if (needs_sorting()) {
    AnswerSorted(finder, format);
  } else {
    answers_ = finder.Answer(
        *compiled_,
        [&format](const Match& match, std::string& out) {
          format.Append(match, out);
        },
        [this](std::string_view bytes) { return Write(bytes); });
  }
  if (command_.output.format == OutputFormat::kCount) {
    Write(absl::StrCat(answers_, "\n"));
  }
}

void FindRun::AnswerSorted(Finder& finder, const AnswerFormat& format) {
  const AnswerList list(finder, *compiled_, command_.output.path_style,
                        session_.working_directory);
  const uint64_t wanted =
      quiet() ? 1 : command_.query.max_results.value_or(list.answers().size());
  std::string out;
  for (const AnswerList::Answer& answer : list.answers()) {
    if (answers_ == wanted) break;
    ++answers_;
    const size_t slash = answer.path.rfind('/');
    format.Append({answer.path.substr(0, slash + 1),
                   answer.path.substr(slash + 1), answer.type},
                  out);
  }
  Write(out);
}

absl::Status FindRun::Verify(Finder& finder) {
  const AnswerList answered(finder, *compiled_, command_.output.path_style,
                            session_.working_directory);
  Finder& walker = run_.NewFinder(command_.view, CacheUse::kNone);
  if (absl::Status status = walker.Scan(); !status.ok()) return status;
  const AnswerList walked(walker, *compiled_, command_.output.path_style,
                          session_.working_directory);
  std::string out;
  differences_ = AppendDifferences(
      answered.answers(), walked.answers(),
      output_->IsTerminal() ? Reader::kTerminal : Reader::kProgram, out);
  Write(out);
  return absl::OkStatus();
}

bool FindRun::Write(std::string_view bytes) {
  if (written_.ok() && !bytes.empty()) written_ = output_->Write(bytes);
  return written_.ok();
}

void FindRun::CloseOutput() {
  // With --quiet standard output is not used and may be anything.
  if (quiet()) return;
  if (written_.ok()) written_ = output_->Close();
  run_.ReportOutput(command_.output.file.value_or("standard output"), written_);
}

ExitCode FindRun::ChooseExitCode(const Finder& finder) const {
  if (!written_.ok()) {
    return written_.error().code() == EPIPE ? ExitCode::kBrokenPipe
                                            : ExitCode::kFailed;
  }
  if (differences_ > 0) return ExitCode::kNo;
  // One answer settles it, whatever else there may be.
  if (quiet() && answers_ > 0) return ExitCode::kDone;
  const ExitCode code = run_.Completeness(finder);
  return code == ExitCode::kDone && quiet() ? ExitCode::kNo : code;
}

}  // namespace

ExitCode Find(const CommandLine& command, Session& session) {
  return FindRun(command, session).Run();
}

}  // namespace finder
