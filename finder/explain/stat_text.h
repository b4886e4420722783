// What a stat tells, in words. Pure; any thread.
#ifndef FINDER_FINDER_EXPLAIN_STAT_TEXT_H_
#define FINDER_FINDER_EXPLAIN_STAT_TEXT_H_

#include <string>

#include "fs/file_system.h"

namespace finder {

std::string StatText(const FileStat& stat);

}  // namespace finder

#endif  // FINDER_FINDER_EXPLAIN_STAT_TEXT_H_
