// Makes a history that goes wrong shorter, as long as it still goes wrong.
#ifndef FINDER_TOOLS_STRESS_SHRINK_H_
#define FINDER_TOOLS_STRESS_SHRINK_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tools/stress/history.h"
#include "tools/stress/player.h"

namespace finder {

struct ShrinkResult {
  bool reproduced = false;  // if not, the rest is empty
  std::vector<Step> history;
  std::string problem;
};

// Plays the history again and again, for at most `seconds` or so. Since time
// passes faster in a replay, stamps are let age before the last two steps.
ShrinkResult Shrink(std::vector<Step> history, const PlayerOptions& options,
                    int64_t seconds);

}  // namespace finder

#endif  // FINDER_TOOLS_STRESS_SHRINK_H_
