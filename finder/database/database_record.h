// What the two halves of the database format share. Internal to them.
// doc/database_format.md, "Header" and "Block".
#ifndef FINDER_FINDER_DATABASE_DATABASE_RECORD_H_
#define FINDER_FINDER_DATABASE_DATABASE_RECORD_H_

#include <string_view>

#include "fs/volume.h"

namespace finder {

// How the header spells what stamps prove on a device.
std::string_view TrustName(StampTrust trust);

inline constexpr unsigned kFlagUntrusted = 1;
inline constexpr unsigned kFlagViaLink = 2;
inline constexpr unsigned kAllFlags = kFlagUntrusted | kFlagViaLink;

// The shortest record is `,[0,""]`, so a block can hold no more of them.
inline constexpr unsigned kLeastRecordBytes = 7;

}  // namespace finder

#endif  // FINDER_FINDER_DATABASE_DATABASE_RECORD_H_
