// What the kernel tells of a file system and the machine, for `finder doctor`.
// Each call reads anew; any thread.
#ifndef FINDER_FS_POSIX_SURROUNDINGS_H_
#define FINDER_FS_POSIX_SURROUNDINGS_H_

#include <cstdint>
#include <optional>
#include <string>

namespace finder {

// The type of the file system that is mounted at or above `path`, which is
// absolute: "ext4", "nfs4". Empty if the kernel does not tell.
std::string MountType(const std::string& path);

// How many inotify watches a user may have; none if there is no inotify.
std::optional<uint64_t> MostInotifyWatches();

// Returns after `ns` nanoseconds.
void SleepNs(int64_t ns);

}  // namespace finder

#endif  // FINDER_FS_POSIX_SURROUNDINGS_H_
