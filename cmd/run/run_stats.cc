#include "cmd/run/run_stats.h"

#include <array>

#include "absl/strings/str_format.h"
#include "cmd/output/printed_number.h"
#include "cmd/output/printed_path.h"
#include "finder/text/abseil_view.h"
#include "finder/text/json_string.h"

namespace finder {
namespace {

double ToMs(int64_t ns) { return static_cast<double>(ns) / 1e6; }

// A number, with its name in the table and in JSON.
struct CountRow {
  std::string_view label;
  std::string_view key;
  uint64_t value;
};

std::array<CountRow, 10> Counts(const RunStats& stats) {
  const auto& hashed = stats.hashed;
  const auto& restored = stats.restored;
  return {{{"inputs", "inputs", stats.inputs},
           {"hashes known", "hashes_known", hashed.known},
           {"files read", "files_read", hashed.read},
           {"bytes read", "bytes_read", hashed.read_bytes},
           {"outputs in place", "outputs_in_place", restored.in_place},
           {"outputs cloned", "outputs_cloned", restored.cloned},
           {"outputs copied", "outputs_copied", restored.copied},
           {"outputs removed", "outputs_removed", restored.removed},
           {"bytes restored", "bytes_restored", restored.restored_bytes},
           {"bytes printed", "bytes_printed", stats.printed_bytes}}};
}

struct TimeRow {
  std::string_view label;
  std::string_view key;
  int64_t ns;
};

std::array<TimeRow, 3> Times(const RunStats& stats) {
  return {{{"inputs found in", "inputs_ms", stats.scan_ns},
           {"command", "command_ms", stats.command_ns},
           {"total", "total_ms", stats.total_ns}}};
}

}  // namespace

std::string RunStatsTable(const RunStats& stats) {
  std::string out =
      absl::StrFormat("%-18s %16s", "result", Abseil(stats.outcome));
  if (!stats.reason.empty()) {
    out += "  ";
    AppendForTerminal(stats.reason, out);
  }
  out += '\n';
  for (const CountRow& row : Counts(stats)) {
    absl::StrAppendFormat(&out, "%-18s %16s\n", Abseil(row.label),
                          WithCommas(row.value));
  }
  for (const TimeRow& row : Times(stats)) {
    absl::StrAppendFormat(&out, "%-18s %13.1f ms\n", Abseil(row.label),
                          ToMs(row.ns));
  }
  return out;
}

std::string RunStatsJson(const RunStats& stats) {
  std::string out = "{\"result\":";
  AppendJsonString(stats.outcome, out);
  out += ",\"reason\":";
  std::string reason;
  AppendForTerminal(stats.reason, reason);
  AppendJsonString(reason, out);
  for (const CountRow& row : Counts(stats)) {
    absl::StrAppendFormat(&out, ",\"%s\":%u", Abseil(row.key), row.value);
  }
  for (const TimeRow& row : Times(stats)) {
    absl::StrAppendFormat(&out, ",\"%s\":%.3f", Abseil(row.key), ToMs(row.ns));
  }
  return out + "}\n";
}

}  // namespace finder
