// How the reports of `finder cache` print a size, an age and a line.
//
// Pure; any thread.
#ifndef FINDER_CMD_CACHE_REPORT_LINES_H_
#define FINDER_CMD_CACHE_REPORT_LINES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "finder/cache/cache_listing.h"

namespace finder {

// "1.5 MiB"
std::string Bytes(uint64_t bytes);
// "3 h ago"
std::string Ago(int64_t then_ns, int64_t now_ns);
// The value in a column of its own behind the name.
std::string Line(const std::string& name, const std::string& value);
// As a terminal only prints it.
std::string Safe(const std::string& bytes);

// By their last use; those of the same time by their keys.
std::vector<const ListedEntry*> NewestFirst(const CacheListing& listing);

}  // namespace finder

#endif  // FINDER_CMD_CACHE_REPORT_LINES_H_
