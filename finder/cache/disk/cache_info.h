// The text of `cache.info` and `object.info`: what a cache and its entries know
// of themselves. doc/cache_directory.md is the format.
// Pure; any thread.
#ifndef FINDER_FINDER_CACHE_DISK_CACHE_INFO_H_
#define FINDER_FINDER_CACHE_DISK_CACHE_INFO_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "finder/cache/disk/cache_limits.h"
#include "finder/cache/disk/object_kind.h"

namespace finder {

// The version that is written, and the newest that is read.
inline constexpr int64_t kCacheFormat = 1;

// More is no info file of ours.
inline constexpr size_t kMaxInfoBytes = size_t{1} << 20;

// Who may use a cache.
enum class CacheSharing : uint8_t {
  kPrivate,  // its owner
  kGroup,    // everybody in the group of the directory
};

struct CacheInfo {
  int64_t format = kCacheFormat;
  std::string boot_id;     // of the machine's start in which it was created
  int64_t created_ns = 0;  // since the epoch
  CacheLimits limits;
  CacheSharing sharing = CacheSharing::kPrivate;
};

// One thing that the owner of an object says about it. Strings are bytes of any
// kind.
struct DescribedValue {
  // None that the cache uses itself: those are the members of EntryInfo.
  std::string name;
  std::variant<std::string, std::vector<std::string>, uint64_t> value;

  friend bool operator==(const DescribedValue&,
                         const DescribedValue&) = default;
};
// All of it, in the order in which it is written.
using ObjectDescription = std::vector<DescribedValue>;

struct EntryInfo {
  std::string key;
  std::string kind;              // the name of an ObjectKind; may be empty
  int64_t created_ns = 0;        // when it was stored, since the epoch
  uint64_t data_bytes = 0;       // of the object, unpacked
  uint64_t accounted_bytes = 0;  // what it counts towards the limit
  Packing packing = Packing::kPlain;
  ObjectDescription description;
};

// One line of JSON with a newline.
std::string EncodeCacheInfo(const CacheInfo& info);
std::string EncodeEntryInfo(const EntryInfo& info);

// None if the text is malformed, or nothing that finder has written. Of a newer
// format only `format` is read, and is greater than kCacheFormat. Unknown
// members are skipped, but for what may be an owner's description.
std::optional<CacheInfo> DecodeCacheInfo(std::string_view text);

// Reads many infos with one set of buffers, about a microsecond each.
// Thread-compatible.
class EntryInfoDecoder {
 public:
  EntryInfoDecoder();
  ~EntryInfoDecoder();
  // None if the text is malformed or of a newer format.
  std::optional<EntryInfo> Decode(std::string_view text);

 private:
  class Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace finder

#endif  // FINDER_FINDER_CACHE_DISK_CACHE_INFO_H_
