#include "cmd/cache/result_report.h"

#include <string>
#include <string_view>

#include "absl/strings/str_format.h"
#include "cmd/cache/report_lines.h"
#include "cmd/output/printed_number.h"
#include "finder/kept/entry_description.h"
#include "finder/kept/object_kinds.h"

namespace finder {
namespace {

// So many tell apart the results of any cache, and `show` takes them.
constexpr size_t kShownDigits = 12;

constexpr int64_t kMillisecondNs = 1'000'000;

std::string_view DigitsOf(const ListedEntry& entry) {
  return std::string_view(entry.key).substr(kResultObject.key_prefix.size());
}

// What kind of thing a path is, where that is not a file.
std::string Marked(const RecordedOutput& output) {
  switch (output.kind) {
    case OutputKind::kFile:
      return Safe(output.path) + ", " + Bytes(output.size_bytes);
    case OutputKind::kDirectory:
      return Safe(output.path) + "/";
    case OutputKind::kSymlink:
      return Safe(output.path) + " -> " + Safe(output.target);
  }
  return "";
}

std::string Marked(const RecordedInput& input) {
  std::string text = Safe(input.path);
  if (input.kind == FileKind::kDirectory) text += '/';
  if (input.kind == FileKind::kAbsent) text += ", absent";
  if (input.kind == FileKind::kUnreadable) text += ", unreadable";
  return text;
}

std::string Words(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += ' ';
    text += Safe(word);
  }
  return text;
}

}  // namespace

std::string ResultListText(const CacheListing& listing, int64_t now_ns) {
  const auto line = [](std::string_view last_use, std::string_view size,
                       std::string_view uses, std::string_view key,
                       std::string_view command) {
    return absl::StrFormat("%-12s %10s %6s  %-12s  %s\n", std::string(last_use),
                           std::string(size), std::string(uses),
                           std::string(key), std::string(command));
  };
  std::string text;
  for (const ListedEntry* entry : NewestFirst(listing)) {
    if (entry->kind.name != kResultObject.name) continue;
    if (text.empty()) text = line("LAST USE", "SIZE", "USES", "KEY", "COMMAND");
    const EntryDescription said = DecodeDescription(entry->info.description);
    text += line(Ago(entry->last_use_ns, now_ns),
                 Bytes(entry->info.accounted_bytes), WithCommas(entry->uses),
                 DigitsOf(*entry).substr(0, kShownDigits), Safe(said.view));
  }
  return text;
}

std::string ResultText(const ListedEntry& entry, const ResultRecord& record,
                       const RecordedIngredients& ingredients, int64_t now_ns) {
  std::string text = Line("key", std::string(DigitsOf(entry)));
  text += Line("command", Words(record.command));
  text += Line("executable", Safe(ingredients.executable));
  text += Line("in", Safe(record.directory));
  text += Line("exit code", std::to_string(record.exit_code));
  text += Line("ran", Ago(record.started_ns, now_ns) + ", for " +
                          WithCommas(static_cast<uint64_t>(record.duration_ns /
                                                           kMillisecondNs)) +
                          " ms");
  text += Line("printed", Bytes(record.printed_bytes()));
  text += Line("size", Bytes(entry.info.accounted_bytes));
  text += Line("uses", WithCommas(entry.uses) + ", last " +
                           Ago(entry.last_use_ns, now_ns));
  for (const RecordedOutput& output : record.outputs) {
    text += Line("output", Marked(output));
  }
  for (const RecordedSet& set : ingredients.sets) {
    if (!set.name.empty()) text += Line("set", Safe(set.name));
    for (const RecordedInput& input : set.inputs) {
      text += Line("input", Marked(input));
    }
  }
  for (const RecordedVariable& variable : ingredients.variables) {
    text += Line(
        "env", Safe(variable.name) + (variable.salted_hash ? "" : ", not set"));
  }
  for (const std::string& option : ingredients.options) {
    text += Line("option", Safe(option));
  }
  return text;
}

}  // namespace finder
