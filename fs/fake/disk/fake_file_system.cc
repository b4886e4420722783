#include "fs/fake/disk/fake_file_system.h"

#include <errno.h>
#include <stdlib.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/synchronization/mutex.h"
#include "fs/fake/disk/fake_calls.h"
#include "fs/fake/disk/fake_disk.h"
#include "fs/fake/disk/fake_inode.h"
#include "fs/fake/disk/fake_tree.h"
#include "fs/file_details.h"
#include "fs/file_system.h"
#include "fs/path.h"
#include "fs/result.h"

namespace finder {
namespace {

// Puts names in an order that looks random and never changes (FNV-1a).
uint64_t ListingKey(std::string_view name) {
  uint64_t key = 0xcbf29ce484222325;
  for (const char c : name) {
    key = (key ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  return key;
}

// Appends the components of `path`, without "." and empty ones.
void AppendClean(std::string& to, std::string_view path) {
  while (!path.empty()) {
    const std::string_view name = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), name.size() + 1));
    if (!name.empty() && name != ".") to.append("/").append(name);
  }
}

}  // namespace

FakeFileSystem::FakeFileSystem(FakeTree* tree) : disk_(&tree->disk()) {
  SetWorkingDirectory("/");
}

void FakeFileSystem::SetUser(const FakeUser& user) {
  absl::MutexLock lock(&mutex_);
  user_ = user;
}

void FakeFileSystem::SetWorkingDirectory(std::string_view path) {
  absl::MutexLock disk_lock(&disk_->mutex());
  const Result<FakeDisk::Place> place =
      disk_->Find({.root = true}, disk_->root(), path, SymlinkPolicy::kFollow);
  if (!place.ok() || place->inode == nullptr ||
      place->inode->kind != EntryKind::kDirectory) {
    abort();
  }
  OpenedDirectory opened = {place->inode, ""};
  AppendClean(opened.path, path);
  absl::MutexLock lock(&mutex_);
  working_directory_ = std::move(opened);
}

void FakeFileSystem::SetMaxOpenFiles(int max_open_files) {
  absl::MutexLock lock(&mutex_);
  max_open_files_ = max_open_files;
}

int FakeFileSystem::open_files() const {
  absl::MutexLock lock(&mutex_);
  return open_files_;
}

Outcome FakeFileSystem::TakeDescriptor() {
  absl::MutexLock lock(&mutex_);
  if (max_open_files_.has_value() && open_files_ >= *max_open_files_) {
    return SystemError(EMFILE);
  }
  ++open_files_;
  return {};
}

void FakeFileSystem::ReturnDescriptor() {
  absl::MutexLock lock(&mutex_);
  --open_files_;
}

FakeFileSystem::OpenedDirectory FakeFileSystem::Opened(
    const DirectoryHandle& handle) const {
  absl::MutexLock lock(&mutex_);
  if (!handle.is_open()) return working_directory_;
  return opened_.at(IdOf(handle));
}

FakeUser FakeFileSystem::user() const {
  absl::MutexLock lock(&mutex_);
  return user_;
}

std::string FakeFileSystem::AbsolutePath(const DirectoryHandle& base,
                                         std::string_view path) const {
  std::string absolute;
  if (path.empty() || path[0] != '/') absolute = Opened(base).path;
  AppendClean(absolute, path);
  return absolute.empty() ? "/" : absolute;
}

Result<FakeDisk::Place> FakeFileSystem::Find(const DirectoryHandle& base,
                                             std::string_view path,
                                             SymlinkPolicy symlinks) {
  return disk_->Find(user(), Opened(base).inode, path, symlinks);
}

Result<FakeInodePtr> FakeFileSystem::FindExisting(const DirectoryHandle& base,
                                                  std::string_view path,
                                                  SymlinkPolicy symlinks) {
  Result<FakeDisk::Place> place = Find(base, path, symlinks);
  if (!place.ok()) return place.error();
  if (place->inode == nullptr) return SystemError(ENOENT);
  return std::move(place->inode);
}

Result<DirectoryHandle> FakeFileSystem::OpenDirectory(
    const DirectoryHandle& base, std::string_view path,
    SymlinkPolicy symlinks) {
  std::string absolute = AbsolutePath(base, path);
  const Outcome fault = calls_.Note(Operation::kOpenDirectory, absolute);
  if (!fault.ok()) return fault.error();
  absl::MutexLock disk_lock(&disk_->mutex());
  const Result<FakeInodePtr> inode = FindExisting(base, path, symlinks);
  if (!inode.ok()) return inode.error();
  if (inode.value()->kind != EntryKind::kDirectory) return SystemError(ENOTDIR);
  if (!FakeDisk::IsAllowed(user(), *inode.value(), FakeDisk::kRead)) {
    return SystemError(EACCES);
  }
  if (Outcome taken = TakeDescriptor(); !taken.ok()) return taken.error();
  if (absolute == "/") absolute.clear();
  absl::MutexLock lock(&mutex_);
  const int id = next_id_++;
  opened_[id] = {inode.value(), std::move(absolute)};
  return MakeHandle(this, id);
}

void FakeFileSystem::CloseDirectory(int id) {
  {
    absl::MutexLock lock(&mutex_);
    opened_.erase(id);
  }
  ReturnDescriptor();
}

Result<FileStat> FakeFileSystem::Stat(const DirectoryHandle& base,
                                      std::string_view path,
                                      SymlinkPolicy symlinks) {
  const Outcome fault = calls_.Note(Operation::kStat, AbsolutePath(base, path));
  if (!fault.ok()) return fault.error();
  absl::MutexLock disk_lock(&disk_->mutex());
  if (path.empty()) return Opened(base).inode->Stat();
  const Result<FakeInodePtr> inode = FindExisting(base, path, symlinks);
  if (!inode.ok()) return inode.error();
  return inode.value()->Stat();
}

Result<FileDetails> FakeFileSystem::Details(const DirectoryHandle& base,
                                            std::string_view path,
                                            SymlinkPolicy symlinks) {
  const Outcome fault =
      calls_.Note(Operation::kDetails, AbsolutePath(base, path));
  if (!fault.ok()) return fault.error();
  absl::MutexLock disk_lock(&disk_->mutex());
  if (path.empty()) return Opened(base).inode->Details();
  const Result<FakeInodePtr> inode = FindExisting(base, path, symlinks);
  if (!inode.ok()) return inode.error();
  return inode.value()->Details();
}

Outcome FakeFileSystem::List(
    const DirectoryHandle& directory,
    absl::FunctionRef<void(std::string_view name, EntryKind kind)> visit) {
  const Outcome fault =
      calls_.Note(Operation::kList, AbsolutePath(directory, ""));
  if (!fault.ok()) return fault;
  if (!directory.is_open()) return SystemError(EBADF);
  struct Entry {
    uint64_t key;
    std::string name;
    EntryKind kind;
  };
  std::vector<Entry> entries;
  {
    absl::MutexLock disk_lock(&disk_->mutex());
    absl::MutexLock lock(&mutex_);
    OpenedDirectory& opened = opened_.at(IdOf(directory));
    if (opened.inode->links == 0) return SystemError(ENOENT);
    if (opened.listed) return {};
    opened.listed = true;
    for (const auto& [name, inode] : opened.inode->entries) {
      entries.push_back({ListingKey(name), name, inode->kind});
    }
  }
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.key < b.key; });
  for (const Entry& entry : entries) visit(entry.name, entry.kind);
  return {};
}

Volume FakeFileSystem::IdentifyVolume(const DirectoryHandle& directory) {
  absl::MutexLock disk_lock(&disk_->mutex());
  Volume volume = Opened(directory).inode->device->volume;
  if (!IsBoundToMount(volume.trust)) volume.mount.clear();
  return volume;
}

Result<std::string> FakeFileSystem::ReadLink(const DirectoryHandle& base,
                                             std::string_view path) {
  const Outcome fault =
      calls_.Note(Operation::kReadLink, AbsolutePath(base, path));
  if (!fault.ok()) return fault.error();
  absl::MutexLock disk_lock(&disk_->mutex());
  const Result<FakeInodePtr> inode =
      FindExisting(base, path, SymlinkPolicy::kNoFollow);
  if (!inode.ok()) return inode.error();
  if (inode.value()->kind != EntryKind::kSymlink) return SystemError(EINVAL);
  return inode.value()->bytes;
}

Outcome FakeFileSystem::Rename(std::string_view from, std::string_view to) {
  const DirectoryHandle here;
  const Outcome fault = calls_.Note(
      Operation::kRename, AbsolutePath(here, from), AbsolutePath(here, to));
  if (!fault.ok()) return fault;
  absl::MutexLock disk_lock(&disk_->mutex());
  const Result<FakeDisk::Place> source =
      Find(here, from, SymlinkPolicy::kNoFollow);
  if (!source.ok()) return source.error();
  const Result<FakeDisk::Place> target =
      Find(here, to, SymlinkPolicy::kNoFollow);
  if (!target.ok()) return target.error();
  disk_->BeginCall();
  const Outcome renamed = disk_->Rename(user(), source.value(), target.value());
  disk_->EndCall();
  return renamed;
}

Outcome FakeFileSystem::Remove(std::string_view path) {
  return RemoveAt(DirectoryHandle(), path, EntryKind::kFile);
}

Outcome FakeFileSystem::RemoveAt(const DirectoryHandle& base,
                                 std::string_view path, EntryKind kind) {
  const Outcome fault =
      calls_.Note(Operation::kRemove, AbsolutePath(base, path));
  if (!fault.ok()) return fault;
  absl::MutexLock disk_lock(&disk_->mutex());
  const Result<FakeDisk::Place> place =
      Find(base, path, SymlinkPolicy::kNoFollow);
  if (!place.ok()) return place.error();
  if (kind == EntryKind::kDirectory && place->inode != nullptr &&
      place->inode->kind != EntryKind::kDirectory) {
    return SystemError(ENOTDIR);
  }
  disk_->BeginCall();
  const Outcome removed = disk_->Unlink(user(), place.value());
  disk_->EndCall();
  return removed;
}

Outcome FakeFileSystem::MakeDirectory(std::string_view path,
                                      uint32_t permissions) {
  const DirectoryHandle here;
  const Outcome fault =
      calls_.Note(Operation::kMakeDirectory, AbsolutePath(here, path));
  if (!fault.ok()) return fault;
  absl::MutexLock disk_lock(&disk_->mutex());
  const Result<FakeDisk::Place> place =
      Find(here, path, SymlinkPolicy::kNoFollow);
  if (!place.ok()) return place.error();
  if (place->inode != nullptr) return SystemError(EEXIST);
  const FakeInodePtr made =
      disk_->MakeInode(*place->directory, EntryKind::kDirectory, user(),
                       permissions & ~kFakeUmask);
  disk_->BeginCall();
  const Outcome linked = disk_->Link(user(), place.value(), made);
  disk_->EndCall();
  return linked;
}

}  // namespace finder
