#include "cmd/options/option_table.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "finder/fields/field.h"
#include "finder/fields/field_setting.h"
#include "finder/fields/value_text.h"
#include "finder/text/abseil_view.h"

namespace finder {
namespace {

using absl::OkStatus;
using absl::Status;
using std::string_view;

constexpr uint64_t kMostThreads = 256;

template <typename T>
using Choices = std::pair<string_view, T>;

constexpr Choices<DatabaseFormat> kDatabaseFormats[] = {
    {"native", DatabaseFormat::kNative},
    {"soong", DatabaseFormat::kSoong},
};

constexpr Choices<When> kWhens[] = {
    {"auto", When::kAuto},
    {"always", When::kAlways},
    {"never", When::kNever},
};

constexpr Choices<StatsStyle> kStatsStyles[] = {
    {"table", StatsStyle::kTable},
    {"json", StatsStyle::kJson},
};

// What --check does; without a value, kCheck.
constexpr Choices<Telling> kChecks[] = {{"keep", Telling::kPending}};

// Sets `to` to a number from `min` to `max`.
template <typename T>
Status SetNumber(string_view value, uint64_t min, uint64_t max,
                 std::optional<T>& to) {
  const absl::StatusOr<uint64_t> number = ParseNumber(value, min, max);
  if (number.ok()) to = static_cast<T>(*number);
  return number.status();
}

template <typename T>
Status SetChoice(string_view value, std::span<const Choices<T>> choices,
                 T& to) {
  const absl::StatusOr<T> choice = ParseChoice<T>(value, choices);
  if (choice.ok()) to = *choice;
  return choice.status();
}

// Whether a value stands for a standard stream, which is not to be replaced as
// a file is.
bool NamesStream(string_view value, string_view name, string_view number) {
  for (const string_view directory : {"/dev/fd/", "/proc/self/fd/"}) {
    if (value.starts_with(directory) &&
        value.substr(directory.size()) == number) {
      return true;
    }
  }
  return value.starts_with("/dev/") && value.substr(5) == name;
}
bool NamesStandardInput(string_view value) {
  return value == "-" || NamesStream(value, "stdin", "0");
}
bool NamesStandardOutput(string_view value) {
  return value == "-" || NamesStream(value, "stdout", "1");
}

Status SetFile(string_view value, std::optional<std::string>& to) {
  if (NamesStandardOutput(value) || NamesStream(value, "stderr", "2")) {
    return absl::InvalidArgumentError(absl::StrCat(
        "'", Abseil(value), "' is a stream, and this must be a file",
        value == "-" ? "; one of that name is ./-" : ""));
  }
  if (value.empty()) return EmptyValue();
  to = std::string(value);
  return OkStatus();
}

Status SetOutput(string_view value, std::optional<std::string>& to) {
  if (!NamesStandardOutput(value)) return SetFile(value, to);
  to.reset();
  return OkStatus();
}

Status SetPlan(string_view value, std::optional<std::string>& to) {
  if (value.empty()) return EmptyValue();
  to = NamesStandardInput(value) ? "-" : std::string(value);
  return OkStatus();
}

Status SetText(string_view value, std::optional<std::string>& to) {
  if (value.empty()) return EmptyValue();
  to = std::string(value);
  return OkStatus();
}

// STYLE, or STYLE:FILE.
Status SetStats(string_view value, GeneralOptions& to) {
  to.stats_file.reset();
  const size_t colon = value.find(':');
  if (colon != string_view::npos) {
    if (Status status = SetText(value.substr(colon + 1), to.stats_file);
        !status.ok()) {
      return status;
    }
    value = value.substr(0, colon);
  }
  if (value.empty()) {
    to.stats = StatsStyle::kTable;
    return OkStatus();
  }
  return SetChoice<StatsStyle>(value, kStatsStyles, to.stats);
}

// Adds a command whose words are each followed by a NUL.
Status AddCommand(string_view value, std::vector<CommandWords>& to) {
  CommandWords& words = to.emplace_back();
  while (!value.empty()) {
    const size_t end = value.find('\0');
    words.emplace_back(value.substr(0, end));
    value.remove_prefix(end + 1);
  }
  return OkStatus();
}

Status SetCheck(string_view value, Telling& to) {
  if (!value.empty()) return SetChoice<Telling>(value, kChecks, to);
  to = Telling::kCheck;
  return OkStatus();
}

FieldTarget FieldsOf(CommandLine& command) {
  return {command.view, command.query, command.smart_case};
}

// An apply function; `v` is the option's value and `c` the command line.
#define FINDER_APPLY(expression)                                        \
  [](CommandLine& c [[maybe_unused]], string_view v [[maybe_unused]]) { \
    return expression;                                                  \
  }
#define FINDER_SET(assignment) FINDER_APPLY((assignment, OkStatus()))

constexpr OptionGroup kView = OptionGroup::kView;
constexpr OptionGroup kQuery = OptionGroup::kQuery;
constexpr OptionGroup kOutput = OptionGroup::kOutput;
constexpr OptionGroup kCache = OptionGroup::kCache;
constexpr OptionGroup kGeneral = OptionGroup::kGeneral;
constexpr ValueRule kNone = ValueRule::kNone;
constexpr ValueRule kOptional = ValueRule::kOptional;
constexpr ValueRule kRequired = ValueRule::kRequired;
constexpr ValueRule kCommand = ValueRule::kCommand;

const OptionSpec kOptions[] = {
    {kView, "-E,--exclude-dirs", kRequired, "NAME[,NAME]",
     "leave out directories of that name or glob; with a '/', of that path "
     "below a ROOT"},
    {kView, "--exclude", kRequired, "GLOB",
     "leave out files and directories whose name matches, or whose path below "
     "a ROOT when GLOB holds a '/'"},
    {kView, "--prune-files", kRequired, "NAME[,NAME]",
     "a directory that holds such a file is empty, with all below it"},
    {kView, "--ignore-files", kNone, "",
     "leave out what .gitignore, .ignore and git's other excludes hide"},
    {kView, "--names", kRequired, "NAME[,NAME]",
     "see only files of that name; with --suffixes, of either"},
    {kView, "--suffixes", kRequired, "S[,S]",
     "see only files whose name ends in S, e.g. .mk"},
    {kView, "-L,--follow", kNone, "", "enter symlinks to directories"},
    {kView, "--xdev,--one-file-system", kNone, "",
     "stay on the file system of each ROOT"},

    {kQuery, "-g,--glob", kRequired, "GLOB",
     "match the name, or the path when GLOB holds a '/'; ** spans "
     "directories"},
    {kQuery, "--regex", kRequired, "RE", "match any part of the path (RE2)"},
    {kQuery, "-e,--extension", kRequired, "EXT[,EXT]",
     "match names that end in .EXT"},
    {kQuery, "-i,--ignore-case", kNone, "",
     "take a-z and A-Z as equal in the three above"},
    {kQuery, "-S,--smart-case", kNone, "",
     "the same, unless one of them has a letter A-Z"},
    {kQuery, "-t,--type", kRequired, "TYPE[,TYPE]",
     "f regular files, d directories, l symlinks; without it all that are "
     "no directories",
     nullptr, "f,d,l"},
    {kQuery, "--size", kRequired, "[+-]N[UNIT]",
     "regular files of at least (+), at most (-) or exactly that size; the "
     "unit "
     "is b, k, m, g, t (1000), ki, mi, gi, ti (1024)"},
    {kQuery, "--newer", kRequired, "FILE|TIME",
     "modified after FILE was, or after a TIME as in --changed-within"},
    {kQuery, "--changed-within", kRequired, "DUR|TIME",
     "modified within a duration (10h, 2weeks, '1d 12h') or after a time "
     "(2018-10-27, '2018-10-27 10:00:00', @1540634400)"},
    {kQuery, "--changed-before", kRequired, "DUR|TIME",
     "modified longer ago, or before that time"},
    {kQuery, "--tracked", kNone, "",
     "only what the index of its git repository holds; of directories, those "
     "with such files"},
    {kQuery, "--at", kRequired, "DIR", "answer only what is below DIR"},
    {kQuery, "--first", kNone, "",
     "do not look below a directory that has a match"},
    {kQuery, "-d,--max-depth", kRequired, "N",
     "at most N levels deep; what is in a ROOT has depth 1"},
    {kQuery, "--min-depth", kRequired, "N", "at least N levels deep"},
    {kQuery, "--max-results", kRequired, "N",
     "the first N answers in order of output"},
    {kQuery, "-1", kNone, "",
     "only the first answer; the same as --max-results 1",
     FINDER_APPLY(SetField(GetField(FieldId::kMaxResults), "1", FieldsOf(c)))},

    {kOutput, "-0,--print0", kNone, "", "end each path by NUL",
     FINDER_SET(c.output.format = OutputFormat::kNul)},
    {kOutput, "--json", kNone, "",
     "one object a line: {\"path\":\"a.c\",\"type\":\"f\"}; path_bytes in "
     "base64 if the path is not UTF-8",
     FINDER_SET(c.output.format = OutputFormat::kJson)},
    {kOutput, "--print-format", kRequired, "FORMAT",
     "print each answer as find's -printf would, e.g. '%s %p\\n'; not %u, %g, "
     "%F",
     FINDER_APPLY(SetText(v, c.output.print_format))},
    {kOutput, "-a,--absolute-path", kNone, "", "print absolute paths",
     FINDER_SET(c.output.path_style = PathStyle::kAbsolute)},
    {kOutput, "--count", kNone, "", "print only how many answers there are",
     FINDER_SET(c.output.format = OutputFormat::kCount)},
    {kOutput, "-q,--quiet", kNone, "",
     "exit 0 if there is an answer, else 1; print nothing",
     FINDER_SET(c.output.format = OutputFormat::kNothing)},
    {kOutput, "-o,--output", kRequired, "FILE",
     "write to FILE, and only if its content changes; - is standard output",
     FINDER_APPLY(SetOutput(v, c.output.file))},
    {kOutput, "-x,--exec", kCommand, "CMD",
     "run CMD for each answer, as many at once as there are --threads; {} is "
     "the path, {/} its name, {//} its directory, {.} and {/.} the first two "
     "without extension; CMD ends at a ';' or with the command line",
     FINDER_APPLY(AddCommand(v, c.execution.each))},
    {kOutput, "-X,--exec-batch", kCommand, "CMD",
     "run CMD once for all answers, or as often as they do not fit",
     FINDER_APPLY(AddCommand(v, c.execution.batch))},
    {kOutput, "--batch-size", kRequired, "N",
     "give each --exec-batch at most N answers",
     FINDER_APPLY(SetNumber(v, 1, UINT64_MAX, c.execution.batch_size))},
    {kOutput, "--digest", kNone, "",
     "print a hash of the list, the same wherever the list is",
     FINDER_SET(c.output.telling = Telling::kDigest)},
    {kOutput, "--check", kOptional, "keep",
     "print nothing; exit 0 if the answer is the same as at the last --check "
     "or --since-last, else 1; with =keep it goes on being 1 until --checked",
     FINDER_APPLY(SetCheck(v, c.output.telling)), "keep"},
    {kOutput, "--checked", kNone, "",
     "make the answer that the last --check=keep saw the one to compare with; "
     "looks at no file",
     FINDER_SET(c.output.telling = Telling::kChecked)},
    {kOutput, "--since-last", kNone, "",
     "print 'A path' and 'D path' for what came and went since the last "
     "--since-last",
     FINDER_SET(c.output.telling = Telling::kChanges)},
    {kOutput, "--plan", kRequired, "FILE",
     "write the lists that FILE (- is standard input) asks for, all or none; "
     "see doc/plan.md",
     FINDER_APPLY(SetPlan(v, c.plan))},
    {kOutput, "--depfile", kRequired, "FILE",
     "write to FILE, for make and ninja, which directories the output "
     "depends on",
     FINDER_APPLY(SetFile(v, c.output.depfile))},
    {kOutput, "--depfile-target", kRequired, "NAME",
     "the target in --depfile, instead of the output",
     FINDER_APPLY(SetText(v, c.output.depfile_target))},
    {kOutput, "--depfile-stamp", kRequired, "FILE",
     "make FILE anew in every run, with the time before the scan, as the "
     "target in --depfile",
     FINDER_APPLY(SetFile(v, c.output.depfile_stamp))},

    {kCache, "--db", kRequired, "FILE", "keep what is known in FILE",
     FINDER_APPLY(SetText(v, c.cache.database))},
    {kCache, "--db-format", kRequired, "FORMAT",
     "write --db as native (default) or soong; either is read",
     FINDER_APPLY(
         SetChoice<DatabaseFormat>(v, kDatabaseFormats, c.cache.format)),
     "native,soong"},
    {kCache, "--cache-dir", kRequired, "DIR", "keep databases in DIR",
     FINDER_APPLY(SetText(v, c.cache.directory))},
    {kCache, "--import", kRequired, "FILE",
     "start from the database FILE, finder's or Soong's, if there is none yet "
     "in the cache directory",
     FINDER_APPLY(SetText(v, c.cache.import))},
    {kCache, "--no-cache", kNone, "", "neither read nor write a database",
     FINDER_SET(c.cache.mode = CacheMode::kNone)},
    {kCache, "--refresh", kNone, "", "do not read the database, write it anew",
     FINDER_SET(c.cache.mode = CacheMode::kRefresh)},
    {kCache, "--verify", kNone, "",
     "compare with a full walk: + PATH is missing from the answer, - PATH "
     "should not be there; exit 1 if they differ",
     FINDER_SET(c.cache.mode = CacheMode::kVerify)},
    {kCache, "--view-id", kRequired, "ID",
     "whose database this is, instead of user@host",
     FINDER_APPLY(SetText(v, c.cache.view_id))},

    {kGeneral, "-j,--threads", kRequired, "N", "work with N threads (1 to 256)",
     FINDER_APPLY(SetNumber(v, 1, kMostThreads, c.general.threads))},
    {kGeneral, "-C", kRequired, "DIR", "change to DIR first; may be repeated",
     FINDER_APPLY(AppendText(v, c.general.directories))},
    {kGeneral, "--ignore-unreadable", kNone, "",
     "say nothing of directories that cannot be read, and exit 0",
     FINDER_SET(c.general.unreadable = Unreadable::kIgnore)},
    {kGeneral, "--keep-going", kNone, "",
     "when a ROOT is missing, say so and answer for the others; exit 3",
     FINDER_SET(c.general.missing_roots = MissingRoots::kLeftOut)},
    {kGeneral, "-v,--verbose", kNone, "",
     "say why a run was cold and what was listed again",
     FINDER_SET(c.general.verbose = true)},
    {kGeneral, "--stats", kOptional, "json[:FILE]",
     "print counts and times at the end, or one line of JSON; to standard "
     "error or to FILE",
     FINDER_APPLY(SetStats(v, c.general)), "table,json"},
    {kGeneral, "--trace", kRequired, "FILE",
     "write to FILE, for Perfetto, what each thread did when",
     FINDER_APPLY(SetFile(v, c.general.trace))},
    {kGeneral, "--progress", kRequired, "WHEN",
     "tell how far a scan is: auto (default: on a terminal, if it takes over "
     "a second), always, never",
     FINDER_APPLY(SetChoice<When>(v, kWhens, c.general.progress)),
     "auto,always,never"},
    {kGeneral, "--color", kRequired, "WHEN",
     "colour lines by LS_COLORS: auto (default: to a terminal), always, never",
     FINDER_APPLY(SetChoice<When>(v, kWhens, c.general.color)),
     "auto,always,never"},
    {kGeneral, "--hyperlink", kRequired, "WHEN",
     "make each line a link to its file, for terminals that have links: auto "
     "(to a terminal), always, never (default)",
     FINDER_APPLY(SetChoice<When>(v, kWhens, c.general.hyperlink)),
     "auto,always,never"},
    {kGeneral, "-h", kNone, "", "print the options used most, on one screen",
     FINDER_SET(c.action = Action::kBriefHelp)},
    {kGeneral, "--help", kNone, "",
     "print all options, subcommands and exit codes",
     FINDER_SET(c.action = Action::kHelp)},
    {kGeneral, "-V,--version", kNone, "", "print the version",
     FINDER_SET(c.action = Action::kVersion)},
};

#undef FINDER_SET
#undef FINDER_APPLY

}  // namespace

string_view OptionSpec::name() const {
  const size_t comma = names.rfind(',');
  return comma == string_view::npos ? names : names.substr(comma + 1);
}

string_view OptionSpec::summary() const {
  return help.substr(0, std::min(help.find(';'), help.find(": ")));
}

Status Apply(const OptionSpec& option, string_view value, CommandLine& into) {
  if (option.apply != nullptr) return option.apply(into, value);
  return SetField(*FindField(option.name().substr(2)), value, FieldsOf(into));
}

std::span<const OptionSpec> AllOptions() { return kOptions; }

OptionSet MainOptions() {
  OptionSet options;
  for (const OptionSpec& spec : kOptions) options.push_back(&spec);
  return options;
}

}  // namespace finder
