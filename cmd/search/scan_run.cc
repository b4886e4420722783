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
#include "cmd/search/cache_place.h"
#include "cmd/version.h"
#include "finder/answer/answer_state.h"
#include "finder/answer/depfile.h"
#include "finder/facade/database_key.h"

namespace finder {
namespace {

std::string_view Std(absl::string_view text) {
  return {text.data(), text.size()};
}

absl::string_view Abseil(std::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

ScanRun::ScanRun(const CommandLine& command, Session& session)
    : command_(command), session_(session), report_(*session.err) {}

absl::StatusOr<std::unique_ptr<OutputFile>> ScanRun::OpenBeside(
    std::string_view option, const std::string& path,
    std::span<const OutputFile* const> others) {
  absl::StatusOr<std::unique_ptr<OutputFile>> file =
      OutputFile::Open(*session_.files, path, session_.host.user_id);
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
  trace_ = std::make_unique<Trace>(*session_.clock);
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
  OpenDatabase(view);
  cache_.emplace(&location_, session_.processes);
  if (location_.problem.empty()) return;
  if (TellsOfCache()) {
    report_.Line(absl::StrCat(location_.problem, "; going on without a cache"));
  }
}

void ScanRun::OpenDatabase(const View& view) {
  const bool has_key = command_.cache.mode != CacheMode::kNone &&
                       !command_.cache.database.has_value();
  location_ = LocateCache(
      command_.cache, has_key ? WithoutEntryRoots(view, *session_.files) : view,
      session_);
  if (location_.import_problem.empty()) return;
  if (location_.import_severity == Severity::kWarning ||
      command_.general.verbose) {
    report_.Line(
        absl::StrCat(location_.import_problem, "; going on without it"));
  }
}

absl::StatusOr<std::unique_ptr<AnswerHome>> ScanRun::RequireAnswerHome(
    const View& view) {
  OpenDatabase(view);
  if (!location_.problem.empty()) {
    return absl::FailedPreconditionError(absl::StrCat(
        location_.problem, "; without a cache nothing is known of last time"));
  }
  // Before the entry of the facts is locked: this may wait.
  absl::StatusOr<std::unique_ptr<AnswerHome>> home =
      location_.cache == nullptr
          ? OpenAnswerHome(CacheEnvironmentOf(session_), location_.database)
          : OpenAnswerHome(*location_.cache, AnswerKey(),
                           DescribeEntry(view, location_, session_.host,
                                         session_.working_directory));
  cache_.emplace(&location_, session_.processes);
  return home;
}

bool ScanRun::TellsOfCache() const {
  const bool silent = command_.output.format == OutputFormat::kNothing;
  return command_.general.verbose || location_.severity == Severity::kWarning ||
         (session_.err->IsTerminal() && !silent);
}

Finder& ScanRun::NewFinder(const View& view, CacheUse cache) {
  Options options;
  options.view = view;
  options.cache = cache;
  options.database = location_.database;
  options.format = command_.cache.format;
  options.view_id = location_.view_id;
  options.threads = command_.general.threads;
  options.entry_roots = command_.general.entry_roots;
  options.missing_roots = command_.general.missing_roots;
  options.explain =
      command_.general.verbose || command_.general.stats != StatsStyle::kNone;
  options.writer = absl::StrCat("finder ", Abseil(kVersion));
  if (cache != CacheUse::kNone && location_.cache != nullptr) {
    options.store = StoreInCache();
    options.store_unchanged = location_.imported;
    options.audience = location_.audience();
  }
  return *new Finder({session_.files, session_.clock, session_.host,
                      session_.working_directory, trace_.get()},
                     std::move(options));
}

StoreDatabase ScanRun::StoreInCache() {
  const bool reported = TellsOfCache();
  return [this, reported](WriteDatabase write) {
    return cache_->Store(
        write,
        DescribeEntry(location_.facts, location_, session_.host,
                      session_.working_directory),
        reported ? StoreFailures::kReported : StoreFailures::kDropped);
  };
}

absl::Status ScanRun::Scan(Finder& finder, const ScanScope& scope,
                           std::optional<uint64_t> total) {
  When when = command_.general.progress;
  // Who asks for silence gets it.
  if (when == When::kAuto && command_.output.format == OutputFormat::kNothing) {
    when = When::kNever;
  }
  Progress progress(when,
                    session_.err->IsTerminal() && HasScreen(session_.variables),
                    *session_.err, *session_.clock);
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

void ScanRun::PrintReports(Finder& finder) {
  if (command_.general.unreadable == Unreadable::kReport) {
    report_.Print(finder.diagnostics());
  }
  // Counting costs time, so only if somebody wants to know.
  const StatsStyle style = command_.general.stats;
  if (style == StatsStyle::kNone && !command_.general.verbose) return;
  Metrics metrics = finder.metrics();
  if (!location_.problem.empty()) metrics.cache_reason = location_.problem;
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
  const std::string view_id = location_.view_id.empty()
                                  ? DefaultViewId(session_.host)
                                  : location_.view_id;
  const bool absolute = command_.output.path_style == PathStyle::kAbsolute;
  return finder::AnswerKey(command_.view, command_.query,
                           session_.working_directory, view_id,
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

absl::StatusOr<CompiledQuery> CompileForView(const Query& query,
                                             const View& view) {
  if (absl::StatusOr<ViewRules> rules = ViewRules::Compile(view); !rules.ok()) {
    return rules.status();
  }
  return CompiledQuery::Compile(query, view);
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
  const bool complete = finder.diagnostics().count() == 0 ||
                        command_.general.unreadable == Unreadable::kIgnore;
  return complete ? ExitCode::kDone : ExitCode::kIncomplete;
}

}  // namespace finder
