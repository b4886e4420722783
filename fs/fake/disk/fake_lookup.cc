// How FakeDisk follows a path.
#include <errno.h>
#include <limits.h>

#include <string>
#include <string_view>
#include <utility>

#include "fs/fake/disk/fake_disk.h"
#include "fs/fake/disk/fake_inode.h"
#include "fs/file_system.h"
#include "fs/result.h"

namespace finder {
namespace {

constexpr int kMaxSymlinks = 40;  // as Linux has it

// The directory above, through the mount point if `directory` is a device's
// root. The root's parent is the root.
FakeInodePtr ParentOf(const FakeInodePtr& directory) {
  FakeInodePtr at = directory;
  if (at->parent.lock() == nullptr) {
    if (FakeInodePtr covered = at->device->mount_point.lock()) {
      at = std::move(covered);
    }
  }
  FakeInodePtr parent = at->parent.lock();
  return parent == nullptr ? directory : parent;
}

// What is seen where `inode` is: the root of the device mounted there, or
// itself.
FakeInodePtr Uppermost(FakeInodePtr inode) {
  while (inode->mounted != nullptr) inode = inode->mounted;
  return inode;
}

// Cuts the first component off `rest`, and the slashes after it.
std::string TakeComponent(std::string& rest) {
  const size_t end = rest.find('/');
  std::string name = rest.substr(0, end);
  const size_t next = rest.find_first_not_of('/', end);
  rest.erase(0, end == std::string::npos || next == std::string::npos
                    ? rest.size()
                    : next);
  return name;
}

}  // namespace

Result<FakeDisk::Place> FakeDisk::Find(const FakeUser& user,
                                       const FakeInodePtr& base,
                                       std::string_view path,
                                       SymlinkPolicy symlinks) {
  if (path.empty()) return SystemError(ENOENT);
  const bool trailing_slash = path.back() == '/';
  Place place;
  place.inode = base;
  std::string rest(path);
  int symlinks_left = kMaxSymlinks;
  bool ends_in_slash = trailing_slash;
  while (!rest.empty()) {
    if (rest[0] == '/') {
      place = Place();
      place.inode = Uppermost(root_);
      rest.erase(0, rest.find_first_not_of('/'));
      continue;
    }
    if (place.inode->kind != EntryKind::kDirectory) return SystemError(ENOTDIR);
    if (!IsAllowed(user, *place.inode, kSearch)) return SystemError(EACCES);
    const FakeInodePtr directory = place.inode;
    const std::string name = TakeComponent(rest);
    if (name == "." || name == "..") {
      place = Place();
      place.inode = name == "." ? directory : Uppermost(ParentOf(directory));
      continue;
    }
    if (name.size() > NAME_MAX) return SystemError(ENAMETOOLONG);
    const auto found = directory->entries.find(name);
    if (found == directory->entries.end()) {
      if (!rest.empty()) return SystemError(ENOENT);
      place = {directory, name, nullptr, ends_in_slash};
      return place;
    }
    const FakeInodePtr inode = Uppermost(found->second);
    const bool is_last = rest.empty() && !ends_in_slash;
    if (inode->kind == EntryKind::kSymlink &&
        (!is_last || symlinks == SymlinkPolicy::kFollow)) {
      if (symlinks_left-- == 0) return SystemError(ELOOP);
      // The target's own trailing slash counts only if it comes last.
      if (rest.empty()) ends_in_slash |= inode->bytes.back() == '/';
      rest = rest.empty() ? inode->bytes : inode->bytes + "/" + rest;
      place.inode = directory;
      continue;
    }
    place = {directory, name, inode, false};
  }
  if (ends_in_slash && place.inode->kind != EntryKind::kDirectory) {
    return SystemError(ENOTDIR);
  }
  place.trailing_slash = ends_in_slash;
  return place;
}

}  // namespace finder
