// When the equality of two stamps proves that a listing still holds.
//
// A stamp is (device, inode, change time). A directory that changes twice
// within one tick of its file system's clock bears the same time after both, so
// a listing read between the two would look right for ever. doc/consistency.md
// derives the rules below. Pure functions.
#ifndef FINDER_FINDER_TREE_STAMP_H_
#define FINDER_FINDER_TREE_STAMP_H_

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include "fs/volume.h"

namespace finder {

// How much older than the moment of stamping a change time must be. FAT stamps
// in steps of 2 s, the coarsest in use; the rest covers the tick of the
// kernel's coarse clock (at most 10 ms) with room.
inline constexpr int64_t kTrustAgeNs = 2'500'000'000;

// The same where the file system's clock is not ours: further than this no
// server's clock is off without its users noticing.
inline constexpr int64_t kForeignTrustAgeNs =
    int64_t{24} * 3600 * 1'000'000'000;

// Whether a directory stamped at or after `now_ns` with `change_ns`, and listed
// after that, may be believed as long as the stamp stays equal. `trust` is that
// of its file system; `seen_ns` is when an earlier run saw the very same stamp,
// if one did.
bool StampIsTrusted(int64_t change_ns, int64_t now_ns, StampTrust trust,
                    std::optional<int64_t> seen_ns);

// The moment of a scan, on two clocks.
struct ScanTime {
  int64_t realtime_ns = 0;  // Clock::RealtimeNs() before anything was stamped
  int64_t boottime_ns = 0;  // Clock::BoottimeNs() at that moment
};

// Change times from here on prove nothing, since the clock has been (or may
// have been) set back and can reach them a second time. The greatest int64_t
// if all is well.
int64_t DistrustedFromNs(const ScanTime& then, const ScanTime& now,
                         bool same_boot);

}  // namespace finder

#endif  // FINDER_FINDER_TREE_STAMP_H_
