// The version of the library: that of the program it comes with.
#ifndef FINDER_FINDER_LIBRARY_LIBRARY_VERSION_H_
#define FINDER_FINDER_LIBRARY_LIBRARY_VERSION_H_

namespace finder {

// A test holds it to cmd/version.h.
inline constexpr char kLibraryVersion[] = "0.1.0";

}  // namespace finder

#endif  // FINDER_FINDER_LIBRARY_LIBRARY_VERSION_H_
