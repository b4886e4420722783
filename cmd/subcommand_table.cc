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
    {.id = Subcommand::kWhy, .word = "why"},
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
