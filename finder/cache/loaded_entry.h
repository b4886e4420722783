// An entry of the cache that is being read.
// Thread-compatible.
#ifndef FINDER_FINDER_CACHE_LOADED_ENTRY_H_
#define FINDER_FINDER_CACHE_LOADED_ENTRY_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "fs/shared_file.h"

namespace finder {

// While it lives, the entry is not removed. It may be replaced: its path then
// leads to the newer one, which is whole too.
class LoadedEntry {
 public:
  // `lock` is held, shared. `uses` are those before this one.
  LoadedEntry(std::string directory, std::unique_ptr<SharedFile> lock,
              uint64_t uses, uint64_t database_bytes);
  LoadedEntry(LoadedEntry&&) = default;
  LoadedEntry& operator=(LoadedEntry&& other) noexcept;
  // As Release.
  ~LoadedEntry();

  const std::string& directory() const { return directory_; }
  std::string database_path() const;
  uint64_t uses() const { return uses_; }
  uint64_t database_bytes() const { return database_bytes_; }

  // Notes the use (its count, and the present time) and unlocks. To be called
  // when the answers are out; before a Commit that replaces the entry, which
  // otherwise leaves the old one to upkeep; and before an exit that runs no
  // destructors. A count is lost if two do this at once, and on a read-only
  // disk.
  void Release();
  // Unlocks only.
  void Abandon() { lock_.reset(); }

 private:
  std::string directory_;
  std::unique_ptr<SharedFile> lock_;  // null when released
  uint64_t uses_;
  uint64_t database_bytes_;
};

enum class Miss : uint8_t {
  kAbsent,      // no such entry
  kContended,   // it is being removed or repacked
  kUnreadable,  // no access, a broken disk, damaged packing
  kBadKey,
};

struct LoadOutcome {
  std::optional<LoadedEntry> entry;
  Miss miss = Miss::kAbsent;  // why there is none
  std::string reason;         // the same for people: "no entry yet"
};

}  // namespace finder

#endif  // FINDER_FINDER_CACHE_LOADED_ENTRY_H_
