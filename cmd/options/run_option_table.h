// The options that only `finder run` takes, and its text of --help: a part of
// the table of cmd/options/subcommand_table.cc, and used by nothing else.
//
// Pure constants; any thread.
#ifndef FINDER_CMD_OPTIONS_RUN_OPTION_TABLE_H_
#define FINDER_CMD_OPTIONS_RUN_OPTION_TABLE_H_

#include <string_view>

#include "absl/status/status.h"
#include "cmd/options/option_table.h"
#include "finder/fields/value_text.h"

namespace finder {

// What each value becomes; cmd/options/run_option_table.cc.
absl::Status SetCountBy(CommandLine& c, std::string_view v);
absl::Status SetMaxOutput(CommandLine& c, std::string_view v);
absl::Status SetTimeout(CommandLine& c, std::string_view v);
absl::Status SetRelocatable(CommandLine& c, std::string_view v);
absl::Status SetRunDepfile(CommandLine& c, std::string_view v);

inline constexpr std::string_view kRunText =
    R"(Runs COMMAND once, and as long as what it depends on is the same, says what it
said: standard output and error in their order, exit code and output files. The
files it depends on are those that the view and query options find below each
ROOT; without any of these, only what --input and --input-file name. It also
depends on its command line, the working directory, the program itself (the
file, not what that loads or starts), the umask, and the variables HOME, USER,
TERM, TMPDIR, LANG and LC_*. Of the environment it sees these, PATH and what is
declared, and its standard input is empty. What depends on the time, the
network or chance is not for this: try --check-twice.

Results are kept in the cache directory (finder cache --help) and are never kept
if COMMAND fails, unless --keep-failures, if a signal ended it, if an input
changed while it ran, or if an output is missing.

Exit codes:
  that of COMMAND, whether it ran or not; by a signal if one has ended it
  1    --check-twice: it did not do the same again; --dry-run: it would run
  124  --timeout: it took too long
  125  finder itself failed: a usage error, a missing ROOT, lost output
  126  COMMAND cannot be executed
  127  there is no such COMMAND

Examples:
  finder run -g '*.proto' src --output gen -- ./generate src gen
  finder run -e py --env PYTHONPATH . -- flake8
  finder run --input "-e c,h src" --input-file Makefile -- make test
)";

inline constexpr std::string_view kRunSharedOptions[] = {
    "--exclude-dirs",
    "--exclude",
    "--prune-files",
    "--names",
    "--suffixes",
    "--follow",
    "--one-file-system",
    "--glob",
    "--regex",
    "--extension",
    "--ignore-case",
    "--smart-case",
    "--type",
    "--at",
    "--first",
    "--max-depth",
    "--min-depth",
    "--max-results",
    "-1",
    "--cache-dir",
    "--no-cache",
    "--view-id",
    "--threads",
    "-C",
    "--ignore-unreadable",
    "--verbose",
    "--stats",
};

#define FINDER_RUN_APPLY(expression)                     \
  [](CommandLine& c [[maybe_unused]], std::string_view v \
     [[maybe_unused]]) -> absl::Status { return expression; }
#define FINDER_RUN_SET(assignment) \
  FINDER_RUN_APPLY((assignment, absl::OkStatus()))

inline constexpr OptionSpec kRunOwnOptions[] = {
    {OptionGroup::kQuery, "--input", ValueRule::kRequired, "SPEC",
     "one more set of input files: options and ROOTs as above, in one word "
     "with the quoting of a shell; may be repeated",
     FINDER_RUN_APPLY(AppendText(v, c.run.inputs))},
    {OptionGroup::kQuery, "--input-file", ValueRule::kRequired, "FILE",
     "one more input file, which may be missing; may be repeated",
     FINDER_RUN_APPLY(AppendText(v, c.run.input_files))},
    {OptionGroup::kQuery, "--by", ValueRule::kRequired, "WHAT",
     "input files count by their contents (default), by their stamp (size and "
     "time), or by name only",
     SetCountBy, "contents,stamp,name"},
    {OptionGroup::kQuery, "--depfile", ValueRule::kRequired, "FILE",
     "COMMAND writes FILE, as compilers do with -MD: what is in it are inputs "
     "too, and FILE is an output",
     SetRunDepfile},
    {OptionGroup::kQuery, "--env", ValueRule::kRequired, "NAME[,NAME]",
     "COMMAND sees these variables and depends on them, also on that they are "
     "not set",
     FINDER_RUN_APPLY(AppendList(v, c.run.keyed_variables))},
    {OptionGroup::kQuery, "--pass-env", ValueRule::kRequired, "NAME[,NAME]",
     "COMMAND sees these variables and does not depend on them",
     FINDER_RUN_APPLY(AppendList(v, c.run.passed_variables))},
    {OptionGroup::kQuery, "--env-all", ValueRule::kNone, "",
     "COMMAND sees the whole environment and depends on it",
     FINDER_RUN_SET(c.run.env_all = true)},
    {OptionGroup::kQuery, "--salt", ValueRule::kRequired, "TEXT",
     "COMMAND depends on TEXT, too: what finder cannot see, such as a version",
     FINDER_RUN_SET(c.run.salt = std::string(v))},
    {OptionGroup::kQuery, "--relocatable", ValueRule::kOptional, "DIR",
     "the tree at DIR (default: .) may lie elsewhere next time; COMMAND names "
     "it by relative paths only",
     SetRelocatable},
    {OptionGroup::kOutput, "--output", ValueRule::kRequired, "PATH",
     "COMMAND makes this file, directory or symlink; may be repeated",
     FINDER_RUN_APPLY(AppendText(v, c.run.outputs))},
    {OptionGroup::kOutput, "--output-outside", ValueRule::kNone, "",
     "outputs may lie outside of the working directory, or behind symlinks",
     FINDER_RUN_SET(c.run.output_outside = true)},
    {OptionGroup::kOutput, "--max-output", ValueRule::kRequired, "SIZE",
     "do not keep what prints more than SIZE (default: 256M)", SetMaxOutput},
    {OptionGroup::kOutput, "--quiet-replay", ValueRule::kNone, "",
     "print nothing when COMMAND need not run",
     FINDER_RUN_SET(c.run.quiet_replay = true)},
    {OptionGroup::kGeneral, "--keep-failures", ValueRule::kNone, "",
     "keep results with an exit code other than 0, up to 125",
     FINDER_RUN_SET(c.run.keep_failures = true)},
    {OptionGroup::kGeneral, "--timeout", ValueRule::kRequired, "TIME",
     "end COMMAND after so long: 90s, 10m, 2h", SetTimeout},
    {OptionGroup::kGeneral, "--tty", ValueRule::kNone, "",
     "when standard output is a terminal, COMMAND has it and standard input "
     "for itself; its result is not kept",
     FINDER_RUN_SET(c.run.tty = true)},
    {OptionGroup::kGeneral, "--refresh", ValueRule::kNone, "",
     "run COMMAND whatever is kept, and keep its result",
     FINDER_RUN_SET(c.run.refresh = true)},
    {OptionGroup::kGeneral, "--dry-run", ValueRule::kNone, "",
     "only say whether COMMAND would run",
     FINDER_RUN_SET(c.run.dry_run = true)},
    {OptionGroup::kGeneral, "--explain", ValueRule::kNone, "",
     "say what is not as it was when the same command last ran: 'changed "
     "FILE', 'came FILE', 'gone FILE', 'env NAME changed'",
     FINDER_RUN_SET(c.run.explain = true)},
    {OptionGroup::kGeneral, "--check-twice", ValueRule::kNone, "",
     "run COMMAND twice and say what was not the same; keep nothing",
     FINDER_RUN_SET(c.run.check_twice = true)},
    {OptionGroup::kGeneral, "--audit", ValueRule::kNone, "",
     "run COMMAND under strace and say which files it read that are no "
     "declared inputs; keep nothing",
     FINDER_RUN_SET(c.run.audit = true)},
};

#undef FINDER_RUN_SET
#undef FINDER_RUN_APPLY

}  // namespace finder

#endif  // FINDER_CMD_OPTIONS_RUN_OPTION_TABLE_H_
