// What holds for a command line of find(1) as a whole, wherever it stands.
#ifndef FINDER_CMD_FIND_FIND_OPTIONS_H_
#define FINDER_CMD_FIND_FIND_OPTIONS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "finder/view/view.h"
#include "fs/file_system.h"

namespace finder {

// -P, -H and -L.
enum class FollowedLinks : uint8_t { kNone, kOperands, kAll };
// Whether a directory is visited before or after what is in it.
enum class VisitOrder : uint8_t { kDirectoryFirst, kContentsFirst };
// -ignore_readdir_race: what becomes of a file that is gone when asked.
enum class VanishedFiles : uint8_t { kReported, kPassedOver };

struct FindOptions {
  std::vector<std::string> paths;  // as given
  std::optional<std::string> files0_from;
  FollowedLinks links = FollowedLinks::kNone;
  Boundary boundary = Boundary::kCross;
  VisitOrder order = VisitOrder::kDirectoryFirst;
  VanishedFiles vanished = VanishedFiles::kReported;
  uint32_t min_depth = 0;
  uint32_t max_depth = UINT32_MAX;

  // How an entry so many levels below its operand is looked at.
  SymlinkPolicy LinksAt(uint32_t depth) const {
    const bool follows = links == FollowedLinks::kAll ||
                         (links == FollowedLinks::kOperands && depth == 0);
    return follows ? SymlinkPolicy::kFollow : SymlinkPolicy::kNoFollow;
  }
};

}  // namespace finder

#endif  // FINDER_CMD_FIND_FIND_OPTIONS_H_
