// A private directory in `stage/`, that vanishes afterwards: at once by the
// destructor, after a crash by the next upkeep, which removes all whose lock is
// free.
// Thread-compatible.
#ifndef FINDER_FINDER_CACHE_DISK_STAGE_AREA_H_
#define FINDER_FINDER_CACHE_DISK_STAGE_AREA_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "finder/cache/disk/cache_environment.h"
#include "finder/cache/disk/cache_info.h"
#include "fs/file_system.h"
#include "fs/result.h"
#include "fs/shared_files.h"

namespace finder {

// Permissions of what is made in a cache of this sharing.
uint32_t DirectoryPermissions(CacheSharing sharing);  // 0700, 02770
uint32_t FilePermissions(CacheSharing sharing);       // 0600, 0660

// Gives the group of a group's cache what the umask has kept from it, if this
// process has just made the file of this stat.
void OpenToGroup(const CacheEnvironment& environment, const std::string& path,
                 const FileStat& stat, CacheSharing sharing);

// Makes one directory; EEXIST if there is one. In a group's cache the umask is
// overruled.
Outcome MakeSharedDirectory(const CacheEnvironment& environment,
                            const std::string& path, CacheSharing sharing);

class StageArea {
 public:
  // `environment` must outlive it.
  static Result<StageArea> Make(const CacheEnvironment& environment,
                                const CacheLayout& layout,
                                CacheSharing sharing);

  StageArea(StageArea&& other) noexcept = default;
  StageArea& operator=(StageArea&&) = delete;
  ~StageArea();

  const std::string& path() const { return path_; }
  // The lock that keeps others off, held shared.
  SharedFile& lock() { return *lock_; }
  // What is at path() is no longer this area's: unlocks, removes nothing.
  void Give() { lock_.reset(); }

 private:
  StageArea(const CacheEnvironment* environment, std::string path,
            std::unique_ptr<SharedFile> lock);

  const CacheEnvironment* environment_;
  std::string path_;
  std::unique_ptr<SharedFile> lock_;  // null when given away
};

// Makes `text` the whole of the cache's file `name`, in one step.
Outcome ReplaceFile(const CacheEnvironment& environment,
                    const CacheLayout& layout, CacheSharing sharing,
                    std::string_view name, std::string_view text);
// The same, unless there is such a file already: EEXIST.
Outcome CreateWholeFile(const CacheEnvironment& environment,
                        const CacheLayout& layout, CacheSharing sharing,
                        std::string_view name, std::string_view text);

enum class SweepOutcome : uint8_t {
  kSwept,
  kInUse,  // somebody holds its lock
  kGone,
  kForeign,  // something that no part of the cache has made is there, and stays
};

// Removes a directory in stage/, unless it is in use, as RemoveOwn does. Safe
// against who is just making it.
Result<SweepOutcome> SweepStaged(const CacheEnvironment& environment,
                                 const std::string& path);

}  // namespace finder

#endif  // FINDER_FINDER_CACHE_DISK_STAGE_AREA_H_
