#include "fs/fake/disk/fake_tree.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "fs/fake/disk/fake_disk.h"
#include "fs/fake/disk/fake_inode.h"
#include "fs/file_system.h"
#include "fs/result.h"

namespace finder {
namespace {

constexpr FakeUser kEditor = {.id = FakeUser().id, .root = true};

[[noreturn]] void Fail(std::string_view path, std::string_view reason) {
  fprintf(stderr, "FakeTree: %.*s: %.*s\n", static_cast<int>(path.size()),
          path.data(), static_cast<int>(reason.size()), reason.data());
  abort();
}

void Require(const Outcome& outcome, std::string_view path) {
  if (!outcome.ok()) Fail(path, outcome.error().Message());
}

std::string_view DirectoryOf(std::string_view path) {
  while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) Fail(path, "not an absolute path");
  return slash == 0 ? "/" : path.substr(0, slash);
}

uint32_t PermissionsOf(EntryKind kind) {
  switch (kind) {
    case EntryKind::kDirectory:
      return 0755;
    case EntryKind::kSymlink:
      return 0777;
    default:
      return 0644;
  }
}

}  // namespace

FakeDisk::Place FakeTree::Existing(std::string_view path) const {
  Result<FakeDisk::Place> place =
      disk_.Find(kEditor, disk_.root(), path, SymlinkPolicy::kNoFollow);
  if (!place.ok()) Fail(path, place.error().Message());
  if (place->inode == nullptr) Fail(path, SystemError(ENOENT).Message());
  return std::move(place).value();
}

FakeInodePtr FakeTree::MakeMissingDirectories(std::string_view path) {
  Result<FakeDisk::Place> place =
      disk_.Find(kEditor, disk_.root(), path, SymlinkPolicy::kFollow);
  if (!place.ok() && place.error() == SystemError(ENOENT)) {
    MakeMissingDirectories(DirectoryOf(path));
    place = disk_.Find(kEditor, disk_.root(), path, SymlinkPolicy::kFollow);
  }
  if (!place.ok()) Fail(path, place.error().Message());
  if (place->inode == nullptr) {
    FakeInodePtr made =
        disk_.MakeInode(*place->directory, EntryKind::kDirectory, kEditor,
                        PermissionsOf(EntryKind::kDirectory));
    Require(disk_.Link(kEditor, place.value(), made), path);
    return made;
  }
  if (place->inode->kind != EntryKind::kDirectory) {
    Fail(path, SystemError(ENOTDIR).Message());
  }
  return place->inode;
}

FakeDisk::Place FakeTree::PlaceFor(std::string_view path) {
  MakeMissingDirectories(DirectoryOf(path));
  Result<FakeDisk::Place> place =
      disk_.Find(kEditor, disk_.root(), path, SymlinkPolicy::kNoFollow);
  if (!place.ok()) Fail(path, place.error().Message());
  return std::move(place).value();
}

void FakeTree::MakeEntry(std::string_view path, EntryKind kind,
                         std::string_view bytes) {
  const FakeDisk::Place place = PlaceFor(path);
  if (place.inode != nullptr) Fail(path, SystemError(EEXIST).Message());
  const FakeInodePtr made =
      disk_.MakeInode(*place.directory, kind, kEditor, PermissionsOf(kind));
  made->bytes = bytes;
  made->synced_bytes = bytes.size();
  Require(disk_.Link(kEditor, place, made), path);
}

void FakeTree::MakeDirectories(std::string_view path) {
  absl::MutexLock lock(&disk_.mutex());
  MakeMissingDirectories(path);
}

void FakeTree::WriteFile(std::string_view path, std::string_view bytes) {
  absl::MutexLock lock(&disk_.mutex());
  const FakeDisk::Place place = PlaceFor(path);
  if (place.inode == nullptr) {
    MakeEntry(path, EntryKind::kFile, bytes);
    return;
  }
  if (place.inode->kind != EntryKind::kFile) Fail(path, "not a file");
  place.inode->bytes = bytes;
  place.inode->synced_bytes = bytes.size();
  disk_.TouchContent(*place.inode);
}

void FakeTree::Symlink(std::string_view target, std::string_view path) {
  absl::MutexLock lock(&disk_.mutex());
  if (target.empty()) Fail(path, "a symlink to nothing");
  MakeEntry(path, EntryKind::kSymlink, target);
}

void FakeTree::MakePipe(std::string_view path) {
  absl::MutexLock lock(&disk_.mutex());
  MakeEntry(path, EntryKind::kOther, "");
}

void FakeTree::HardLink(std::string_view existing, std::string_view path) {
  absl::MutexLock lock(&disk_.mutex());
  const FakeInodePtr inode = Existing(existing).inode;
  if (inode->kind == EntryKind::kDirectory) Fail(existing, "a directory");
  Require(disk_.Link(kEditor, PlaceFor(path), inode), path);
}

void FakeTree::Rename(std::string_view from, std::string_view to) {
  absl::MutexLock lock(&disk_.mutex());
  Require(disk_.Rename(kEditor, Existing(from), PlaceFor(to)), from);
}

void FakeTree::RemoveAll(std::string_view path) {
  absl::MutexLock lock(&disk_.mutex());
  std::vector<FakeDisk::Place> doomed = {Existing(path)};
  while (!doomed.empty()) {
    const FakeInodePtr inode = doomed.back().inode;
    if (inode->entries.empty()) {
      Require(disk_.Unlink(kEditor, doomed.back()), path);
      doomed.pop_back();
    } else {
      const auto& [name, child] = *inode->entries.begin();
      if (child->mounted != nullptr) Fail(path, SystemError(EBUSY).Message());
      doomed.push_back({inode, name, child});
    }
  }
}

void FakeTree::Chmod(std::string_view path, uint32_t permissions) {
  absl::MutexLock lock(&disk_.mutex());
  const FakeInodePtr inode = Existing(path).inode;
  inode->permissions = permissions;
  disk_.TouchAttributes(*inode);
}

void FakeTree::Chown(std::string_view path, uint32_t owner) {
  absl::MutexLock lock(&disk_.mutex());
  const FakeInodePtr inode = Existing(path).inode;
  inode->owner = owner;
  disk_.TouchAttributes(*inode);
}

void FakeTree::SetModifiedTime(std::string_view path, int64_t modified_ns) {
  absl::MutexLock lock(&disk_.mutex());
  const FakeInodePtr inode = Existing(path).inode;
  disk_.TouchAttributes(*inode);
  inode->modified_ns = modified_ns;
}

void FakeTree::AddTree(std::string_view text, std::string_view root) {
  constexpr std::string_view kArrow = " -> ";
  MakeDirectories(root);
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.empty()) continue;
    const std::string_view word = line.substr(0, 2);
    const std::string_view rest = line.substr(word.size());
    const size_t arrow = word == "l " ? rest.find(kArrow) : rest.size();
    if (arrow == std::string_view::npos) Fail(line, "no \" -> \"");
    const std::string path =
        std::string(root) + "/" + std::string(rest.substr(0, arrow));
    if (word == "d ") {
      MakeDirectories(path);
    } else if (word == "f ") {
      WriteFile(path);
    } else if (word == "l ") {
      Symlink(rest.substr(arrow + kArrow.size()), path);
    } else {
      Fail(line, "not a line of a tree");
    }
  }
}

void FakeTree::SetStamp(std::string_view path, uint64_t inode_number,
                        int64_t change_ns) {
  absl::MutexLock lock(&disk_.mutex());
  const FakeInodePtr inode = Existing(path).inode;
  inode->number = inode_number;
  inode->modified_ns = inode->changed_ns = change_ns;
}

void FakeTree::Mount(std::string_view path) {
  absl::MutexLock lock(&disk_.mutex());
  const FakeInodePtr directory = Existing(path).inode;
  if (directory->kind != EntryKind::kDirectory) Fail(path, "not a directory");
  disk_.Mount(directory);
}

void FakeTree::Unmount(std::string_view path) {
  absl::MutexLock lock(&disk_.mutex());
  const FakeInodePtr mounted = Existing(path).inode;
  if (mounted->device->mount_point.expired() || !mounted->parent.expired()) {
    Fail(path, "not a mount point");
  }
  disk_.Unmount(mounted);
}

void FakeTree::SetDevice(std::string_view path, uint64_t number) {
  absl::MutexLock lock(&disk_.mutex());
  Existing(path).inode->device->number = number;
}

void FakeTree::SetStampRule(std::string_view path, const FakeStampRule& rule) {
  absl::MutexLock lock(&disk_.mutex());
  if (rule.granularity_ns <= 0) Fail(path, "no granularity");
  Existing(path).inode->device->stamp_rule = rule;
}

void FakeTree::SetVolume(std::string_view path, const Volume& volume) {
  absl::MutexLock lock(&disk_.mutex());
  Existing(path).inode->device->volume = volume;
}

Volume FakeTree::GetVolume(std::string_view path) const {
  absl::MutexLock lock(&disk_.mutex());
  return Existing(path).inode->device->volume;
}

void FakeTree::SetTrust(std::string_view path, StampTrust trust) {
  absl::MutexLock lock(&disk_.mutex());
  Existing(path).inode->device->volume.trust = trust;
}

void FakeTree::SetMerged(std::string_view path, bool merged) {
  absl::MutexLock lock(&disk_.mutex());
  Existing(path).inode->merged = merged;
}

void FakeTree::CutPower(const FakePowerCut& cut) {
  absl::MutexLock lock(&disk_.mutex());
  disk_.CutPower(cut);
}

bool FakeTree::Exists(std::string_view path) const {
  absl::MutexLock lock(&disk_.mutex());
  const Result<FakeDisk::Place> place =
      disk_.Find(kEditor, disk_.root(), path, SymlinkPolicy::kNoFollow);
  return place.ok() && place->inode != nullptr;
}

FileStat FakeTree::Stat(std::string_view path) const {
  absl::MutexLock lock(&disk_.mutex());
  return Existing(path).inode->Stat();
}

std::string FakeTree::ReadFile(std::string_view path) const {
  absl::MutexLock lock(&disk_.mutex());
  return Existing(path).inode->bytes;
}

std::vector<std::string> FakeTree::Names(std::string_view path) const {
  absl::MutexLock lock(&disk_.mutex());
  std::vector<std::string> names;
  for (const auto& [name, inode] : Existing(path).inode->entries) {
    names.push_back(name);
  }
  return names;
}

}  // namespace finder
