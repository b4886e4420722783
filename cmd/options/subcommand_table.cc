#include "cmd/options/subcommand_table.h"

#include <algorithm>
#include <iterator>

#include "cmd/options/run_option_table.h"

namespace finder {
namespace {

// Theirs fits a screen or two: -h has no other text.
constexpr OptionSpec kHelp = {OptionGroup::kGeneral,
                              "-h,--help",
                              ValueRule::kNone,
                              "",
                              "print this text",
                              [](CommandLine& into, std::string_view) {
                                into.action = Action::kHelp;
                                return absl::OkStatus();
                              }};

constexpr std::string_view kCacheText =
    R"(Shows and tends the directory in which databases are kept. VERB is

  info               sizes, counts, limits, hit rate, age, and what each root
                     takes
  list               every entry, the one used last first: last use, size, uses
                     and roots, with --long also view and owner; of results
                     (--kind result) key and command
  show KEY           a result of a command: what it was keyed by, its outputs,
                     size, uses and age; KEY is its first digits
  path [ROOT...]     where the database of this view is; the view options are
                     those of the search
  gc                 run upkeep now and say what it did
  verify             check the sums of every entry, and with --deep what it
                     answers
  clear [ROOT...]    remove the entries of these roots and of what is below
                     them; without ROOT all of them, but for the limits; with
                     --kind result the results of commands in these
  set max-size SIZE  2G, 1.5G, 500M or unlimited
  set max-entries N  a number or unlimited
  set max-age AGE    90d, 12h or unlimited
  set group on|off   whether the directory's group may use the cache

The directory is --cache-dir, $FINDER_CACHE_DIR, $XDG_CACHE_HOME/finder or
~/.cache/finder. Entries in use are never removed, nor is what finder has not
made.

Exit codes:
  0  done
  1  verify: an entry is damaged or differs; path: there is no such entry
  2  a usage error, no cache that can be used, or a part of the work failed,
     which is said
)";

constexpr std::string_view kCacheOptions[] = {
    "--exclude-dirs",
    "--exclude",
    "--prune-files",
    "--names",
    "--suffixes",
    "--follow",
    "--one-file-system",
    "--cache-dir",
    "--view-id",
    "--json",
    "-C",
};

constexpr OptionSpec kCacheOwnOptions[] = {
    {OptionGroup::kCache, "--long", ValueRule::kNone, "",
     "list: all that is known of each entry, on lines of their own",
     [](CommandLine& into, std::string_view) {
       into.cache.long_list = true;
       return absl::OkStatus();
     }},
    {OptionGroup::kCache, "--kind", ValueRule::kRequired, "KIND",
     "list, clear: only entries of this kind: database, answer, result or "
     "hashes",
     [](CommandLine& into, std::string_view value) {
       for (const std::string_view kind :
            {"database", "answer", "result", "hashes"}) {
         if (value != kind) continue;
         into.cache.kind = kind;
         return absl::OkStatus();
       }
       return absl::InvalidArgumentError(
           "known are database, answer, result and hashes");
     }},
    {OptionGroup::kCache, "--deep", ValueRule::kNone, "",
     "verify: compare what each entry answers with a full walk, too",
     [](CommandLine& into, std::string_view) {
       into.cache.deep = true;
       return absl::OkStatus();
     }},
};

// What cmd/upkeep_command.h says.
constexpr OptionSpec kCacheInternalOptions[] = {
    {OptionGroup::kCache, "--background", ValueRule::kNone, "",
     "gc: print nothing and give way to all others",
     [](CommandLine& into, std::string_view) {
       into.cache.background = true;
       return absl::OkStatus();
     }},
};

constexpr std::string_view kCacheWords[] = {
    "info", "list", "show", "path", "gc", "verify", "clear", "set",
};

constexpr std::string_view kDoctorText =
    R"(Measures on the file system of ROOT (default: .) what a cache relies on: whether
the stamp of a directory moves when something in it is created, deleted or
renamed, in which steps, and whether the clock behind it agrees with this
machine's. Each line is a finding, with what to do where it is not good, and the
last the verdict. It makes a directory of its own in ROOT and removes it; where
stamps are coarse this takes some seconds.

Exit codes:
  0  a cache is safe there
  1  it is not: use --no-cache
  2  ROOT is missing or cannot be written to
)";

constexpr std::string_view kFindText =
    R"(Answers what find(1) would, from the cache: the language of POSIX and of GNU
find, and the commonest words of BSD and bfs. Siblings come by name.

  before     -H -L -P, -O N, -D WORDS, --
  options    -depth -d, -maxdepth -mindepth N, -xdev -mount -x, -files0-from
             FILE, -ignore_readdir_race, -noleaf, -s
  settings   -daystart, -follow, -regextype TYPE, -E, -warn, -nowarn
  names      -name -iname -path -ipath -wholename -iwholename -lname -ilname
             PATTERN, -regex -iregex EXPRESSION, -hidden
  kinds      -type -xtype f,d,l,p,s,b,c, -empty, -size N[cwbkMGTP], -sparse,
             -links -inum N, -samefile FILE, -fstype TYPE, -depth N
  times      -mtime -atime -ctime -Btime, -mmin -amin -cmin -Bmin, -used N,
             -newer -anewer -cnewer FILE, -newerXY FILE or TIME, -since TIME
  owners     -perm MODE, -user -group NAME, -uid -gid N, -nouser, -nogroup,
             -readable, -writable, -executable
  actions    -print -print0 -printf -ls, -fprint -fprint0 -fprintf -fls, -exec
             -execdir -ok -okdir, -delete, -prune, -quit
  operators  ( ) ! -not -a -and -o -or , -true -false -exclude TEST

An expression is read from left to right. Names and kinds are known without a
look at the file; files are asked last, on several threads. doc/find.md says
what differs from find.

Exit codes:
  0  done
  1  something could not be read or done, or a usage error

Example:
  finder find . -name .git -prune -o -name '*.c' -newer out -exec cc -c {} +
)";

constexpr std::string_view kFindWords[] = {
    "-H",
    "-L",
    "-P",
    "-O3",
    "-D",
    "-E",
    "-s",
    "-x",
    "-d",
    "-depth",
    "-maxdepth",
    "-mindepth",
    "-xdev",
    "-mount",
    "-files0-from",
    "-ignore_readdir_race",
    "-noignore_readdir_race",
    "-noleaf",
    "-daystart",
    "-follow",
    "-regextype",
    "-warn",
    "-nowarn",
    "-name",
    "-iname",
    "-path",
    "-ipath",
    "-wholename",
    "-iwholename",
    "-lname",
    "-ilname",
    "-regex",
    "-iregex",
    "-hidden",
    "-type",
    "-xtype",
    "-empty",
    "-size",
    "-sparse",
    "-links",
    "-inum",
    "-samefile",
    "-fstype",
    "-mtime",
    "-atime",
    "-ctime",
    "-Btime",
    "-mmin",
    "-amin",
    "-cmin",
    "-Bmin",
    "-used",
    "-newer",
    "-anewer",
    "-cnewer",
    "-newermt",
    "-since",
    "-perm",
    "-user",
    "-group",
    "-uid",
    "-gid",
    "-nouser",
    "-nogroup",
    "-readable",
    "-writable",
    "-executable",
    "-print",
    "-print0",
    "-printf",
    "-ls",
    "-fprint",
    "-fprint0",
    "-fprintf",
    "-fls",
    "-exec",
    "-execdir",
    "-ok",
    "-okdir",
    "-delete",
    "-prune",
    "-quit",
    "-not",
    "-a",
    "-and",
    "-o",
    "-or",
    "-true",
    "-false",
    "-exclude",
    "-help",
    "-version",
};

constexpr std::string_view kWhyText =
    R"(Says what shows or hides PATH: each ROOT (default: .), directory, symlink,
exclude rule, prune file, file system and filter on the way to it, a line each,
and at last "shown" or "hidden: REASON". The options are those of the search
that is to be explained. It looks at the disk, not at the cache.

Exit codes:
  0  PATH is shown
  1  PATH is hidden
  2  PATH is outside of every ROOT, or a ROOT is missing

Example:
  finder why -E out,.git --prune-files .out-dir out/gen/a.c
)";

// The view, and the query but for how many answers there are to be.
constexpr std::string_view kWhyOptions[] = {
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
    "--ignore-files",
    "--size",
    "--newer",
    "--changed-within",
    "--changed-before",
    "--tracked",
    "-C",
};

constexpr SubcommandSpec kSubcommands[] = {
    {.id = Subcommand::kCache,
     .word = "cache",
     .synopsis = "[OPTION...] VERB [ARGUMENT...]",
     .summary = "show and tend the directory of databases",
     .text = kCacheText,
     .options = kCacheOptions,
     .own_options = kCacheOwnOptions,
     .internal_options = kCacheInternalOptions,
     .words = kCacheWords},
    {.id = Subcommand::kDaemon, .word = "daemon"},
    {.id = Subcommand::kDoctor,
     .word = "doctor",
     .synopsis = "[ROOT]",
     .summary = "measure whether a cache is safe on the file system of ROOT",
     .text = kDoctorText},
    {.id = Subcommand::kFind,
     .word = "find",
     .synopsis = "[-L] [PATH...] [EXPRESSION]",
     .summary = "answer what find would, from the cache",
     .text = kFindText,
     .words = kFindWords},
    {.id = Subcommand::kReplica, .word = "replica"},
    {.id = Subcommand::kRun,
     .word = "run",
     .synopsis = "[OPTION...] [ROOT...] -- COMMAND [ARGUMENT...]",
     .summary = "run a command only if what it depends on has changed",
     .text = kRunText,
     .options = kRunSharedOptions,
     .own_options = kRunOwnOptions},
    {.id = Subcommand::kWhy,
     .word = "why",
     .synopsis = "[OPTION...] PATH [ROOT...]",
     .summary = "say step by step what shows or hides PATH",
     .text = kWhyText,
     .options = kWhyOptions},
};

}  // namespace

std::span<const SubcommandSpec> AllSubcommands() { return kSubcommands; }

const SubcommandSpec* FindSubcommand(std::string_view word) {
  const auto found = std::find_if(
      std::begin(kSubcommands), std::end(kSubcommands),
      [word](const SubcommandSpec& spec) { return spec.word == word; });
  return found == std::end(kSubcommands) ? nullptr : &*found;
}

OptionSet OptionsOf(const SubcommandSpec& spec) {
  OptionSet options;
  for (const OptionSpec& own : spec.own_options) options.push_back(&own);
  for (const OptionSpec& option : AllOptions()) {
    const bool taken = std::find(spec.options.begin(), spec.options.end(),
                                 option.name()) != spec.options.end();
    if (taken) options.push_back(&option);
  }
  options.push_back(&kHelp);
  return options;
}

OptionSet AcceptedOptions(const SubcommandSpec& spec) {
  OptionSet options = OptionsOf(spec);
  for (const OptionSpec& one : spec.internal_options) options.push_back(&one);
  return options;
}

}  // namespace finder
