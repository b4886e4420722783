#include "cmd/subcommand_table.h"

#include <algorithm>
#include <iterator>

namespace finder {
namespace {

constexpr std::string_view kDoctorText =
    R"(Measures on the file system of ROOT (default: .) what a cache relies on: whether
the stamp of a directory moves when something in it is created, deleted or
renamed, in which steps, and whether the clock behind it agrees with this
machine's. The last line is the verdict. It makes a directory of its own in ROOT
and removes it; where stamps are coarse this takes some seconds.

Exit codes:
  0  a cache is safe there
  1  it is not: use --no-cache
  2  ROOT is missing or cannot be written to
)";

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
    "--exclude-dirs", "--prune-files",     "--names",     "--suffixes",
    "--follow",       "--one-file-system", "--glob",      "--regex",
    "--extension",    "--ignore-case",     "--type",      "--at",
    "--first",        "--max-depth",       "--min-depth", "-C",
};

constexpr SubcommandSpec kSubcommands[] = {
    {.id = Subcommand::kCache, .word = "cache"},
    {.id = Subcommand::kDaemon, .word = "daemon"},
    {.id = Subcommand::kDoctor,
     .word = "doctor",
     .synopsis = "[ROOT]",
     .summary = "measure whether a cache is safe on the file system of ROOT",
     .text = kDoctorText},
    {.id = Subcommand::kFind, .word = "find"},
    {.id = Subcommand::kReplica, .word = "replica"},
    {.id = Subcommand::kRun, .word = "run"},
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

const SubcommandSpec& GetSubcommand(Subcommand id) {
  return *std::find_if(
      std::begin(kSubcommands), std::end(kSubcommands),
      [id](const SubcommandSpec& spec) { return spec.id == id; });
}

OptionSet OptionsOf(const SubcommandSpec& spec) {
  OptionSet options;
  for (const OptionSpec& own : spec.own_options) options.push_back(&own);
  for (const OptionSpec& option : AllOptions()) {
    const bool taken = std::find(spec.options.begin(), spec.options.end(),
                                 option.name()) != spec.options.end();
    if (taken || option.name() == "--help") options.push_back(&option);
  }
  return options;
}

}  // namespace finder
