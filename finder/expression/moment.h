// Moments as people write them: the TIME of -newerXt.
// Thread-compatible, as the C library's time zone is.
#ifndef FINDER_FINDER_EXPRESSION_MOMENT_H_
#define FINDER_FINDER_EXPRESSION_MOMENT_H_

#include <optional>
#include <string_view>

#include "fs/file_details.h"

namespace finder {

// Understands
//   @SECONDS[.FRACTION]        since the epoch
//   YYYY[-MM[-DD]], YYYYMMDD   with [T| ]HH[:MM[:SS[.FRACTION]]] and [Z|+HH:MM]
//   now, today, yesterday, tomorrow, N UNIT[s] [ago] of second, minute, hour,
//   day, week, fortnight, month, year
// in the local time zone unless one is named. None for all else.
std::optional<FileTime> ParseMoment(std::string_view text, const FileTime& now);

// The midnight that begins the local day of `now`.
FileTime StartOfDay(const FileTime& now);

}  // namespace finder

#endif  // FINDER_FINDER_EXPRESSION_MOMENT_H_
