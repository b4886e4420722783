// Which files a database may take the place of: nobody's text is lost because
// its name was given by mistake.
//
// Pure; any thread.
#ifndef FINDER_FINDER_DATABASE_DATABASE_OWNERSHIP_H_
#define FINDER_FINDER_DATABASE_DATABASE_OWNERSHIP_H_

#include <cstddef>
#include <string_view>

namespace finder {

// As much of a file as has to be known.
inline constexpr size_t kOwnershipBytes = 32;

// Whether a file that begins with `head`, its first kOwnershipBytes or all of
// it, is a database of ours or Soong's: of any version, damaged or cut off, and
// be it to nothing.
bool IsDatabaseOrEmpty(std::string_view head);

}  // namespace finder

#endif  // FINDER_FINDER_DATABASE_DATABASE_OWNERSHIP_H_
