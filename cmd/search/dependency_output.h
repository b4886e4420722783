// The files that a run writes for build tools besides its lists: the depfile
// and the stamp that may be its target. Sets the times by which the tools see
// which file is older.
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
#include "cmd/program.h"
#include "cmd/search/scan_moment.h"
#include "cmd/search/scan_run.h"
#include "finder/facade/finder.h"
#include "finder/query/query.h"

namespace finder {

class DependencyOutput {
 public:
  // All arguments must outlive this. The depfile and the stamp are added to
  // `files`, the run's outputs.
  DependencyOutput(const OutputOptions& options, ScanRun& run, Program& program,
                   OutputSet& files)
      : options_(options), run_(run), program_(program), files_(files) {}

  // Starts the depfile. Call it when all lists are started. `targets` are those
  // of the rule, unless an option names another. Fails as OutputSet::Add does,
  // or if one cannot be a target.
  absl::Status Open(const std::string& depfile,
                    const std::vector<std::string>& targets);

  // The started files, in order: one or two, none without Open. `files` owns
  // them.
  std::vector<OutputFile*> outputs() const;

  // Call it right before the scan. Waits for the clock (scan_moment.h). `list`
  // is an output that the rule is about.
  void AwaitMoment(const OutputFile& list);

  // Writes the depfile for `finder`'s answers to `queries`, and settles the
  // times of all outputs. Returns an outcome for each of outputs().
  std::vector<Outcome> Write(const Finder& finder,
                             std::span<const Query* const> queries);

 private:
  const OutputOptions& options_;
  ScanRun& run_;
  Program& program_;
  OutputSet& files_;
  std::vector<std::string> targets_;
  OutputFile* depfile_ = nullptr;
  OutputFile* stamp_ = nullptr;
  std::optional<ScanMoment> moment_;
};

}  // namespace finder

#endif  // FINDER_CMD_SEARCH_DEPENDENCY_OUTPUT_H_
