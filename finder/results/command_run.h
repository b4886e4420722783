// A command that really runs: what it prints is passed on at once and recorded
// on the way.
//
// Both streams are pipes, which are read as things arrive. Writes to the two
// that come within some microseconds of each other may change places, for the
// kernel keeps no common order of two pipes; within one stream every byte is in
// its place.
//
// Signals that reach this process while the command runs are the command's: the
// terminal's reach it by itself, as it is of our process group, others are
// handed on.
//
// Thread-compatible.
#ifndef FINDER_FINDER_RESULTS_COMMAND_RUN_H_
#define FINDER_FINDER_RESULTS_COMMAND_RUN_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "finder/results/hashes/content_hash.h"
#include "finder/results/result_record.h"
#include "fs/child_process.h"
#include "fs/clock.h"
#include "fs/result.h"
#include "fs/standard_streams.h"

namespace finder {

enum class Recording : uint8_t {
  kOn,
  kOff,  // the command has the streams of this process, its input included
};

struct CommandSpec {
  std::vector<std::string> arguments;    // not empty
  std::vector<std::string> environment;  // "NAME=value"
  Recording recording = Recording::kOn;
  // More than this is passed on, but not recorded.
  uint64_t max_recorded_bytes = 0;
  // After so long it is asked to end, and soon after that killed.
  std::optional<int64_t> timeout_ns;
};

struct CommandOutcome {
  ExitStatus status;
  bool timed_out = false;
  int64_t started_ns = 0;  // since the epoch
  int64_t duration_ns = 0;
  // What it printed.
  std::string printed;
  std::vector<OutputChunk> chunks;
  ContentHash printed_hash;
  // Why this must not be taken for all that the command does; empty: it may.
  std::string fault;
  // What became of the two streams that it was passed on to.
  Outcome out;
  Outcome err;
};

// How the two are found in an exit code, as shells have it.
inline constexpr int kNotExecutable = 126;
inline constexpr int kNotFound = 127;

// Why the result of a command that ended so is never kept, or is not unless
// `keeps_failures`; empty: it may be.
std::string ExitFault(const ExitStatus& status, bool keeps_failures);

// NotFound or PermissionDenied if it cannot be started, as execvp(3) has it;
// Unavailable for all else that the system refuses.
absl::StatusOr<CommandOutcome> RunCommand(const CommandSpec& spec,
                                          ChildProcesses& children,
                                          Clock& clock, OutputStream& out,
                                          OutputStream& err);

// Prints what was recorded, each piece to its stream.
struct ReplayOutcome {
  Outcome out;
  Outcome err;
};
ReplayOutcome ReplayPrinted(const std::vector<OutputChunk>& chunks,
                            std::string_view printed, OutputStream& out,
                            OutputStream& err);

}  // namespace finder

#endif  // FINDER_FINDER_RESULTS_COMMAND_RUN_H_
