#include "cmd/run/run_stats.h"

#include "absl/strings/str_format.h"
#include "cmd/output/printed_number.h"
#include "cmd/output/printed_path.h"
#include "finder/text/abseil_view.h"
#include "finder/text/json_string.h"

namespace finder {
namespace {

double ToMs(int64_t ns) { return static_cast<double>(ns) / 1e6; }

void Row(std::string_view label, uint64_t value, std::string& out) {
  absl::StrAppendFormat(&out, "%-18s %16s\n", Abseil(label), WithCommas(value));
}

void RowMs(std::string_view label, int64_t ns, std::string& out) {
  absl::StrAppendFormat(&out, "%-18s %13.1f ms\n", Abseil(label), ToMs(ns));
}

void Member(std::string_view key, uint64_t value, std::string& out) {
  absl::StrAppendFormat(&out, ",\"%s\":%u", Abseil(key), value);
}

void MemberMs(std::string_view key, int64_t ns, std::string& out) {
  absl::StrAppendFormat(&out, ",\"%s\":%.3f", Abseil(key), ToMs(ns));
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
  Row("inputs", stats.inputs, out);
  Row("hashes known", stats.hashed.known, out);
  Row("files read", stats.hashed.read, out);
  Row("bytes read", stats.hashed.read_bytes, out);
  Row("outputs in place", stats.restored.in_place, out);
  Row("outputs cloned", stats.restored.cloned, out);
  Row("outputs copied", stats.restored.copied, out);
  Row("outputs removed", stats.restored.removed, out);
  Row("bytes restored", stats.restored.restored_bytes, out);
  Row("bytes printed", stats.printed_bytes, out);
  RowMs("inputs found in", stats.scan_ns, out);
  RowMs("command", stats.command_ns, out);
  RowMs("total", stats.total_ns, out);
  return out;
}

std::string RunStatsJson(const RunStats& stats) {
  std::string out = "{\"result\":";
  AppendJsonString(stats.outcome, out);
  out += ",\"reason\":";
  std::string reason;
  AppendForTerminal(stats.reason, reason);
  AppendJsonString(reason, out);
  Member("inputs", stats.inputs, out);
  Member("hashes_known", stats.hashed.known, out);
  Member("files_read", stats.hashed.read, out);
  Member("bytes_read", stats.hashed.read_bytes, out);
  Member("outputs_in_place", stats.restored.in_place, out);
  Member("outputs_cloned", stats.restored.cloned, out);
  Member("outputs_copied", stats.restored.copied, out);
  Member("outputs_removed", stats.restored.removed, out);
  Member("bytes_restored", stats.restored.restored_bytes, out);
  Member("bytes_printed", stats.printed_bytes, out);
  MemberMs("inputs_ms", stats.scan_ns, out);
  MemberMs("command_ms", stats.command_ns, out);
  MemberMs("total_ms", stats.total_ns, out);
  return out + "}\n";
}

}  // namespace finder
