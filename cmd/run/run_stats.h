// What --stats tells of a `finder run`. The keys of the JSON form are a promise
// to scripts (doc/run.md); new ones go to the end. Pure; any thread.
#ifndef FINDER_CMD_RUN_RUN_STATS_H_
#define FINDER_CMD_RUN_RUN_STATS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "finder/results/command_outputs.h"
#include "finder/results/hashes/file_hashes.h"

namespace finder {

struct RunStats {
  std::string_view outcome;  // "replayed", "kept", "not kept"
  std::string reason;        // why it was not kept; may be empty
  uint64_t inputs = 0;
  FileHashCounts hashed;
  RestoreCounts restored;
  uint64_t printed_bytes = 0;
  int64_t scan_ns = 0;     // until the key was known
  int64_t command_ns = 0;  // of the command, when it ran
  int64_t total_ns = 0;
};

std::string RunStatsTable(const RunStats& stats);
// One line.
std::string RunStatsJson(const RunStats& stats);

}  // namespace finder

#endif  // FINDER_CMD_RUN_RUN_STATS_H_
