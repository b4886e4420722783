// What a run writes for build tools besides its lists: the depfile, the stamp
// that may be its target, and the times by which the tools see what is older.
//
// One thread.
#ifndef FINDER_CMD_SEARCH_DEPENDENCY_OUTPUT_H_
#define FINDER_CMD_SEARCH_DEPENDENCY_OUTPUT_H_

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "cmd/options/command_line.h"
#include "cmd/output/output_file.h"
#include "cmd/output/output_set.h"
#include "cmd/search/scan_moment.h"
#include "cmd/search/scan_run.h"
#include "cmd/session.h"
#include "finder/facade/finder.h"
#include "finder/query/query.h"

namespace finder {

class DependencyOutput {
 public:
  // Everything must outlive this. `files` are the run's outputs, of which the
  // depfile and the stamp become two.
  DependencyOutput(const OutputOptions& options, ScanRun& run, Session& session,
                   OutputSet& files)
      : options_(options), run_(run), session_(session), files_(files) {}

  // Starts the depfile, to be called when all lists are started. `targets` are
  // those of the rule if no option names another. Fails as OutputSet::Add does,
  // or if one cannot be a target.
  absl::Status Open(const std::string& depfile,
                    const std::vector<std::string>& targets);

  // The files started: one or two, none without Open. In order.
  std::vector<OutputFile*> outputs() const;

  // To be called right before the scan. Waits for the clock (scan_moment.h).
  // `list` is an output that the rule is about.
  void AwaitMoment(const OutputFile& list);

  // Writes what is to be said of `finder`'s answers to `queries`, and settles
  // the times of all outputs. Returns an outcome for each of outputs().
  std::vector<Outcome> Write(const Finder& finder,
                             std::span<const Query* const> queries);

 private:
  const OutputOptions& options_;
  ScanRun& run_;
  Session& session_;
  OutputSet& files_;
  std::vector<std::string> targets_;
  OutputFile* depfile_ = nullptr;
  OutputFile* stamp_ = nullptr;
  std::optional<ScanMoment> moment_;
};

}  // namespace finder

#endif  // FINDER_CMD_SEARCH_DEPENDENCY_OUTPUT_H_
