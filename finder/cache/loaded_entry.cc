#include "finder/cache/loaded_entry.h"

#include <memory>
#include <string>
#include <utility>

namespace finder {

LoadedEntry::LoadedEntry(std::string directory, std::string data_path,
                         LockedFile lock, uint64_t data_bytes)
    : directory_(std::move(directory)),
      data_path_(std::move(data_path)),
      lock_(std::move(lock.file)),
      uses_(static_cast<uint64_t>(lock.stat.size_bytes)),
      identity_(lock.stat.device, lock.stat.inode),
      data_bytes_(data_bytes) {}

LoadedEntry::~LoadedEntry() { Release(); }

LoadedEntry& LoadedEntry::operator=(LoadedEntry&& other) noexcept {
  if (this != &other) {
    Release();
    directory_ = std::move(other.directory_);
    data_path_ = std::move(other.data_path_);
    lock_ = std::move(other.lock_);
    uses_ = other.uses_;
    identity_ = other.identity_;
    data_bytes_ = other.data_bytes_;
  }
  return *this;
}

void LoadedEntry::Release() {
  if (lock_ == nullptr) return;
  // The size of the lock file is the count, its time that of the last use: one
  // call notes both, and takes no room on the disk.
  static_cast<void>(lock_->Resize(static_cast<int64_t>(uses_) + 1));
  lock_.reset();
}

}  // namespace finder
