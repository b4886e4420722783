#include "cmd/options/help.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string_view>

#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "cmd/options/option_table.h"
#include "cmd/options/subcommand_table.h"
#include "finder/text/abseil_view.h"

namespace finder {
namespace {

constexpr size_t kWidth = 79;
// Where the explanations begin.
constexpr size_t kColumn = 30;

constexpr std::string_view kUsage = R"(Usage: finder [OPTION...] [ROOT...]
       finder SUBCOMMAND [ARGUMENT...]

Prints the files below each ROOT (default: .) in byte order; a ROOT that is a
file is itself an answer. What was learned about the tree is kept, so that the
next run only asks what has changed.
)";

constexpr OptionGroupTitle kGroups[] = {
    {OptionGroup::kView, "Where to look"},
    {OptionGroup::kQuery, "What to match"},
    {OptionGroup::kOutput, "Output"},
    {OptionGroup::kCache, "Cache"},
    {OptionGroup::kGeneral, "General"},
};

// What -h tells of, by the main spelling: enough for a day, and with the rest
// of it no more than one screen.
constexpr std::string_view kBrief[] = {
    "--exclude-dirs",  "--follow", "--glob",      "--extension", "--regex",
    "--ignore-case",   "--type",   "--max-depth", "-1",          "--print0",
    "--absolute-path", "--count",  "--quiet",     "--output",    "--no-cache",
    "--verbose",       "--help",
};

constexpr std::string_view kRest = R"(
Lists are separated by commas, and options that take one may be repeated.
Several filters of one kind are "or", different kinds are "and". A ROOT that
begins with '-' goes after "--".

Examples:
  finder -g '*.h' /usr/include        all headers, much faster the second time
  finder -E .git,out -e c,cc src      C and C++ sources, .git and out left out
  finder --prune-files .out-dir --names Android.bp --first
                                      the topmost Android.bp files
  finder -g '*.proto' -o protos.list  a list for a build, rewritten only
                                      if it changes
  finder --check -g '*.go' || go build ./...
                                      only if a file came or went
  finder -0 -e java | xargs -0 wc -l  safe for names of any bytes
  finder -q -g '*.orig' && echo left  is there any?

Exit codes:
  0  done, the answer is complete (also when it is empty)
  1  --quiet: nothing found; --verify: the answers differ; --check: changed
  2  a usage error, a missing ROOT, output that cannot be written, no memory
  3  done, but some directories or ignore files could not be read, or with
     --keep-going a ROOT is missing

Environment:
  FINDER_CACHE_DIR  directory of the databases; else XDG_CACHE_HOME/finder,
                    else HOME/.cache/finder
  FINDER_VIEW_ID    the same as --view-id
  XDG_CONFIG_HOME, GIT_CONFIG_GLOBAL, GIT_CONFIG_SYSTEM, GIT_CONFIG_NOSYSTEM
                    where git's configuration lies, for --ignore-files
  LS_COLORS         colours, as dircolors prints them; honoured are di, fi, ln,
                    no, rs and *SUFFIX
  NO_COLOR          if not empty, --color is never unless it is given

Documents are in PREFIX/share/doc/finder, PREFIX being /usr or where it was
installed.
)";

// "-d, --max-depth"
std::string Names(const OptionSpec& spec) {
  const std::string_view dashes = spec.names.starts_with("--") ? "    " : "";
  std::string text(dashes);
  text += absl::StrReplaceAll(Abseil(spec.names), {{",", ", "}});
  return text;
}

// "-d, --max-depth N"
std::string Spelling(const OptionSpec& spec) {
  std::string text = Names(spec);
  if (spec.value_rule == ValueRule::kOptional) {
    text += "[=";
    text += spec.value_name;
    text += ']';
  } else if (spec.requires_value()) {
    text += ' ';
    text += spec.value_name;
  }
  return text;
}

// The same with one value of a list: "-e, --extension EXT".
std::string BriefSpelling(const OptionSpec& spec) {
  std::string text = Names(spec);
  if (!spec.requires_value()) return text;
  text += ' ';
  text += spec.value_name.substr(0, spec.value_name.find('['));
  return text;
}

// A line of a list: what is explained, then the text in a column of its own.
void AppendExplained(std::string_view what, std::string_view text,
                     std::string& out) {
  std::string line = "  ";
  line += what;
  if (line.size() + 2 > kColumn) {
    out += line + '\n';
    line.clear();
  }
  line.resize(kColumn, ' ');
  bool at_start = true;
  for (const absl::string_view word : absl::StrSplit(Abseil(text), ' ')) {
    if (!at_start && line.size() + 1 + word.size() > kWidth) {
      out += line + '\n';
      line.assign(kColumn, ' ');
      at_start = true;
    }
    if (!at_start) line += ' ';
    line += Std(word);
    at_start = false;
  }
  out += line + '\n';
}

void AppendOption(const OptionSpec& spec, std::string& out) {
  AppendExplained(Spelling(spec), spec.help, out);
}

bool IsBrief(const OptionSpec& spec) {
  return std::find(std::begin(kBrief), std::end(kBrief), spec.name()) !=
         std::end(kBrief);
}

void AppendSubcommands(std::string& out) {
  out += "\nSubcommands (finder SUBCOMMAND --help says more):\n";
  for (const SubcommandSpec& spec : AllSubcommands()) {
    if (!spec.available()) continue;
    std::string usage(spec.word);
    usage += ' ';
    usage += spec.synopsis;
    AppendExplained(usage, spec.summary, out);
  }
  out +=
      "A directory with such a name is reached as ./NAME, and where a script "
      "names the\nroots, by finder [OPTION...] -- ROOT...\n";
}

}  // namespace

std::string BriefHelpText() {
  std::string text(kUsage);
  text += '\n';
  for (const auto& [group, title] : kGroups) {
    text += title;
    text += ":\n";
    for (const OptionSpec& spec : AllOptions()) {
      if (spec.group != group || !IsBrief(spec)) continue;
      AppendExplained(BriefSpelling(spec), spec.summary(), text);
    }
  }
  text += "Subcommands:";
  for (const SubcommandSpec& spec : AllSubcommands()) {
    if (!spec.available()) continue;
    text += ' ';
    text += spec.word;
  }
  return text + " (finder SUBCOMMAND --help says more)\n";
}

std::string HelpText() {
  std::string text(kUsage);
  for (const auto& [group, title] : kGroups) {
    text += '\n';
    text += title;
    text += ":\n";
    for (const OptionSpec& spec : AllOptions()) {
      if (spec.group == group) AppendOption(spec, text);
    }
  }
  AppendSubcommands(text);
  text += kRest;
  return text;
}

std::string HelpText(const SubcommandSpec& subcommand) {
  std::string text = "Usage: finder ";
  text += subcommand.word;
  text += ' ';
  text += subcommand.synopsis;
  text += "\n\n";
  text += subcommand.text;
  text += "\nOptions:\n";
  for (const OptionSpec* spec : OptionsOf(subcommand)) {
    AppendOption(*spec, text);
  }
  return text;
}

std::span<const OptionGroupTitle> OptionGroupTitles() { return kGroups; }
std::string_view HelpIntroduction() { return kUsage; }
std::string_view HelpRemarks() { return kRest; }
std::span<const std::string_view> BriefOptions() { return kBrief; }

}  // namespace finder
