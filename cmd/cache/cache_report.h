// What `finder cache` prints of a cache, for people and as JSON (one line for
// all, or for each entry). Strings in JSON are as in doc/database_format.md,
// times are ns since 1970.
//
// Pure; any thread.
#ifndef FINDER_CMD_CACHE_CACHE_REPORT_H_
#define FINDER_CMD_CACHE_CACHE_REPORT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "finder/cache/cache_listing.h"
#include "finder/cache/disk/cache_info.h"
#include "finder/cache/upkeep/upkeep.h"

namespace finder {

struct CacheOverview {
  std::string path;
  CacheInfo info;
  CacheSummary summary;
  CacheListing listing;
  int64_t now_ns = 0;
};

std::string InfoText(const CacheOverview& overview);
std::string InfoJson(const CacheOverview& overview);
// ListText has a line for each entry, LongListText all that is known. The entry
// used last comes first.
std::string ListText(const CacheListing& listing, int64_t now_ns);
std::string LongListText(const CacheListing& listing, int64_t now_ns);
std::string ListJson(const CacheListing& listing);
// A line of JSON for one entry, without its newline.
std::string EntryJson(const ListedEntry& entry);
std::string UpkeepText(const UpkeepReport& report);
// A line for each of the paths that are not the cache's own.
std::string UnknownText(const std::vector<std::string>& unknown);

}  // namespace finder

#endif  // FINDER_CMD_CACHE_CACHE_REPORT_H_
