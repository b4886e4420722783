#include <errno.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "fs/fake/disk/fake_calls.h"
#include "fs/fake/disk/fake_disk.h"
#include "fs/fake/disk/fake_inode.h"
#include "fs/fake/disk/fake_shared_files.h"
#include "fs/path.h"

namespace finder {
Outcome FakeSharedFiles::CheckFile(const FakeInode& inode) {
  if (inode.kind == EntryKind::kDirectory) return SystemError(EISDIR);
  if (inode.kind == EntryKind::kSymlink) return SystemError(ELOOP);
  return {};
}

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

}  // namespace finder
