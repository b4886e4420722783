#include "fs/fake/disk/fake_disk.h"

#include <errno.h>

#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>

#include "fs/clock.h"
#include "fs/fake/disk/fake_inode.h"
#include "fs/file_system.h"
#include "fs/result.h"

namespace finder {
namespace {

constexpr uint64_t kTornBlockBytes = 512;
constexpr uint32_t kSetGroupId = 02000;
constexpr uint32_t kSticky = 01000;

// Whether `inode` is `directory` or something above it.
bool IsAtOrAbove(const FakeInode& inode, FakeInodePtr directory) {
  while (directory != nullptr) {
    if (directory.get() == &inode) return true;
    directory = directory->parent.lock();
  }
  return false;
}

// Whether something is mounted at `place`.
bool IsMounted(const FakeDisk::Place& place) {
  return place.inode->device != place.directory->device;
}

}  // namespace

FakeDisk::FakeDisk(Clock* clock) : clock_(clock) {
  absl::MutexLock lock(&mutex_);
  root_ = std::make_shared<FakeInode>(MakeDevice(), EntryKind::kDirectory);
  root_->links = 1;
  root_->owner = FakeUser().id;
  root_->permissions = 0755;
  TouchContent(*root_);
}

std::shared_ptr<FakeDevice> FakeDisk::MakeDevice() {
  auto device = std::make_shared<FakeDevice>();
  device->number = next_device_++;
  device->volume = {.trust = StampTrust::kLocal,
                    .identity = "fake:" + std::to_string(device->number),
                    .mount = "mount:" + std::to_string(device->number)};
  return device;
}

bool FakeDisk::IsAllowed(const FakeUser& user, const FakeInode& inode,
                         uint32_t permissions) {
  if (user.root) return true;
  uint32_t granted = inode.permissions;
  if (user.id == inode.owner) {
    granted >>= 6;
  } else if (user.group == inode.group) {
    granted >>= 3;
  }
  return (granted & permissions) == permissions;
}

FakeInodePtr FakeDisk::MakeInode(const FakeInode& directory, EntryKind kind,
                                 const FakeUser& user, uint32_t permissions) {
  auto inode = std::make_shared<FakeInode>(directory.device, kind);
  inode->owner = user.id;
  inode->group = user.group;
  inode->permissions = permissions;
  if ((directory.permissions & kSetGroupId) != 0) {
    inode->group = directory.group;
    if (kind == EntryKind::kDirectory) inode->permissions |= kSetGroupId;
  }
  TouchContent(*inode);
  inode->accessed_ns = inode->born_ns = inode->modified_ns;
  return inode;
}

void FakeDisk::TouchContent(FakeInode& inode) {
  inode.modified_ns = inode.changed_ns =
      inode.device->StampNs(clock_->RealtimeNs());
}

void FakeDisk::TouchAttributes(FakeInode& inode) {
  inode.changed_ns = inode.device->StampNs(clock_->RealtimeNs());
  if (inode.kind != EntryKind::kDirectory) return;
  for (FakeDiskObserver* const observer : observers_) {
    observer->OnDirectory(inode);
  }
}

Outcome FakeDisk::CheckChangeable(const FakeUser& user, const Place& place) {
  if (place.directory == nullptr) return SystemError(EBUSY);
  if (place.directory->links == 0) return SystemError(ENOENT);
  if (!IsAllowed(user, *place.directory, kWrite | kSearch)) {
    return SystemError(EACCES);
  }
  // In a sticky directory everybody has only what is theirs.
  if ((place.directory->permissions & kSticky) != 0 && !user.root &&
      place.inode != nullptr && user.id != place.inode->owner &&
      user.id != place.directory->owner) {
    return SystemError(EPERM);
  }
  return {};
}

void FakeDisk::SetName(const FakeInodePtr& directory, const std::string& name,
                       const FakeInodePtr& inode) {
  const auto found = directory->entries.find(name);
  const FakeInodePtr before =
      found == directory->entries.end() ? nullptr : found->second;
  if (in_call_) {
    calls_.back().push_back({directory, name, before, directory->modified_ns,
                             directory->changed_ns,
                             before == nullptr ? 0 : before->changed_ns});
  }
  if (before != nullptr) {
    --before->links;
    TouchAttributes(*before);
  }
  if (inode == nullptr) {
    directory->entries.erase(name);
  } else {
    ++inode->links;
    TouchAttributes(*inode);
    inode->parent = directory;
    directory->entries[name] = inode;
  }
  TouchContent(*directory);
  for (FakeDiskObserver* const observer : observers_) {
    observer->OnNames(*directory);
  }
}

Outcome FakeDisk::Link(const FakeUser& user, const Place& place,
                       const FakeInodePtr& inode) {
  if (place.inode != nullptr) return SystemError(EEXIST);
  if (Outcome check = CheckChangeable(user, place); !check.ok()) return check;
  SetName(place.directory, place.name, inode);
  return {};
}

Outcome FakeDisk::Replace(const FakeUser& user, const Place& place,
                          const FakeInodePtr& inode) {
  if (Outcome check = CheckChangeable(user, place); !check.ok()) return check;
  if (place.inode != nullptr && place.inode->kind == EntryKind::kDirectory) {
    return SystemError(EISDIR);
  }
  SetName(place.directory, place.name, inode);
  return {};
}

Outcome FakeDisk::Unlink(const FakeUser& user, const Place& place) {
  if (place.inode == nullptr) return SystemError(ENOENT);
  if (Outcome check = CheckChangeable(user, place); !check.ok()) return check;
  if (IsMounted(place)) return SystemError(EBUSY);
  if (!place.inode->entries.empty()) return SystemError(ENOTEMPTY);
  SetName(place.directory, place.name, nullptr);
  return {};
}

Outcome FakeDisk::Rename(const FakeUser& user, const Place& from,
                         const Place& to) {
  if (from.inode == nullptr) return SystemError(ENOENT);
  if (Outcome check = CheckChangeable(user, from); !check.ok()) return check;
  if (Outcome check = CheckChangeable(user, to); !check.ok()) return check;
  // By value: `from` may refer to what is about to change.
  const FakeInodePtr moved = from.inode;
  const FakeInodePtr replaced = to.inode;
  if (from.directory->device != to.directory->device) {
    return SystemError(EXDEV);
  }
  if (IsMounted(from)) return SystemError(EBUSY);
  const bool is_directory = moved->kind == EntryKind::kDirectory;
  if (is_directory && IsAtOrAbove(*moved, to.directory)) {
    return SystemError(EINVAL);
  }
  if (!is_directory && to.trailing_slash) return SystemError(ENOTDIR);
  if (replaced != nullptr) {
    if (replaced == moved) return {};
    if (IsMounted(to)) return SystemError(EBUSY);
    const bool onto_directory = replaced->kind == EntryKind::kDirectory;
    if (is_directory && !onto_directory) return SystemError(ENOTDIR);
    if (!is_directory && onto_directory) return SystemError(EISDIR);
    if (!replaced->entries.empty()) return SystemError(ENOTEMPTY);
  }
  // Never nameless, or it would be taken for removed.
  ++moved->links;
  SetName(from.directory, from.name, nullptr);
  SetName(to.directory, to.name, moved);
  --moved->links;
  return {};
}

Outcome FakeDisk::Exchange(const FakeUser& user, const Place& a,
                           const Place& b) {
  if (a.inode == nullptr || b.inode == nullptr) return SystemError(ENOENT);
  if (Outcome check = CheckChangeable(user, a); !check.ok()) return check;
  if (Outcome check = CheckChangeable(user, b); !check.ok()) return check;
  const FakeInodePtr first = a.inode;
  const FakeInodePtr second = b.inode;
  if (a.directory->device != b.directory->device) return SystemError(EXDEV);
  if (IsMounted(a) || IsMounted(b)) return SystemError(EBUSY);
  if (IsAtOrAbove(*first, b.directory) || IsAtOrAbove(*second, a.directory)) {
    return SystemError(EINVAL);
  }
  ++first->links;
  SetName(a.directory, a.name, second);
  SetName(b.directory, b.name, first);
  --first->links;
  return {};
}

void FakeDisk::Mount(const FakeInodePtr& directory) {
  auto mounted =
      std::make_shared<FakeInode>(MakeDevice(), EntryKind::kDirectory);
  mounted->links = 1;
  mounted->owner = directory->owner;
  mounted->permissions = 0755;
  mounted->device->mount_point = directory;
  TouchContent(*mounted);
  directory->mounted = std::move(mounted);
  for (FakeDiskObserver* const observer : observers_) observer->OnMounts();
}

void FakeDisk::Unmount(const FakeInodePtr& mounted) {
  if (const FakeInodePtr covered = mounted->device->mount_point.lock()) {
    covered->mounted = nullptr;
  }
  for (FakeDiskObserver* const observer : observers_) observer->OnMounts();
}

void FakeDisk::BeginCall() {
  in_call_ = true;
  calls_.emplace_back();
}

void FakeDisk::EndCall() {
  in_call_ = false;
  if (calls_.back().empty()) calls_.pop_back();
}

void FakeDisk::NoteUnsynced(const FakeInodePtr& inode) {
  unsynced_.push_back(inode);
}

void FakeDisk::CutPower(const FakePowerCut& cut) {
  ++power_cuts_;
  for (size_t lost = 0; lost < cut.lost_name_changes && !calls_.empty();
       ++lost) {
    std::vector<NameBefore> names = std::move(calls_.back());
    calls_.pop_back();
    while (!names.empty()) {
      const NameBefore before = std::move(names.back());
      names.pop_back();
      SetName(before.directory, before.name, before.inode);
      before.directory->modified_ns = before.modified_ns;
      before.directory->changed_ns = before.changed_ns;
      if (before.inode != nullptr) {
        before.inode->changed_ns = before.inode_changed_ns;
      }
    }
  }
  calls_.clear();

  std::mt19937_64 random(cut.seed);
  for (const std::weak_ptr<FakeInode>& weak : unsynced_) {
    const FakeInodePtr inode = weak.lock();
    if (inode == nullptr || inode->synced_bytes >= inode->bytes.size()) {
      continue;
    }
    switch (cut.unsynced_bytes) {
      case UnsyncedBytes::kLost:
        inode->bytes.resize(inode->synced_bytes);
        break;
      case UnsyncedBytes::kEmpty:
        inode->bytes.clear();
        break;
      case UnsyncedBytes::kTorn: {
        bool kept = false;
        for (size_t at = inode->synced_bytes; at < inode->bytes.size(); ++at) {
          if (at == inode->synced_bytes || at % kTornBlockBytes == 0) {
            kept = random() % 2 == 0;
          }
          if (!kept) inode->bytes[at] = '\0';
        }
        break;
      }
    }
    inode->synced_bytes = inode->bytes.size();
  }
  unsynced_.clear();
}

}  // namespace finder
