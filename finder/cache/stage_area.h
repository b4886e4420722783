// A private directory in `stage/`, that vanishes afterwards: at once by the
// destructor, after a crash by the next upkeep, which removes all whose lock is
// free.
// Thread-compatible.
#ifndef FINDER_FINDER_CACHE_STAGE_AREA_H_
#define FINDER_FINDER_CACHE_STAGE_AREA_H_

#include <cstdint>
#include <memory>
#include <string>

#include "finder/cache/cache_environment.h"
#include "fs/result.h"
#include "fs/shared_file.h"
#include "fs/tree_moves.h"

namespace finder {

class StageArea {
 public:
  // Makes one. `permissions` are exactly those of the directory (0700, or 02770
  // for a group), and its lock file has them without search.
  static Result<StageArea> Make(const CacheEnvironment& environment,
                                const CacheLayout& layout,
                                uint32_t permissions);

  StageArea(StageArea&&) = default;
  StageArea& operator=(StageArea&&) = delete;
  ~StageArea();

  // Absolute if the cache's path is.
  const std::string& path() const { return path_; }

  // For the owner of what is inside: the lock, held shared.
  SharedFile& lock() { return *lock_; }
  // The directory has been moved away or taken over: it is not removed.
  // Returns the lock, still held.
  std::unique_ptr<SharedFile> Give();

 private:
  StageArea(TreeMoves* moves, std::string path,
            std::unique_ptr<SharedFile> lock);

  TreeMoves* moves_;
  std::string path_;
  std::unique_ptr<SharedFile> lock_;  // null when given away
};

}  // namespace finder

#endif  // FINDER_FINDER_CACHE_STAGE_AREA_H_
