// What every command that scans does around its own work: finds the place of
// the database, sets up a Finder, and reports at the end what happened.
//
// One thread.
#ifndef FINDER_CMD_SEARCH_SCAN_RUN_H_
#define FINDER_CMD_SEARCH_SCAN_RUN_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cmd/exit_code.h"
#include "cmd/options/command_line.h"
#include "cmd/output/output_file.h"
#include "cmd/output/report.h"
#include "cmd/program.h"
#include "finder/answer/depfile.h"
#include "finder/diagnostics.h"
#include "finder/facade/finder.h"
#include "finder/inode/inode_filter.h"
#include "finder/kept/answer_home.h"
#include "finder/query/query.h"
#include "finder/query/scan_scope.h"
#include "finder/session/session.h"
#include "finder/threads/trace.h"
#include "finder/view/view.h"
#include "fs/result.h"

namespace finder {

class ScanRun {
 public:
  // Everything must outlive this.
  ScanRun(const CommandLine& command, Program& program);

  // Starts the files of --trace and --stats, if they are asked for: before the
  // scan, so that nothing is done when one cannot be written. `others` are the
  // run's other output files; nulls are passed over.
  absl::Status OpenTrace(std::span<const OutputFile* const> others);
  // The last thing to be done: puts the trace in place. Returns `code`, or
  // kFailed if this fails, or if the stats could not be written.
  ExitCode WriteTrace(ExitCode code);

  // Chooses where the facts about `view` are kept, and says so if there is no
  // such place. To be called once, before ScanView.
  void LocateDatabase(const View& view);
  // The same for what is told of last time, and takes the place of that, which
  // no other run has then; see finder/kept/answer_home.h. Fails if there is no
  // such place or another run is at it for too long.
  absl::StatusOr<std::unique_ptr<AnswerHome>> RequireAnswerHome(
      const View& view);
  const EntryChoice& location() const { return session_.choice(); }

  // Checks a view and a query, and makes the query ready, with the filters that
  // it asks for. The run must outlive the result.
  absl::StatusOr<CompiledQuery> Compile(const Query& query, const View& view);

  // The Finder of the run, scanned: for `view`, with the facts located.
  absl::StatusOr<Finder*> ScanView(const View& view, const ScanScope& scope);
  // Another one, which knows nothing beforehand; about so many directories are
  // there.
  absl::StatusOr<Finder*> WalkAgain(const View& view,
                                    std::optional<uint64_t> directories);

  // Session::Save, and says so if it fails, to those who want to know.
  void Save(Finder& finder);

  // What is done when all else is, whatever came of it.
  void End() { session_.End(); }

  // Says what went wrong.
  ExitCode Fail(const absl::Status& status);
  // Says what went wrong with the output called `name`, unless its reader left.
  void ReportOutput(std::string_view name, const Outcome& outcome);
  // What a failed write of the answers means; none if it did not fail.
  static std::optional<ExitCode> FailureCode(const Outcome& written);
  // Says what could not be read, and what --stats and --verbose ask for.
  void PrintReports(Finder& finder);
  // kDone, or kIncomplete if something could not be read and that counts.
  ExitCode Completeness(const Finder& finder) const;

  // What the answer of the command line is kept under, see answer_state.h.
  std::string AnswerKey() const;

  // Writes a depfile for answers to `queries`. Says which directories it cannot
  // hold.
  Outcome WriteDepfile(const Finder& finder,
                       const std::vector<std::string>& targets,
                       std::span<const Query* const> queries, Asking asking,
                       OutputFile& to);

  Report& report() { return report_; }
  // Takes what entries do not tell; thread-safe.
  Diagnostics& not_asked() { return not_asked_; }

 private:
  void ChooseFacts(const View& view);
  // Opens the file of an option that writes beside the answers.
  absl::StatusOr<std::unique_ptr<OutputFile>> OpenBeside(
      std::string_view option, const std::string& path,
      std::span<const OutputFile* const> others);
  void WriteStats(const std::string& text);
  // Whether a cache that cannot be used is mentioned: to who asked for it, and
  // to a person, who wonders why the next run is slow. Not to a script that
  // only asked for files.
  bool TellsOfCache() const;
  // finder.Scan(), with --progress. `total`: how many directories there are, if
  // the Finder cannot know.
  absl::Status Scan(Finder& finder, const ScanScope& scope,
                    std::optional<uint64_t> total = std::nullopt);

  const CommandLine& command_;
  Program& program_;
  Report report_;
  Session session_;
  // Null if standard error is to have them.
  std::unique_ptr<OutputFile> stats_file_;
  bool stats_failed_ = false;
  // Null without --trace.
  std::unique_ptr<OutputFile> trace_file_;
  std::unique_ptr<Trace> trace_;
  std::optional<TraceSpan> whole_run_;
  // What could not be asked of entries, and those that asked.
  Diagnostics not_asked_;
  std::vector<std::shared_ptr<const InodeFilter>> inode_filters_;
};

// Fails if one of them cannot be the target of a depfile.
absl::Status CheckTargets(const std::vector<std::string>& targets);

}  // namespace finder

#endif  // FINDER_CMD_SEARCH_SCAN_RUN_H_
