// Times as fd spells them: how long ago ("10h", "2weeks"), or when
// ("2018-10-27", "2018-10-27 10:00:00", "@1540634400").
//
// Pure; any thread.
#ifndef FINDER_FINDER_INODE_TIME_TEXT_H_
#define FINDER_FINDER_INODE_TIME_TEXT_H_

#include <cstdint>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"

namespace finder {

enum class TimeBase : uint8_t {
  kNow,    // `ns` before the run
  kEpoch,  // `ns` since the epoch
  kLocal,  // `ns` since the epoch as a clock on the wall counts them
};

struct TimeText {
  TimeBase base = TimeBase::kEpoch;
  int64_t ns = 0;
  friend bool operator==(const TimeText&, const TimeText&) = default;
};

// A duration is one or more numbers with units from nsec to years ("1h 30min");
// a month has 30.44 days and a year 365.25. Dates are "YYYY-MM-DD" and
// "YYYY-MM-DD HH:MM:SS" in local time, or as RFC 3339 has them, with a 'T' and
// an offset. The failure is to follow the option.
absl::StatusOr<TimeText> ParseTime(std::string_view text);

// How many seconds local time is ahead of UTC at a moment, in seconds since the
// epoch.
using UtcOffset = absl::FunctionRef<int64_t(int64_t utc_seconds)>;

// In ns since the epoch. Of two moments with the same local time it is the
// later one; a local time that was skipped counts as if it had not been.
int64_t InEpochNs(const TimeText& time, int64_t now_ns, UtcOffset offset);

}  // namespace finder

#endif  // FINDER_FINDER_INODE_TIME_TEXT_H_
