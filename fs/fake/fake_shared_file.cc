#include "fs/fake/fake_shared_file.h"

#include <errno.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "fs/fake/fake_calls.h"
#include "fs/fake/fake_disk.h"
#include "fs/fake/fake_inode.h"
#include "fs/path.h"

namespace finder {
namespace {

// What keeps an inode from being opened as a file; a pipe is let through, as
// the kernel does.
Outcome CheckFile(const FakeInode& inode) {
  if (inode.kind == EntryKind::kDirectory) return SystemError(EISDIR);
  if (inode.kind == EntryKind::kSymlink) return SystemError(ELOOP);
  return {};
}

}  // namespace

class FakeSharedFile : public SharedFile {
 public:
  FakeSharedFile(FakeFileSystem* files, FakeInodePtr inode, std::string path,
                 bool writable)
      : files_(*files),
        disk_(*files->disk_),
        inode_(std::move(inode)),
        path_(std::move(path)),
        writable_(writable) {}
  ~FakeSharedFile() override {
    {
      absl::MutexLock lock(&disk_.mutex());
      Unlock();
    }
    files_.ReturnDescriptor();
  }

  Outcome TryLock(LockMode mode) override {
    if (Outcome fault = Note(Operation::kLock); !fault.ok()) return fault;
    absl::MutexLock lock(&disk_.mutex());
    Unlock();
    if (inode_->exclusively_locked ||
        (mode == LockMode::kExclusive && inode_->shared_locks > 0)) {
      return SystemError(EAGAIN);
    }
    held_ = mode;
    if (mode == LockMode::kShared) {
      ++inode_->shared_locks;
    } else {
      inode_->exclusively_locked = true;
    }
    return {};
  }

  Result<FileStat> Stat() override {
    if (Outcome fault = Note(Operation::kStat); !fault.ok()) {
      return fault.error();
    }
    absl::MutexLock lock(&disk_.mutex());
    return inode_->Stat();
  }

  Result<std::string> Read(size_t max_bytes) override {
    if (Outcome fault = Note(Operation::kRead); !fault.ok()) {
      return fault.error();
    }
    absl::MutexLock lock(&disk_.mutex());
    return inode_->bytes.substr(0, max_bytes);
  }

  Outcome Append(std::string_view bytes) override {
    const Outcome fault = Note(Operation::kAppend);
    if (!writable_) return SystemError(EBADF);
    absl::MutexLock lock(&disk_.mutex());
    if (!fault.ok()) bytes = bytes.substr(0, bytes.size() / 2);
    inode_->bytes.append(bytes);
    disk_.TouchContent(*inode_);
    disk_.NoteUnsynced(inode_);
    return fault;
  }

  Outcome Resize(int64_t size_bytes) override {
    if (Outcome fault = Note(Operation::kResize); !fault.ok()) return fault;
    if (!writable_ || size_bytes < 0) return SystemError(EINVAL);
    absl::MutexLock lock(&disk_.mutex());
    inode_->bytes.resize(static_cast<size_t>(size_bytes), '\0');
    disk_.TouchContent(*inode_);
    return {};
  }

  Outcome SetModifiedTime(int64_t modified_ns) override {
    if (Outcome fault = Note(Operation::kSetTime); !fault.ok()) return fault;
    const FakeUser user = files_.user();
    absl::MutexLock lock(&disk_.mutex());
    if (!user.root && user.id != inode_->owner) return SystemError(EPERM);
    disk_.TouchAttributes(*inode_);
    inode_->modified_ns = modified_ns;
    return {};
  }

  Outcome Touch() override {
    if (Outcome fault = Note(Operation::kSetTime); !fault.ok()) return fault;
    const FakeUser user = files_.user();
    absl::MutexLock lock(&disk_.mutex());
    if (user.id != inode_->owner &&
        !FakeDisk::IsAllowed(user, *inode_, FakeDisk::kWrite)) {
      return SystemError(EACCES);
    }
    disk_.TouchContent(*inode_);
    return {};
  }

 private:
  Outcome Note(Operation operation) {
    return files_.calls_.Note(operation, path_);
  }

  void Unlock() ABSL_EXCLUSIVE_LOCKS_REQUIRED(disk_.mutex()) {
    if (held_ == LockMode::kShared) --inode_->shared_locks;
    if (held_ == LockMode::kExclusive) inode_->exclusively_locked = false;
    held_.reset();
  }

  FakeFileSystem& files_;
  FakeDisk& disk_;
  const FakeInodePtr inode_;
  const std::string path_;
  const bool writable_;
  std::optional<LockMode> held_;
};

Result<std::unique_ptr<SharedFile>> FakeSharedFiles::Open(
    std::string_view path, SharedAccess access, uint32_t permissions) {
  const DirectoryHandle here;
  std::string absolute = files_.AbsolutePath(here, path);
  const Outcome fault = files_.calls_.Note(Operation::kOpenShared, absolute);
  if (!fault.ok()) return fault.error();
  const bool writable = access != SharedAccess::kRead;
  const FakeUser user = files_.user();
  absl::MutexLock lock(&files_.disk_->mutex());
  Result<FakeDisk::Place> place =
      files_.Find(here, path, SymlinkPolicy::kNoFollow);
  if (!place.ok()) return place.error();
  FakeInodePtr inode = place->inode;
  if (inode == nullptr) {
    if (access != SharedAccess::kCreateReadWrite) return SystemError(ENOENT);
    inode = files_.disk_->MakeInode(*place->directory, EntryKind::kFile, user,
                                    permissions & ~kFakeUmask);
    files_.disk_->BeginCall();
    const Outcome linked = files_.disk_->Link(user, place.value(), inode);
    files_.disk_->EndCall();
    if (!linked.ok()) return linked.error();
  } else {
    if (Outcome file = CheckFile(*inode); !file.ok()) return file.error();
    const uint32_t wanted =
        FakeDisk::kRead | (writable ? FakeDisk::kWrite : 0u);
    if (!FakeDisk::IsAllowed(user, *inode, wanted)) {
      return SystemError(EACCES);
    }
  }
  if (Outcome taken = files_.TakeDescriptor(); !taken.ok()) {
    return taken.error();
  }
  return std::unique_ptr<SharedFile>(std::make_unique<FakeSharedFile>(
      &files_, std::move(inode), std::move(absolute), writable));
}

Result<std::string> FakeSmallFiles::Read(const DirectoryHandle& base,
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

Outcome FakeSmallFiles::WriteOver(std::string_view path,
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

Outcome FakeSmallFiles::Create(std::string_view path, std::string_view bytes,
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
