#include <errno.h>

#include <string>
#include <string_view>

#include "absl/synchronization/mutex.h"
#include "fs/fake/disk/fake_calls.h"
#include "fs/fake/disk/fake_disk.h"
#include "fs/fake/disk/fake_inode.h"
#include "fs/fake/disk/fake_shared_files.h"
#include "fs/path.h"

namespace finder {

Result<std::string> FakeSharedFiles::Read(const DirectoryHandle& base,
                                          std::string_view path,
                                          size_t max_bytes) {
  const Outcome fault = files_.calls_.Note(Operation::kReadSmall,
                                           files_.AbsolutePath(base, path));
  if (!fault.ok()) return fault.error();
  absl::MutexLock lock(&files_.disk_->mutex());
  const Result<FakeInodePtr> inode =
      files_.FindExisting(base, path, SymlinkPolicy::kNoFollow);
  if (!inode.ok()) return inode.error();
  if (Outcome file = CheckFile(*inode.value()); !file.ok()) {
    return file.error();
  }
  if (!FakeDisk::IsAllowed(files_.user(), *inode.value(), FakeDisk::kRead)) {
    return SystemError(EACCES);
  }
  if (inode.value()->bytes.size() > max_bytes) return SystemError(EFBIG);
  return inode.value()->bytes;
}

Outcome FakeSharedFiles::WriteOver(std::string_view path,
                                   std::string_view bytes) {
  const DirectoryHandle here;
  const std::string absolute = files_.AbsolutePath(here, path);
  const Outcome fault = files_.calls_.Note(Operation::kAppend, absolute);
  {
    absl::MutexLock lock(&files_.disk_->mutex());
    const Result<FakeInodePtr> found =
        files_.FindExisting(here, path, SymlinkPolicy::kNoFollow);
    if (!found.ok()) return found.error();
    FakeInode& inode = *found.value();
    if (Outcome file = CheckFile(inode); !file.ok()) return file;
    if (!FakeDisk::IsAllowed(files_.user(), inode, FakeDisk::kWrite)) {
      return SystemError(EACCES);
    }
    if (!fault.ok()) bytes = bytes.substr(0, bytes.size() / 2);
    inode.bytes.replace(0, bytes.size(), bytes);
    files_.disk_->TouchContent(inode);
    files_.disk_->NoteUnsynced(found.value());
  }
  if (!fault.ok()) return fault;
  if (Outcome synced = files_.calls_.Note(Operation::kSync, absolute);
      !synced.ok()) {
    return synced;
  }
  absl::MutexLock lock(&files_.disk_->mutex());
  const Result<FakeInodePtr> found =
      files_.FindExisting(here, path, SymlinkPolicy::kNoFollow);
  if (found.ok()) found.value()->synced_bytes = found.value()->bytes.size();
  return {};
}

Outcome FakeSharedFiles::Create(std::string_view path, std::string_view bytes,
                                uint32_t permissions) {
  const DirectoryHandle here;
  const Outcome fault = files_.calls_.Note(Operation::kCreateSmall,
                                           files_.AbsolutePath(here, path));
  const FakeUser user = files_.user();
  absl::MutexLock lock(&files_.disk_->mutex());
  const Result<FakeDisk::Place> place =
      files_.Find(here, path, SymlinkPolicy::kNoFollow);
  if (!place.ok()) return place.error();
  if (place->inode != nullptr) return SystemError(EEXIST);
  const FakeInodePtr inode = files_.disk_->MakeInode(
      *place->directory, EntryKind::kFile, user, permissions & ~kFakeUmask);
  // As when the disk is full: made, and half written.
  inode->bytes = fault.ok() ? bytes : bytes.substr(0, bytes.size() / 2);
  files_.disk_->BeginCall();
  const Outcome linked = files_.disk_->Link(user, place.value(), inode);
  files_.disk_->EndCall();
  if (!linked.ok()) return linked;
  files_.disk_->NoteUnsynced(inode);
  return fault;
}

}  // namespace finder
