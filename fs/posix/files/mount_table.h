// The text of /proc/self/mountinfo, see proc_pid_mountinfo(5). Used inside fs/
// only. Pure; any thread.
#ifndef FINDER_FS_POSIX_FILES_MOUNT_TABLE_H_
#define FINDER_FS_POSIX_FILES_MOUNT_TABLE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace finder {

// One mount. The views are into the table.
struct MountLine {
  std::string_view whole;  // without its newline
  std::string_view source;
  std::string_view super_options;  // of the file system, not of the mount
};

// The mount of that number; none if it is not in the table or malformed.
std::optional<MountLine> FindMount(std::string_view table, uint64_t mount_id);

// Whether the file system itself, not only this mount of it, is read-only.
bool IsReadOnly(const MountLine& mount);

// The paths of an overlay's layers, as they were given when it was mounted.
std::vector<std::string> OverlayLayers(const MountLine& mount);

}  // namespace finder

#endif  // FINDER_FS_POSIX_FILES_MOUNT_TABLE_H_
