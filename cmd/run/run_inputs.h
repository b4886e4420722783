// What the command depends on, as it is now: the files of its sets with what
// they hold, its environment, the executable; all together its key.
//
// One thread calls.
#ifndef FINDER_CMD_RUN_RUN_INPUTS_H_
#define FINDER_CMD_RUN_RUN_INPUTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cmd/options/command_line.h"
#include "cmd/program.h"
#include "cmd/run/input_sets.h"
#include "finder/results/command_environment.h"
#include "finder/results/hashes/file_hashes.h"
#include "finder/results/result_key.h"
#include "finder/results/result_record.h"
#include "fs/process_facts.h"

namespace finder {

// The paths of --output, and of --depfile, in the form that a record has them:
// below the working directory relative to it, sorted. Fails for those that may
// not be outputs.
absl::StatusOr<std::vector<std::string>> OutputPaths(
    const RunOptions& options, const std::string& working_directory);

class RunInputs {
 public:
  // All must outlive this.
  RunInputs(const CommandLine& command, Program& program, FileHashes& hashes)
      : command_(command),
        program_(program),
        hashes_(hashes),
        sets_(command, program) {}

  // The scan uses none: there is none, which was said.
  void UseNoCache() { sets_.UseNoCache(); }
  // Scans and looks. `left_out` is no input, though it may be in a set. Fails
  // if a ROOT is missing or an option malformed.
  absl::Status Look(const std::vector<std::string>& left_out,
                    const std::vector<std::string>& outputs,
                    const CommandEnvironment& environment,
                    const std::string& executable, uint32_t umask);

  const KeyIngredients& ingredients() const { return ingredients_; }
  // False: something could not be read, which was said.
  bool complete() const { return complete_; }
  uint64_t count() const { return paths_.size(); }

  // Why the result of a run just now is none of these inputs: "src/a.c changed"
  // and the like; empty if nothing happened to them.
  absl::StatusOr<std::vector<std::string>> FindChanges();

  // What a depfile has named, as it is now, but for what is an input or in
  // `outputs` anyway.
  std::vector<KeyInput> LookAtDiscovered(
      const std::vector<std::string>& paths,
      const std::vector<std::string>& outputs);

 private:
  absl::Status SetDirectory();
  void SetSets(std::vector<FileFact> facts);
  std::vector<FileFact> LookAtFiles();
  // `path` as the key has it.
  std::string KeyPath(const std::string& path) const;

  const CommandLine& command_;
  Program& program_;
  FileHashes& hashes_;
  InputSets sets_;
  ScannedInputs scanned_;
  std::vector<std::string> paths_;  // of all sets, one after the other
  std::vector<FileFact> facts_;
  KeyIngredients ingredients_;
  std::optional<std::string> tree_;  // --relocatable, absolute
  bool complete_ = true;
};

}  // namespace finder

#endif  // FINDER_CMD_RUN_RUN_INPUTS_H_
