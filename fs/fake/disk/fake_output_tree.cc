#include "fs/fake/disk/fake_output_tree.h"

#include <errno.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "fs/fake/disk/fake_calls.h"
#include "fs/fake/disk/fake_inode.h"

namespace finder {
namespace {

bool IsName(std::string_view name) {
  return !name.empty() && name != "." && name != ".." &&
         name.find('/') == std::string_view::npos;
}

}  // namespace

Result<DirectoryHandle> FakeOutputTree::OpenBeneath(const DirectoryHandle& base,
                                                    std::string_view path) {
  if (path.starts_with('/')) return SystemError(EXDEV);
  if (path.empty()) return SystemError(ENOENT);
  {
    absl::MutexLock lock(&files_.disk_->mutex());
    FakeInodePtr at = files_.Opened(base).inode;
    std::string_view rest = path;
    while (!rest.empty()) {
      const std::string name(rest.substr(0, rest.find('/')));
      rest.remove_prefix(std::min(rest.size(), name.size() + 1));
      if (name.empty() || name == ".") continue;
      if (name == "..") return SystemError(EXDEV);
      if (at->kind != EntryKind::kDirectory) break;
      const auto found = at->entries.find(name);
      if (found == at->entries.end()) break;
      at = found->second;
      if (at->kind == EntryKind::kSymlink) return SystemError(ELOOP);
    }
  }
  return files_.OpenDirectory(base, path, SymlinkPolicy::kNoFollow);
}

Result<std::unique_ptr<ReadableFile>> FakeOutputTree::OpenFile(
    const DirectoryHandle& directory, std::string_view name) {
  return files_.OpenFile(files_.AbsolutePath(directory, name),
                         SymlinkPolicy::kNoFollow);
}

Result<CopyMethod> FakeOutputTree::PlaceCopy(const DirectoryHandle& from,
                                             std::string_view from_name,
                                             const DirectoryHandle& directory,
                                             std::string_view name,
                                             const FileAttributes& attributes) {
  const auto source = OpenFile(from, from_name);
  if (!source.ok()) return source.error();
  const Result<FileStat> stat = source.value()->Stat();
  if (!stat.ok()) return stat.error();
  std::string bytes(static_cast<size_t>(stat->size_bytes), '\0');
  const Result<size_t> got =
      source.value()->ReadAt(0, bytes.data(), bytes.size());
  if (!got.ok()) return got.error();
  bytes.resize(got.value());
  const Outcome placed =
      Place(EntryKind::kFile, bytes, directory, name, attributes);
  if (!placed.ok()) return placed.error();
  return copied_;
}

Outcome FakeOutputTree::PlaceBytes(std::string_view bytes,
                                   const DirectoryHandle& directory,
                                   std::string_view name,
                                   const FileAttributes& attributes) {
  return Place(EntryKind::kFile, bytes, directory, name, attributes);
}

Outcome FakeOutputTree::PlaceSymlink(std::string_view target,
                                     const DirectoryHandle& directory,
                                     std::string_view name,
                                     const FileAttributes& attributes) {
  if (target.empty()) return SystemError(ENOENT);
  return Place(EntryKind::kSymlink, target, directory, name,
               {.permissions = 0777, .modified_ns = attributes.modified_ns});
}

Outcome FakeOutputTree::Place(EntryKind kind, std::string_view bytes,
                              const DirectoryHandle& directory,
                              std::string_view name,
                              const FileAttributes& attributes) {
  if (!IsName(name)) return SystemError(EINVAL);
  const std::string path = files_.AbsolutePath(directory, name);
  for (const Operation operation :
       {Operation::kCreate, Operation::kAppend, Operation::kCommit}) {
    const Outcome fault = files_.calls_.Note(operation, path);
    if (!fault.ok()) return fault;
  }
  const FakeUser user = files_.user();
  absl::MutexLock lock(&files_.disk_->mutex());
  const auto place = files_.Find(directory, name, SymlinkPolicy::kNoFollow);
  if (!place.ok()) return place.error();
  const FakeInodePtr inode = files_.disk_->MakeInode(
      *place->directory, kind, user, attributes.permissions & 07777);
  inode->bytes = bytes;
  inode->permissions = attributes.permissions & 07777;
  if (kind == EntryKind::kFile) files_.disk_->NoteUnsynced(inode);
  files_.disk_->BeginCall();
  const Outcome replaced = files_.disk_->Replace(user, place.value(), inode);
  files_.disk_->EndCall();
  inode->modified_ns = inode->device->Stored(attributes.modified_ns);
  return replaced;
}

Outcome FakeOutputTree::MakeDirectory(const DirectoryHandle& directory,
                                      std::string_view name,
                                      uint32_t permissions) {
  if (!IsName(name)) return SystemError(EINVAL);
  return files_.MakeDirectory(files_.AbsolutePath(directory, name),
                              permissions);
}

Result<FakeInodePtr> FakeOutputTree::Owned(const DirectoryHandle& directory,
                                           std::string_view name) {
  Result<FakeInodePtr> inode =
      files_.FindExisting(directory, name, SymlinkPolicy::kNoFollow);
  if (!inode.ok()) return inode;
  const FakeUser user = files_.user();
  if (!user.root && user.id != inode.value()->owner) return SystemError(EPERM);
  return inode;
}

Outcome FakeOutputTree::SetPermissions(const DirectoryHandle& directory,
                                       std::string_view name,
                                       uint32_t permissions) {
  if (!IsName(name)) return SystemError(EINVAL);
  const Outcome fault = files_.calls_.Note(
      Operation::kSetPermissions, files_.AbsolutePath(directory, name));
  if (!fault.ok()) return fault;
  absl::MutexLock lock(&files_.disk_->mutex());
  const Result<FakeInodePtr> inode = Owned(directory, name);
  if (!inode.ok()) return inode.error();
  if (inode.value()->kind == EntryKind::kSymlink) return SystemError(ELOOP);
  inode.value()->permissions = permissions & 07777;
  files_.disk_->TouchAttributes(*inode.value());
  return {};
}

Outcome FakeOutputTree::SetModifiedTime(const DirectoryHandle& directory,
                                        std::string_view name,
                                        int64_t modified_ns) {
  if (!IsName(name)) return SystemError(EINVAL);
  const Outcome fault = files_.calls_.Note(
      Operation::kSetTime, files_.AbsolutePath(directory, name));
  if (!fault.ok()) return fault;
  absl::MutexLock lock(&files_.disk_->mutex());
  const Result<FakeInodePtr> inode = Owned(directory, name);
  if (!inode.ok()) return inode.error();
  files_.disk_->TouchAttributes(*inode.value());
  inode.value()->modified_ns = inode.value()->device->Stored(modified_ns);
  return {};
}

Outcome FakeOutputTree::Remove(const DirectoryHandle& directory,
                               std::string_view name) {
  if (!IsName(name)) return SystemError(EINVAL);
  return files_.Remove(files_.AbsolutePath(directory, name));
}

}  // namespace finder
