// Sizes as fd spells them: "+10k", "-1Mi", "512b".
//
// Pure; any thread.
#ifndef FINDER_FINDER_INODE_SIZE_TEXT_H_
#define FINDER_FINDER_INODE_SIZE_TEXT_H_

#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"

namespace finder {

enum class SizeRule : uint8_t { kEqual, kAtLeast, kAtMost };

struct SizeBound {
  SizeRule rule = SizeRule::kEqual;
  uint64_t bytes = 0;

  bool Holds(uint64_t size_bytes) const {
    switch (rule) {
      case SizeRule::kAtLeast:
        return size_bytes >= bytes;
      case SizeRule::kAtMost:
        return size_bytes <= bytes;
      case SizeRule::kEqual:
        break;
    }
    return size_bytes == bytes;
  }
  friend bool operator==(const SizeBound&, const SizeBound&) = default;
};

// A sign ('+' at least, '-' at most, none equal), a number, and a unit: b for
// bytes; k, m, g, t for powers of 1000 and ki, mi, gi, ti of 1024, each with a
// b behind it or not, in either case. The failure is to follow the option.
absl::StatusOr<SizeBound> ParseSizeBound(std::string_view text);

}  // namespace finder

#endif  // FINDER_FINDER_INODE_SIZE_TEXT_H_
