#include "cmd/search/scan_run.h"

#include <errno.h>

#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cmd/options/root_hint.h"
#include "cmd/output/progress.h"
#include "cmd/output/stats.h"
#include "cmd/output/terminal.h"
#include "cmd/output/trace_json.h"
#include "cmd/upkeep_command.h"
#include "cmd/version.h"
#include "finder/answer/answer_state.h"
#include "finder/answer/depfile.h"
#include "finder/git/tracked_filter.h"
#include "finder/text/abseil_view.h"

namespace finder {
namespace {

SessionOptions OptionsOf(const CommandLine& command, const Program& program) {
  const GeneralOptions& general = command.general;
  return {.cache = command.cache,
          .variables = program.variables.cache,
          .ignore = program.variables.ignore,
          .writer = absl::StrCat("finder ", Abseil(kVersion)),
          .upkeep = UpkeepArguments,
          .threads = general.threads,
          .entry_roots = general.entry_roots,
          .missing_roots = general.missing_roots,
          .explain = general.verbose || general.stats != StatsStyle::kNone};
}

}  // namespace

ScanRun::ScanRun(const CommandLine& command, Program& program)
    : command_(command),
      program_(program),
      report_(*program.err),
      session_(program, OptionsOf(command, program)) {}

absl::StatusOr<std::unique_ptr<OutputFile>> ScanRun::OpenBeside(
    std::string_view option, const std::string& path,
    std::span<const OutputFile* const> others) {
  absl::StatusOr<std::unique_ptr<OutputFile>> file =
      OutputFile::Open(*program_.files, path, program_.host.user_id);
  if (!file.ok()) return file.status();
  for (const OutputFile* other : others) {
    if (other != nullptr && other->identity() == (*file)->identity()) {
      return absl::InvalidArgumentError(absl::StrCat(
          path, ": named for ", Abseil(option), " and as an output"));
    }
  }
  return file;
}

absl::Status ScanRun::OpenTrace(std::span<const OutputFile* const> others) {
  std::vector<const OutputFile*> all(others.begin(), others.end());
  if (command_.general.stats_file) {
    auto file = OpenBeside("--stats", *command_.general.stats_file, all);
    if (!file.ok()) return file.status();
    stats_file_ = *std::move(file);
    all.push_back(stats_file_.get());
  }
  if (!command_.general.trace) return absl::OkStatus();
  auto file = OpenBeside("--trace", *command_.general.trace, all);
  if (!file.ok()) return file.status();
  trace_file_ = *std::move(file);
  trace_ = std::make_unique<Trace>(*program_.clock);
  whole_run_.emplace(trace_.get(), 0, Trace::Kind::kPhase, "finder");
  return absl::OkStatus();
}

ExitCode ScanRun::WriteTrace(ExitCode code) {
  if (stats_failed_) code = ExitCode::kFailed;
  if (trace_file_ == nullptr) return code;
  whole_run_.reset();
  Outcome outcome = trace_file_->Write(TraceJson(*trace_));
  if (outcome.ok()) outcome = trace_file_->Close();
  if (outcome.ok()) return code;
  report_.Line(
      absl::StrCat(*command_.general.trace, ": ", outcome.error().Message()));
  return ExitCode::kFailed;
}

void ScanRun::LocateDatabase(const View& view) {
  ChooseFacts(view);
  session_.Begin();
  if (location().problem.empty()) return;
  if (TellsOfCache()) {
    report_.Line(
        absl::StrCat(location().problem, "; going on without a cache"));
  }
}

void ScanRun::ChooseFacts(const View& view) {
  const EntryChoice& choice = session_.Choose(view);
  if (choice.import_problem.empty()) return;
  if (choice.import_severity == Severity::kWarning ||
      command_.general.verbose) {
    report_.Line(absl::StrCat(choice.import_problem, "; going on without it"));
  }
}

absl::StatusOr<std::unique_ptr<AnswerHome>> ScanRun::RequireAnswerHome(
    const View& view) {
  ChooseFacts(view);
  absl::StatusOr<std::unique_ptr<AnswerHome>> home =
      session_.TakeHome(view, AnswerKey());
  session_.Begin();
  return home;
}

bool ScanRun::TellsOfCache() const {
  const bool silent = command_.output.format == OutputFormat::kNothing;
  return command_.general.verbose ||
         location().severity == Severity::kWarning ||
         (program_.err->IsTerminal() && !silent);
}

absl::StatusOr<Finder*> ScanRun::ScanView(const View& view,
                                          const ScanScope& scope) {
  Finder& finder = session_.NewFinder(view, location().use, trace_.get());
  if (absl::Status status = Scan(finder, scope); !status.ok()) return status;
  return &finder;
}

absl::StatusOr<Finder*> ScanRun::WalkAgain(
    const View& view, std::optional<uint64_t> directories) {
  Finder& finder = session_.NewFinder(view, CacheUse::kNone, trace_.get());
  absl::Status status = Scan(finder, ScanScope(), directories);
  if (!status.ok()) return status;
  return &finder;
}

void ScanRun::Save(Finder& finder) {
  const absl::Status saved = session_.Save(finder);
  // A file was asked for; the cache directory is nobody's business.
  const bool tells = location().cache == nullptr || TellsOfCache();
  if (!saved.ok() && tells) Fail(saved);
}

absl::Status ScanRun::Scan(Finder& finder, const ScanScope& scope,
                           std::optional<uint64_t> total) {
  When when = command_.general.progress;
  // With --quiet nothing is shown.
  if (when == When::kAuto && command_.output.format == OutputFormat::kNothing) {
    when = When::kNever;
  }
  Progress progress(when,
                    program_.err->IsTerminal() && HasScreen(program_.variables),
                    *program_.err, *program_.clock);
  if (progress.is_wanted()) {
    finder.SetProgress([&progress, total](uint64_t directories,
                                          std::optional<uint64_t> known) {
      progress.Update(directories, known.has_value() ? known : total);
    });
  }
  const absl::Status status = finder.Scan(scope);
  finder.SetProgress(nullptr);
  return WithRootHint(status, command_.operands);
}

ExitCode ScanRun::Fail(const absl::Status& status) {
  report_.Line(Std(status.message()));
  return ExitCode::kFailed;
}

void ScanRun::ReportOutput(std::string_view name, const Outcome& outcome) {
  if (outcome.ok() || outcome.error().code() == EPIPE) return;
  report_.Line(absl::StrCat(Abseil(name), ": ", outcome.error().Message()));
}

std::optional<ExitCode> ScanRun::FailureCode(const Outcome& written) {
  if (written.ok()) return std::nullopt;
  return written.error().code() == EPIPE ? ExitCode::kBrokenPipe
                                         : ExitCode::kFailed;
}

void ScanRun::PrintReports(Finder& finder) {
  if (command_.general.unreadable == Unreadable::kReport) {
    report_.Print(finder.diagnostics());
    report_.Print(not_asked_);
  }
  // Counting costs time, so only if somebody wants to know.
  const StatsStyle style = command_.general.stats;
  if (style == StatsStyle::kNone && !command_.general.verbose) return;
  Metrics metrics = finder.metrics();
  for (const auto& filter : inode_filters_)
    metrics.entries_asked += filter->asked();
  if (!location().problem.empty()) metrics.cache_reason = location().problem;
  if (command_.general.verbose) report_.PrintCacheUse(metrics);
  if (style == StatsStyle::kTable) WriteStats(StatsTable(metrics));
  if (style == StatsStyle::kJson) WriteStats(StatsJson(metrics));
}

void ScanRun::WriteStats(const std::string& text) {
  if (stats_file_ == nullptr) {
    report_.Write(text);
    return;
  }
  Outcome outcome = stats_file_->Write(text);
  if (outcome.ok()) outcome = stats_file_->Close();
  if (outcome.ok()) return;
  ReportOutput(*command_.general.stats_file, outcome);
  stats_failed_ = true;
}

std::string ScanRun::AnswerKey() const {
  const bool absolute = command_.output.path_style == PathStyle::kAbsolute;
  return finder::AnswerKey(command_.view, command_.query,
                           program_.working_directory, session_.view_id(),
                           absolute ? "absolute" : "");
}

Outcome ScanRun::WriteDepfile(const Finder& finder,
                              const std::vector<std::string>& targets,
                              std::span<const Query* const> queries,
                              Asking asking, OutputFile& to) {
  const bool absolute = command_.output.path_style == PathStyle::kAbsolute;
  Outcome written;
  const std::vector<std::string> unwritable = finder::WriteDepfile(
      targets, finder.tree(), queries, absolute ? &Root::absolute : &Root::path,
      [&written, &to](std::string_view bytes) {
        written = to.Write(bytes);
        return written.ok();
      },
      asking);
  for (size_t i = 0; i < unwritable.size(); ++i) {
    if (i == Report::kMostLines) {
      report_.Line(absl::StrCat("and ", unwritable.size() - i, " more"));
      break;
    }
    report_.Line(
        unwritable[i] +
        ": no depfile can hold this name, so that the output counts as "
        "out of date");
  }
  return written;
}

absl::StatusOr<CompiledQuery> ScanRun::Compile(const Query& query,
                                               const View& view) {
  if (absl::StatusOr<ViewRules> rules = ViewRules::Compile(view); !rules.ok()) {
    return rules.status();
  }
  EntryFilters filters;
  // It asks a file in memory, so it is asked first.
  if (query.tracked) {
    filters.push_back(std::make_shared<const TrackedFilter>(
        *program_.files, view, program_.working_directory, not_asked_));
  }
  if (query.asks_inodes()) {
    absl::StatusOr<InodeRules> rules =
        InodeRules::Of(query, *program_.files, *program_.clock);
    if (!rules.ok()) return rules.status();
    const bool remembers =
        query.max_results.has_value() || query.first == FirstRule::kFirstOnly;
    inode_filters_.push_back(std::make_shared<const InodeFilter>(
        *std::move(rules), view.links, *program_.files, not_asked_, remembers));
    filters.push_back(inode_filters_.back());
  }
  return CompiledQuery::Compile(query, view, std::move(filters));
}

absl::Status CheckTargets(const std::vector<std::string>& targets) {
  for (const std::string& target : targets) {
    if (IsWritableTarget(target)) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(target, ": no depfile can hold this name of a target"));
  }
  return absl::OkStatus();
}

ExitCode ScanRun::Completeness(const Finder& finder) const {
  const uint64_t unreadable = finder.diagnostics().count() + not_asked_.count();
  const bool complete =
      unreadable == 0 || command_.general.unreadable == Unreadable::kIgnore;
  return complete ? ExitCode::kDone : ExitCode::kIncomplete;
}

}  // namespace finder
