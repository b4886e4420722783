// The text of --stats. The keys of the JSON form and their order are a promise
// to scripts; doc/reference.md documents them. New keys go to the end.
//
// Pure; any thread.
#ifndef FINDER_CMD_OUTPUT_STATS_H_
#define FINDER_CMD_OUTPUT_STATS_H_

#include <string>

#include "finder/metrics.h"

namespace finder {

// A table for people, several lines.
std::string StatsTable(const Metrics& metrics);

// One line.
std::string StatsJson(const Metrics& metrics);

}  // namespace finder

#endif  // FINDER_CMD_OUTPUT_STATS_H_
