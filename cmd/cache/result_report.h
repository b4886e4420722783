// What `finder cache` prints of kept results of commands, for people and as
// JSON.
//
// Pure; any thread.
#ifndef FINDER_CMD_CACHE_RESULT_REPORT_H_
#define FINDER_CMD_CACHE_RESULT_REPORT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "finder/cache/cache_listing.h"
#include "finder/results/result_record.h"

namespace finder {

// A line for each result of the listing, the one used last first: when, size,
// uses, the first digits of its key, and the command.
std::string ResultListText(const CacheListing& listing, int64_t now_ns);

// All that is known of one.
std::string ResultText(const ListedEntry& entry, const ResultRecord& record,
                       const RecordedIngredients& ingredients, int64_t now_ns);

}  // namespace finder

#endif  // FINDER_CMD_CACHE_RESULT_REPORT_H_
