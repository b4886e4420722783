// How far one word is from another, to guess what was meant.
// Pure; any thread.
#ifndef FINDER_CMD_OPTIONS_EDIT_DISTANCE_H_
#define FINDER_CMD_OPTIONS_EDIT_DISTANCE_H_

#include <cstddef>
#include <string_view>

namespace finder {

// The insertions, deletions, replacements and swaps of two neighbours that lead
// from one to the other.
size_t EditDistance(std::string_view a, std::string_view b);

}  // namespace finder

#endif  // FINDER_CMD_OPTIONS_EDIT_DISTANCE_H_
