// Which files a command depends on: the sets that the command line, each
// --input and --input-file name, scanned before the command runs and once more
// behind it.
//
// One thread calls.
#ifndef FINDER_CMD_RUN_INPUT_SETS_H_
#define FINDER_CMD_RUN_INPUT_SETS_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cmd/options/command_line.h"
#include "cmd/program.h"

namespace finder {

struct InputSet {
  std::string name;                // empty: single files
  std::vector<std::string> paths;  // sorted, as they are printed
  friend bool operator==(const InputSet&, const InputSet&) = default;
};

struct ScannedInputs {
  std::vector<InputSet> sets;
  bool complete = true;  // false: a directory could not be read, which was said
};

class InputSets {
 public:
  // Both must outlive this.
  InputSets(const CommandLine& command, Program& program)
      : command_(command), program_(program) {}

  // What is at or below these paths is no input: outputs, and the cache.
  // Cleaned, absolute or of the working directory.
  void LeaveOut(const std::vector<std::string>& paths);
  // To be called before Parse.
  void UseNoCache() { use_cache_ = false; }
  // Reads the options. Fails if they are malformed.
  absl::Status Parse();
  absl::StatusOr<ScannedInputs> Scan();

 private:
  absl::Status ScanSet(const CommandLine& set, InputSet& into, bool& complete);
  bool IsLeftOut(std::string_view path) const;

  const CommandLine& command_;
  Program& program_;
  std::vector<std::string> names_;
  // On the heap, for a scan keeps a reference to its options.
  std::vector<std::unique_ptr<CommandLine>> sets_;
  bool use_cache_ = true;
  std::vector<std::string> left_out_;  // each relative and absolute
};

}  // namespace finder

#endif  // FINDER_CMD_RUN_INPUT_SETS_H_
