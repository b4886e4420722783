// Which options go together; a part of cmd/options/option_table.h.
#include "cmd/options/option_table.h"

namespace finder {
namespace {

using std::string_view;

constexpr OptionConflict kConflicts[] = {
    {"--print0", "--json"},
    {"--print0", "--count"},
    {"--json", "--count"},
    {"--quiet", "--print0"},
    {"--quiet", "--json"},
    {"--quiet", "--count"},
    {"--quiet", "--output"},
    {"--no-cache", "--db"},
    {"--no-cache", "--db-format"},
    {"--no-cache", "--cache-dir"},
    {"--no-cache", "--import"},
    {"--db", "--import"},
    {"--no-cache", "--refresh"},
    {"--no-cache", "--verify"},
    {"--db", "--cache-dir"},
    {"--refresh", "--verify"},
    {"--verify", "--print0"},
    {"--verify", "--json"},
    {"--verify", "--count"},
    {"--verify", "--quiet"},
    {"--verify", "--output"},
    {"-1", "--max-results"},
    {"--ignore-case", "--smart-case"},
    {"--digest", "--check"},
    {"--digest", "--since-last"},
    {"--digest", "--print0"},
    {"--digest", "--json"},
    {"--digest", "--count"},
    {"--digest", "--quiet"},
    {"--digest", "--verify"},
    {"--digest", "--depfile"},
    {"--check", "--since-last"},
    {"--check", "--print0"},
    {"--check", "--json"},
    {"--check", "--count"},
    {"--check", "--quiet"},
    {"--check", "--verify"},
    {"--check", "--depfile"},
    {"--check", "--output"},
    {"--check", "--no-cache"},
    {"--since-last", "--json"},
    {"--since-last", "--count"},
    {"--since-last", "--quiet"},
    {"--since-last", "--verify"},
    {"--since-last", "--depfile"},
    {"--since-last", "--no-cache"},
    {"--plan", "--verify"},
    {"--exec", "--exec-batch"},
    {"--exec", "--print0"},
    {"--exec", "--json"},
    {"--exec", "--count"},
    {"--exec", "--quiet"},
    {"--exec", "--output"},
    {"--exec", "--verify"},
    {"--exec", "--digest"},
    {"--exec", "--check"},
    {"--exec", "--checked"},
    {"--exec", "--since-last"},
    {"--exec", "--plan"},
    {"--exec", "--depfile"},
    {"--exec-batch", "--print0"},
    {"--exec-batch", "--json"},
    {"--exec-batch", "--count"},
    {"--exec-batch", "--quiet"},
    {"--exec-batch", "--output"},
    {"--exec-batch", "--verify"},
    {"--exec-batch", "--digest"},
    {"--exec-batch", "--check"},
    {"--exec-batch", "--checked"},
    {"--exec-batch", "--since-last"},
    {"--exec-batch", "--plan"},
    {"--exec-batch", "--depfile"},
    {"--depfile", "--size"},
    {"--depfile", "--newer"},
    {"--depfile", "--changed-within"},
    {"--depfile", "--changed-before"},
    {"--depfile", "--tracked"},
    {"--checked", "--check"},
    {"--checked", "--since-last"},
    {"--checked", "--digest"},
    {"--checked", "--print0"},
    {"--checked", "--json"},
    {"--checked", "--count"},
    {"--checked", "--quiet"},
    {"--checked", "--verify"},
    {"--checked", "--depfile"},
    {"--checked", "--output"},
    {"--checked", "--no-cache"},
    {"--checked", "--stats"},
    {"--checked", "--trace"},
};

// In the cache directory a database has no name that another program could be
// told.
constexpr OptionNeed kNeeds[] = {{"--db-format", "--db"},
                                 {"--batch-size", "--exec-batch"},
                                 {"--depfile-target", "--depfile"}};

constexpr string_view kSoongSpellings[] = {"db", "names", "exclude-dirs",
                                           "prune-files"};

}  // namespace

std::span<const OptionConflict> OptionConflicts() { return kConflicts; }
std::span<const OptionNeed> OptionNeeds() { return kNeeds; }
std::span<const string_view> SoongSpellings() { return kSoongSpellings; }

}  // namespace finder
