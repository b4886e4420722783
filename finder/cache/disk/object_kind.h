// What the cache has to know of the objects that it keeps for others. It looks
// into none of them: their owners say here how they are to be treated, and hand
// their kinds in with the CacheEnvironment.
//
// An entry's key tells of which kind it is. doc/cache_directory.md, "Layout".
//
// Plain data; any thread.
#ifndef FINDER_FINDER_CACHE_DISK_OBJECT_KIND_H_
#define FINDER_FINDER_CACHE_DISK_OBJECT_KIND_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace finder {

struct ObjectKind {
  // What object.info calls it, and what its file in data/ is called.
  std::string_view name;
  // With what its keys begin, and none of another kind's. Empty for the first
  // of all kinds, whose keys are those of no other.
  std::string_view key_prefix = "";
  // Whether upkeep packs what is not used.
  bool packs = false;
  // Over a limit all others go first: with it more is lost than time.
  bool goes_last = false;
  // Whether one process has an entry for itself from before it is made until it
  // is replaced (exclusive_entry.h), so that it begins as an empty directory.
  // Else it is stored and loaded by CacheDirectory.
  bool exclusive = false;
  // Whether files of any number may lie beside the object, data/part-N, that go
  // and count with it.
  bool has_parts = false;
};

// At least one. What they are of must live as long as the cache.
using ObjectKinds = std::span<const ObjectKind>;

// How an object is stored.
enum class Packing : uint8_t {
  kPlain,  // data/NAME
  kZstd,   // data/NAME.zst
};

// The kind of the objects under `key`.
const ObjectKind& KindOf(ObjectKinds kinds, std::string_view key);

// Where an object lies in its entry: "data/NAME".
std::string DataName(const ObjectKind& kind, Packing packing);

// Where a part lies in its entry: "data/part-N".
std::string PartName(size_t number);
// Whether a file in data/ is called like a part.
bool IsPartName(std::string_view name);

// Where the object of an entry may lie, whatever its kind.
std::vector<std::string> AllDataNames(ObjectKinds kinds);

}  // namespace finder

#endif  // FINDER_FINDER_CACHE_DISK_OBJECT_KIND_H_
