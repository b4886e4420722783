#include "finder/cache/loaded_entry.h"

#include <memory>
#include <string>
#include <utility>

#include "finder/cache/cache_environment.h"

namespace finder {

LoadedEntry::LoadedEntry(std::string directory, LockedFile lock,
                         uint64_t database_bytes)
    : directory_(std::move(directory)),
      lock_(std::move(lock.file)),
      uses_(static_cast<uint64_t>(lock.stat.size_bytes)),
      identity_(lock.stat.device, lock.stat.inode),
      database_bytes_(database_bytes) {}

LoadedEntry::~LoadedEntry() { Release(); }

LoadedEntry& LoadedEntry::operator=(LoadedEntry&& other) noexcept {
  if (this != &other) {
    Release();
    directory_ = std::move(other.directory_);
    lock_ = std::move(other.lock_);
    uses_ = other.uses_;
    identity_ = other.identity_;
    database_bytes_ = other.database_bytes_;
  }
  return *this;
}

std::string LoadedEntry::database_path() const {
  return directory_ + "/" + std::string(kDatabaseName);
}

void LoadedEntry::Release() {
  if (lock_ == nullptr) return;
  // The size of the lock file is the count, its time that of the last use: one
  // call notes both, and takes no room on the disk.
  static_cast<void>(lock_->Resize(static_cast<int64_t>(uses_) + 1));
  lock_.reset();
}

}  // namespace finder
