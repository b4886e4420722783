#include "cmd/search/plan_command.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "cmd/output/output_file.h"
#include "cmd/output/output_set.h"
#include "cmd/search/dependency_output.h"
#include "cmd/search/scan_run.h"
#include "finder/answer/plan.h"
#include "finder/facade/finder.h"
#include "finder/query/query.h"
#include "finder/query/reach.h"
#include "finder/query/scan_scope.h"
#include "finder/text/abseil_view.h"
#include "fs/file_system.h"

namespace finder {
namespace {

// Far more than anybody writes; less than what would fill the memory.
constexpr int64_t kMostPlanBytes = int64_t{256} << 20;

class PlanRun {
 public:
  PlanRun(const CommandLine& command, Program& program)
      : command_(command),
        program_(program),
        run_(command, program),
        files_(*program.files, program.host.user_id),
        dependencies_(command.output, run_, program, files_) {}

  ExitCode Run();
  void End() { run_.End(); }

 private:
  // These return a failure to be printed.
  std::string PlanName() const;
  absl::StatusOr<std::string> ReadPlan() const;
  absl::Status Prepare();
  absl::Status CheckDepfile() const;
  absl::Status OpenOutputs();
  absl::Status AddOutput(const PlanOutput& output);
  absl::Status CompileQueries();

  // What has to be known for all lists together.
  ScanScope Scope() const;
  void Answer(Finder& finder);
  absl::Status Commit(const Finder& finder);
  absl::Status OpenDepfile();
  absl::Status OpenTrace();

  const CommandLine& command_;
  Program& program_;
  ScanRun run_;
  Plan plan_;
  OutputSet files_;
  DependencyOutput dependencies_;
  // One for each list, in order, and then those of `dependencies_`.
  std::vector<OutputFile*> outputs_;
  std::vector<Outcome> written_;
  std::vector<CompiledQuery> queries_;
};

ExitCode PlanRun::Run() {
  if (absl::Status status = Prepare(); !status.ok()) return run_.Fail(status);
  run_.LocateDatabase(plan_.view);
  dependencies_.AwaitMoment(*outputs_.front());
  const absl::StatusOr<Finder*> scanned = run_.ScanView(plan_.view, Scope());
  if (!scanned.ok()) return run_.Fail(scanned.status());
  Finder& finder = **scanned;
  Answer(finder);
  const absl::Status committed = Commit(finder);
  if (!committed.ok()) run_.Fail(committed);
  run_.Save(finder);
  run_.PrintReports(finder);
  return run_.WriteTrace(committed.ok() ? run_.Completeness(finder)
                                        : ExitCode::kFailed);
}

std::string PlanRun::PlanName() const {
  return *command_.plan == "-" ? "standard input" : *command_.plan;
}

absl::StatusOr<std::string> PlanRun::ReadPlan() const {
  const std::string& path = *command_.plan;
  const auto fail = [path = PlanName()](std::string_view reason) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": ", Abseil(reason)));
  };
  if (path == "-") {
    Result<std::string> text = program_.in->ReadAll(kMostPlanBytes);
    if (!text.ok()) return fail(text.error().Message());
    return std::move(text).value();
  }
  const Result<FileStat> kind =
      program_.files->Stat({}, path, SymlinkPolicy::kFollow);
  if (!kind.ok()) return fail(kind.error().Message());
  if (kind->kind == EntryKind::kDirectory) {
    return fail("a directory; --plan takes a file of JSON");
  }
  if (kind->kind != EntryKind::kFile) {
    return fail("not a regular file, as --plan takes");
  }
  if (kind->size_bytes == 0) return fail("an empty plan; it needs \"lists\"");
  auto file = program_.files->OpenFile(path, SymlinkPolicy::kFollow);
  if (!file.ok()) return fail(file.error().Message());
  const Result<FileStat> stat = file.value()->Stat();
  if (!stat.ok()) return fail(stat.error().Message());
  if (stat->size_bytes > kMostPlanBytes) return fail("too large for a plan");
  std::string text(static_cast<size_t>(stat->size_bytes), '\0');
  const Result<size_t> read = file.value()->ReadAt(0, text.data(), text.size());
  if (!read.ok()) return fail(read.error().Message());
  text.resize(read.value());
  return text;
}

absl::Status PlanRun::Prepare() {
  absl::StatusOr<std::string> text = ReadPlan();
  if (!text.ok()) return text.status();
  absl::StatusOr<Plan> plan = ParsePlan(*text, PlanName());
  if (!plan.ok()) return plan.status();
  plan_ = *std::move(plan);
  if (command_.output.depfile) {
    if (plan_.depfile) {
      return absl::InvalidArgumentError(
          absl::StrCat(plan_.depfile->place, ": --depfile names another one"));
    }
    plan_.depfile = {*command_.output.depfile, "--depfile"};
  }
  if (absl::Status status = CheckDepfile(); !status.ok()) return status;
  if (absl::Status status = CompileQueries(); !status.ok()) return status;
  return OpenOutputs();
}

// A depfile names directories, whose stamps say nothing of what is asked of the
// entries themselves.
absl::Status PlanRun::CheckDepfile() const {
  if (!plan_.depfile) return absl::OkStatus();
  for (const PlanList& list : plan_.lists) {
    if (!list.query.asks_entries()) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(list.output.place,
                     ": no depfile can stand for a list by size or time, or "
                     "by what git tracks"));
  }
  return absl::OkStatus();
}

absl::Status PlanRun::CompileQueries() {
  for (const PlanList& list : plan_.lists) {
    absl::StatusOr<CompiledQuery> query = run_.Compile(list.query, plan_.view);
    if (!query.ok()) return query.status();
    queries_.push_back(*std::move(query));
  }
  return absl::OkStatus();
}

absl::Status PlanRun::AddOutput(const PlanOutput& output) {
  absl::StatusOr<OutputFile*> file = files_.Add(output.path);
  if (!file.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(output.place, ": ", file.status().message()));
  }
  outputs_.push_back(*file);
  return absl::OkStatus();
}

absl::Status PlanRun::OpenOutputs() {
  for (const PlanList& list : plan_.lists) {
    if (absl::Status status = AddOutput(list.output); !status.ok()) {
      return status;
    }
  }
  if (plan_.depfile) {
    if (absl::Status status = OpenDepfile(); !status.ok()) return status;
  }
  if (command_.output.depfile_stamp && !plan_.depfile) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--depfile-stamp needs --depfile or a depfile in ", *command_.plan));
  }
  return OpenTrace();
}

absl::Status PlanRun::OpenTrace() {
  std::vector<const OutputFile*> others(outputs_.begin(), outputs_.end());
  if (*command_.plan == "-") return run_.OpenTrace(others);
  // Not the plan itself.
  absl::StatusOr<std::unique_ptr<OutputFile>> plan =
      OutputFile::Open(*program_.files, *command_.plan, program_.host.user_id);
  const bool overwrites =
      plan.ok() &&
      std::any_of(outputs_.begin(), outputs_.end(),
                  [&plan](const OutputFile* output) {
                    return output->identity() == (*plan)->identity();
                  });
  if (overwrites) {
    return absl::InvalidArgumentError(
        absl::StrCat(*command_.plan, ": the plan names itself as an output"));
  }
  if (plan.ok()) others.push_back(plan->get());
  return run_.OpenTrace(others);
}

absl::Status PlanRun::OpenDepfile() {
  std::vector<std::string> targets;
  for (const PlanList& list : plan_.lists) targets.push_back(list.output.path);
  absl::Status status = dependencies_.Open(plan_.depfile->path, targets);
  if (!status.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(plan_.depfile->place, ": ", status.message()));
  }
  for (OutputFile* file : dependencies_.outputs()) outputs_.push_back(file);
  return status;
}

ScanScope PlanRun::Scope() const {
  ScanScope scope;
  scope.reach = Reach::Of(plan_.lists.front().query);
  for (const PlanList& list : plan_.lists) {
    scope.reach.Join(Reach::Of(list.query));
  }
  scope.asks_target = [this](std::string_view name) {
    return std::any_of(
        queries_.begin(), queries_.end(),
        [name](const CompiledQuery& query) { return query.AsksTarget(name); });
  };
  return scope;
}

void PlanRun::Answer(Finder& finder) {
  written_.resize(plan_.lists.size());
  std::vector<QueryOutput> answers;
  for (size_t i = 0; i < plan_.lists.size(); ++i) {
    const char terminator = static_cast<char>(plan_.lists[i].terminator);
    QueryOutput& answer = answers.emplace_back();
    answer.query = &queries_[i];
    answer.format = [terminator](const Match& match, std::string& out) {
      out += match.directory;
      out += match.name;
      out += terminator;
    };
    answer.write = [this, i](std::string_view bytes) {
      written_[i] = outputs_[i]->Write(bytes);
      return written_[i].ok();
    };
  }
  finder.AnswerAll(answers);
}

absl::Status PlanRun::Commit(const Finder& finder) {
  std::vector<const Query*> queries;
  for (const PlanList& list : plan_.lists) queries.push_back(&list.query);
  for (const Outcome& outcome : dependencies_.Write(finder, queries)) {
    written_.push_back(outcome);
  }
  return files_.Commit(written_);
}

}  // namespace

ExitCode RunPlan(const CommandLine& command, Program& program) {
  PlanRun run(command, program);
  const ExitCode code = run.Run();
  run.End();
  return code;
}

}  // namespace finder
