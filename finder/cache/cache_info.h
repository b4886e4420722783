// The text of `cache.info` and `object.info`: what a cache and its entries know
// of themselves. doc/cache_directory.md is the format.
// Pure; any thread.
#ifndef FINDER_FINDER_CACHE_CACHE_INFO_H_
#define FINDER_FINDER_CACHE_CACHE_INFO_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "finder/cache/cache_limits.h"

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

// What a user of an entry says about it, for `finder cache list` and for
// finding an entry that is wider than the one asked for. Bytes of any kind.
struct EntryDescription {
  std::vector<std::string> roots;  // absolute paths
  std::string view_id;             // user@host or what was given
  std::string view;                // canonical text of the rules; may be empty
  std::string writer;              // program and version
  uint64_t directories = 0;
  uint64_t files = 0;
};

enum class ObjectKind : uint8_t {
  kDatabase,
  kAnswer,  // data/answer, what is kept of the answer of one question
};

// How a database is stored; answers are always plain.
enum class Packing : uint8_t {
  kPlain,  // data/database
  kZstd,   // data/database.zst
};

struct EntryInfo {
  std::string key;
  ObjectKind kind = ObjectKind::kDatabase;
  int64_t created_ns = 0;        // when it was stored, since the epoch
  uint64_t database_bytes = 0;   // unpacked; of what is kept, for an answer
  uint64_t accounted_bytes = 0;  // what it counts towards the limit
  Packing packing = Packing::kPlain;
  EntryDescription description;
};

// One line of JSON with a newline.
std::string EncodeCacheInfo(const CacheInfo& info);
std::string EncodeEntryInfo(const EntryInfo& info);

// None if the text is malformed, or nothing that finder has written. Of a newer
// format only `format` is read, and is greater than kCacheFormat. Unknown
// members are skipped.
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

#endif  // FINDER_FINDER_CACHE_CACHE_INFO_H_
