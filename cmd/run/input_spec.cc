#include "cmd/run/input_spec.h"

#include <cstddef>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "cmd/options/subcommand_table.h"
#include "finder/text/abseil_view.h"

namespace finder {
namespace {

constexpr std::string_view kSetOptions[] = {
    "--exclude-dirs", "--exclude",   "--prune-files", "--names",
    "--suffixes",     "--follow",    "--glob",        "--one-file-system",
    "--regex",        "--extension", "--ignore-case", "--smart-case",
    "--type",         "--at",        "--first",       "--max-depth",
    "--min-depth",    "-1",          "--max-results",
};

// No subcommand, but read as the arguments of one.
constexpr SubcommandSpec kInputSpec = {
    .id = Subcommand::kRun, .word = "run", .options = kSetOptions};

// Appends what stands between the quotes at `at`, and goes behind them. False
// if there is no second one.
bool TakeQuoted(std::string_view text, size_t& at, std::string& word) {
  const char quote = text[at++];
  for (; at < text.size(); ++at) {
    if (text[at] == quote) {
      ++at;
      return true;
    }
    const bool escapes = quote == '"' && text[at] == '\\' &&
                         at + 1 < text.size() &&
                         (text[at + 1] == '"' || text[at + 1] == '\\');
    if (escapes) ++at;
    word += text[at];
  }
  return false;
}

}  // namespace

absl::StatusOr<std::vector<std::string>> SplitWords(std::string_view text) {
  std::vector<std::string> words;
  std::optional<std::string> word;
  for (size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == ' ' || c == '\t' || c == '\n') {
      if (word) words.push_back(*std::exchange(word, std::nullopt));
      ++at;
      continue;
    }
    if (!word) word.emplace();
    if (c == '\'' || c == '"') {
      if (!TakeQuoted(text, at, *word)) {
        return absl::InvalidArgumentError(absl::StrCat(
            "'", Abseil(text), "' has a quote that is not closed"));
      }
      continue;
    }
    if (c == '\\' && at + 1 < text.size()) ++at;
    *word += text[at++];
  }
  if (word) words.push_back(*std::move(word));
  return words;
}

absl::StatusOr<CommandLine> ParseInputSpec(std::string_view spec,
                                           const CommandLine& command) {
  const absl::StatusOr<std::vector<std::string>> words = SplitWords(spec);
  if (!words.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("run --input: ", words.status().message()));
  }
  absl::StatusOr<CommandLine> parsed = ParseSubcommandLine(kInputSpec, *words);
  if (!parsed.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "run --input '", Abseil(spec), "': ", parsed.status().message()));
  }
  CommandLine set = command;
  set.view = std::move(parsed->view);
  set.query = std::move(parsed->query);
  set.operands = std::move(parsed->operands);
  const absl::Status rooted = SetRoots(set.operands, set);
  if (!rooted.ok()) return rooted;
  return set;
}

}  // namespace finder
