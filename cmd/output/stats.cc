#include "cmd/output/stats.h"

#include <cstdint>
#include <string_view>

#include "absl/strings/str_format.h"
#include "cmd/output/printed_number.h"
#include "cmd/output/printed_path.h"
#include "finder/text/abseil_view.h"
#include "finder/text/json_string.h"

namespace finder {
namespace {

class Table {
 public:
  void Row(std::string_view label, std::string_view value,
           std::string_view remark = {}) {
    std::string safe;
    AppendForTerminal(remark, safe);
    text_ += absl::StrFormat("%-14s %14s%s%s\n", Abseil(label), Abseil(value),
                             safe.empty() ? "" : "  ", safe);
  }
  void Row(std::string_view label, uint64_t value,
           std::string_view remark = {}) {
    Row(label, WithCommas(value), remark);
  }
  std::string text() && { return std::move(text_); }

 private:
  std::string text_;
};

std::string ListedRemark(const ListReasons& listed) {
  return absl::StrFormat("%s unknown, %s moved, %s untrusted, %s unreadable",
                         WithCommas(listed.unknown), WithCommas(listed.moved),
                         WithCommas(listed.untrusted),
                         WithCommas(listed.unreadable));
}

// A JSON object being written.
class Object {
 public:
  explicit Object(std::string& out) : out_(out) { out_ += '{'; }
  void Number(std::string_view key, int64_t value) {
    Key(key);
    out_ += std::to_string(value);
  }
  void Number(std::string_view key, uint64_t value) {
    Key(key);
    out_ += std::to_string(value);
  }
  void Text(std::string_view key, std::string_view value) {
    Key(key);
    // A reason may quote bytes of any kind; this is text for people.
    std::string safe;
    AppendForTerminal(value, safe);
    AppendJsonString(safe, out_);
  }
  void Path(std::string_view key, std::string_view path) {
    Separate();
    AppendJsonPath(key, path, out_);
  }
  void Bool(std::string_view key, bool value) {
    Key(key);
    out_ += value ? "true" : "false";
  }
  // The value is to be appended by the caller.
  void Key(std::string_view key) {
    Separate();
    AppendJsonString(key, out_);
    out_ += ':';
  }
  void End() { out_ += '}'; }

 private:
  void Separate() {
    if (!out_.ends_with('{')) out_ += ',';
  }
  std::string& out_;
};

void AppendListed(const ListReasons& listed, std::string& out) {
  Object object(out);
  object.Number("unknown", listed.unknown);
  object.Number("moved", listed.moved);
  object.Number("untrusted", listed.untrusted);
  object.Number("unreadable", listed.unreadable);
  object.End();
}

void AppendRelisted(const std::vector<Relisted>& relisted, std::string& out) {
  out += '[';
  for (const Relisted& directory : relisted) {
    if (!out.ends_with('[')) out += ',';
    Object object(out);
    object.Path("path", directory.path);
    object.Text("reason", directory.reason);
    object.End();
  }
  out += ']';
}

void AppendPhases(const std::vector<PhaseTime>& phases, std::string& out) {
  Object object(out);
  for (const PhaseTime& phase : phases) {
    object.Number(phase.name, phase.duration_ns);
  }
  object.End();
}

std::string_view Name(CacheState state) {
  return state == CacheState::kWarm ? "warm" : "cold";
}

}  // namespace

std::string StatsTable(const Metrics& metrics) {
  Table table;
  table.Row("cache", Name(metrics.cache), metrics.cache_reason);
  table.Row("directories", metrics.directories);
  table.Row("files", metrics.files);
  table.Row("matches", metrics.matches);
  table.Row("stat calls", metrics.stat_calls);
  if (metrics.entries_asked > 0) {
    table.Row("entries asked", metrics.entries_asked);
  }
  table.Row("list calls", metrics.list_calls, ListedRemark(metrics.listed));
  for (const Relisted& relisted : metrics.relisted) {
    table.Row("  again", relisted.reason, relisted.path);
  }
  const uint64_t named = metrics.relisted.size();
  if (named > 0 && metrics.listed.again() > named) {
    table.Row("  again", metrics.listed.again() - named, "more");
  }
  table.Row("unreadable", metrics.unreadable);
  table.Row("blocks", metrics.blocks_read,
            absl::StrFormat("read; %s copied, %s encoded",
                            WithCommas(metrics.blocks_copied),
                            WithCommas(metrics.blocks_encoded)));
  table.Row(
      "bytes", metrics.bytes_read,
      absl::StrFormat("read; %s written", WithCommas(metrics.bytes_written)));
  table.Row("database", metrics.database_written ? "written" : "kept");
  table.Row("threads", uint64_t{metrics.threads});
  for (const PhaseTime& phase : metrics.phases) {
    table.Row(phase.name, absl::StrFormat("%.2f", phase.duration_ns / 1e6),
              "ms");
  }
  return std::move(table).text();
}

std::string StatsJson(const Metrics& metrics) {
  std::string out;
  Object object(out);
  object.Number("directories", metrics.directories);
  object.Number("files", metrics.files);
  object.Number("stat_calls", metrics.stat_calls);
  object.Number("list_calls", metrics.list_calls);
  object.Number("matches", metrics.matches);
  object.Text("cache", Name(metrics.cache));
  object.Text("cache_reason", metrics.cache_reason);
  object.Bool("database_written", metrics.database_written);
  object.Key("listed");
  AppendListed(metrics.listed, out);
  object.Key("relisted");
  AppendRelisted(metrics.relisted, out);
  object.Number("unreadable", metrics.unreadable);
  object.Number("blocks_read", metrics.blocks_read);
  object.Number("blocks_copied", metrics.blocks_copied);
  object.Number("blocks_encoded", metrics.blocks_encoded);
  object.Number("bytes_read", metrics.bytes_read);
  object.Number("bytes_written", metrics.bytes_written);
  object.Number("threads", uint64_t{metrics.threads});
  object.Key("phases");
  AppendPhases(metrics.phases, out);
  object.Number("entries_asked", metrics.entries_asked);
  object.End();
  out += '\n';
  return out;
}

}  // namespace finder
