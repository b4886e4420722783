// An entry of the cache that is being read.
// Thread-compatible.
#ifndef FINDER_FINDER_CACHE_LOADED_ENTRY_H_
#define FINDER_FINDER_CACHE_LOADED_ENTRY_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "finder/cache/disk/file_lock.h"
#include "finder/cache/disk/object_kind.h"
#include "fs/shared_files.h"

namespace finder {

// While it lives, the entry is not removed. It may be replaced: its path then
// leads to the newer one, which is whole too.
class LoadedEntry {
 public:
  // `lock` is held, shared. `data_path` is where the object is in `directory`.
  LoadedEntry(std::string directory, std::string data_path, LockedFile lock,
              uint64_t data_bytes);
  LoadedEntry(LoadedEntry&&) = default;
  LoadedEntry& operator=(LoadedEntry&& other) noexcept;
  // As Release.
  ~LoadedEntry();

  const std::string& directory() const { return directory_; }
  // The object, to be read.
  const std::string& data_path() const { return data_path_; }
  // A file beside it, of a kind that has parts.
  std::string part_path(size_t number) const {
    return directory_ + "/" + PartName(number);
  }
  // Before this one.
  uint64_t uses() const { return uses_; }
  // Device and inode of its lock file: this very entry, whatever its name.
  std::pair<uint64_t, uint64_t> identity() const { return identity_; }
  uint64_t data_bytes() const { return data_bytes_; }

  // Notes the use (its count, and the present time) and unlocks. To be called
  // when what was read has been used; before a Commit that replaces the entry,
  // which otherwise leaves the old one to upkeep; and before an exit that runs
  // no destructors. A count is lost if two do this at once, and on a read-only
  // disk.
  void Release();
  // Unlocks only.
  void Abandon() { lock_.reset(); }

 private:
  std::string directory_;
  std::string data_path_;
  std::unique_ptr<SharedFile> lock_;  // null when released
  uint64_t uses_;
  std::pair<uint64_t, uint64_t> identity_;
  uint64_t data_bytes_;
};

enum class Miss : uint8_t {
  kAbsent,      // no such entry
  kContended,   // it is being removed or repacked
  kUnreadable,  // no access, a broken disk, damaged packing
  kBadKey,      // no key, or of a kind that is not loaded
};

struct LoadOutcome {
  std::optional<LoadedEntry> entry;
  Miss miss = Miss::kAbsent;  // why there is none
  std::string reason;         // the same for people: "no entry yet"
};

}  // namespace finder

#endif  // FINDER_FINDER_CACHE_LOADED_ENTRY_H_
