// Files of a FakeFileSystem, read and written.
#include <errno.h>
#include <string.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "fs/fake/disk/fake_calls.h"
#include "fs/fake/disk/fake_disk.h"
#include "fs/fake/disk/fake_file_system.h"
#include "fs/fake/disk/fake_inode.h"
#include "fs/file_system.h"
#include "fs/path.h"
#include "fs/result.h"
#include "fs/temporary_name.h"

namespace finder {
class FakeReadableFile : public ReadableFile {
 public:
  FakeReadableFile(FakeFileSystem* file_system, FakeInodePtr inode,
                   std::string path)
      : file_system_(*file_system),
        inode_(std::move(inode)),
        path_(std::move(path)) {}
  ~FakeReadableFile() override { file_system_.ReturnDescriptor(); }

  Result<FileStat> Stat() override {
    const Outcome fault = file_system_.calls_.Note(Operation::kStat, path_);
    if (!fault.ok()) return fault.error();
    absl::MutexLock lock(&file_system_.disk_->mutex());
    return inode_->Stat();
  }

  Result<size_t> ReadAt(int64_t offset, char* buffer, size_t size) override {
    const Outcome fault = file_system_.calls_.Note(Operation::kRead, path_);
    if (!fault.ok()) return fault.error();
    if (offset < 0) return SystemError(EINVAL);
    absl::MutexLock lock(&file_system_.disk_->mutex());
    const size_t start =
        std::min(inode_->bytes.size(), static_cast<size_t>(offset));
    const size_t count = std::min(inode_->bytes.size() - start, size);
    if (count > 0) memcpy(buffer, inode_->bytes.data() + start, count);
    return count;
  }

 private:
  FakeFileSystem& file_system_;
  const FakeInodePtr inode_;
  const std::string path_;
};

class FakePendingFile : public PendingFile {
 public:
  FakePendingFile(FakeFileSystem* file_system, FakeInodePtr directory,
                  std::string name, FakeInodePtr inode, int power_cuts,
                  std::string path)
      : file_system_(*file_system),
        disk_(*file_system->disk_),
        directory_(std::move(directory)),
        name_(std::move(name)),
        inode_(std::move(inode)),
        power_cuts_(power_cuts),
        path_(std::move(path)) {}
  ~FakePendingFile() override { file_system_.ReturnDescriptor(); }

  Outcome Append(std::string_view bytes) override {
    const Outcome fault = Note(Operation::kAppend);
    absl::MutexLock lock(&disk_.mutex());
    if (disk_.power_cuts() != power_cuts_) return SystemError(EIO);
    if (!fault.ok()) bytes = bytes.substr(0, bytes.size() / 2);
    inode_->bytes.append(bytes);
    disk_.TouchContent(*inode_);
    disk_.NoteUnsynced(inode_);
    return fault;
  }

  Result<FileStat> Stat() override {
    if (Outcome fault = Note(Operation::kStat); !fault.ok()) {
      return fault.error();
    }
    absl::MutexLock lock(&disk_.mutex());
    return inode_->Stat();
  }

  Outcome SetModifiedTime(int64_t modified_ns) override {
    return SetTime(modified_ns);
  }
  Outcome Touch() override { return SetTime(std::nullopt); }

  Outcome Commit() override {
    const Outcome fault = Note(Operation::kCommit);
    absl::MutexLock lock(&disk_.mutex());
    if (disk_.power_cuts() != power_cuts_) return SystemError(EIO);
    if (committed_) return SystemError(EINVAL);
    committed_ = true;
    if (!fault.ok()) return fault;
    const FakeUser user = file_system_.user();
    const Result<FakeDisk::Place> place =
        disk_.Find(user, directory_, name_, SymlinkPolicy::kNoFollow);
    if (!place.ok()) return place.error();
    disk_.BeginCall();
    const Outcome replaced = disk_.Replace(user, place.value(), inode_);
    disk_.EndCall();
    return replaced;
  }

  // A power cut loses what was not synced after any of the two.
  Outcome CommitUnflushed() override { return Commit(); }

 private:
  Outcome SetTime(std::optional<int64_t> modified_ns) {
    if (Outcome fault = Note(Operation::kSetTime); !fault.ok()) return fault;
    absl::MutexLock lock(&disk_.mutex());
    if (disk_.power_cuts() != power_cuts_) return SystemError(EIO);
    disk_.TouchContent(*inode_);
    if (modified_ns) inode_->modified_ns = inode_->device->Stored(*modified_ns);
    return {};
  }

  Outcome Note(Operation operation) {
    return file_system_.calls_.Note(operation, path_);
  }

  FakeFileSystem& file_system_;
  FakeDisk& disk_;
  const FakeInodePtr directory_;
  const std::string name_;
  const FakeInodePtr inode_;
  const int power_cuts_;  // when the file was created
  const std::string path_;
  bool committed_ = false;
};

Result<std::unique_ptr<ReadableFile>> FakeFileSystem::OpenFile(
    std::string_view path, SymlinkPolicy symlinks) {
  const DirectoryHandle here;
  std::string absolute = AbsolutePath(here, path);
  const Outcome fault = calls_.Note(Operation::kOpenFile, absolute);
  if (!fault.ok()) return fault.error();
  absl::MutexLock lock(&disk_->mutex());
  const Result<FakeInodePtr> inode = FindExisting(here, path, symlinks);
  if (!inode.ok()) return inode.error();
  switch (inode.value()->kind) {
    case EntryKind::kFile:
      break;
    case EntryKind::kDirectory:
      return SystemError(EISDIR);
    case EntryKind::kSymlink:
    case EntryKind::kLinkToDirectory:
      return SystemError(ELOOP);
    case EntryKind::kOther:
      return SystemError(EINVAL);
  }
  if (!FakeDisk::IsAllowed(user(), *inode.value(), FakeDisk::kRead)) {
    return SystemError(EACCES);
  }
  if (Outcome taken = TakeDescriptor(); !taken.ok()) return taken.error();
  return std::unique_ptr<ReadableFile>(std::make_unique<FakeReadableFile>(
      this, inode.value(), std::move(absolute)));
}

// Files of living writers have no names here.
void FakeFileSystem::RemoveDeadTemporaries(const FakeInodePtr& directory,
                                           std::string_view final_name) {
  const FakeUser user = this->user();
  for (int slot = 0; slot < kTemporarySlots; ++slot) {
    const Result<FakeDisk::Place> place =
        disk_->Find(user, directory, TemporarySlotName(final_name, slot),
                    SymlinkPolicy::kNoFollow);
    if (!place.ok() || place->inode == nullptr) continue;
    const FakeInode& found = *place->inode;
    if (found.kind != EntryKind::kFile || found.owner != user.id ||
        found.links != 1) {
      continue;
    }
    disk_->BeginCall();
    // One that cannot be removed harms nobody.
    static_cast<void>(disk_->Unlink(user, place.value()));
    disk_->EndCall();
  }
}

Result<std::unique_ptr<PendingFile>> FakeFileSystem::CreateFile(
    std::string_view path, uint32_t permissions) {
  const DirectoryHandle here;
  std::string absolute = AbsolutePath(here, path);
  const Outcome fault = calls_.Note(Operation::kCreate, absolute);
  if (!fault.ok()) return fault.error();
  if (path.empty()) return SystemError(ENOENT);
  const size_t name_at = path.rfind('/') + 1;  // 0 if there is no slash
  const std::string_view name = path.substr(name_at);
  if (name.empty() || name == "." || name == "..") return SystemError(EISDIR);
  const std::string directory_path =
      name_at == 0 ? "." : std::string(path.substr(0, name_at));
  absl::MutexLock lock(&disk_->mutex());
  const Result<FakeInodePtr> directory =
      FindExisting(here, directory_path, SymlinkPolicy::kFollow);
  if (!directory.ok()) return directory.error();
  if (directory.value()->kind != EntryKind::kDirectory) {
    return SystemError(ENOTDIR);
  }
  if (!FakeDisk::IsAllowed(user(), *directory.value(),
                           FakeDisk::kWrite | FakeDisk::kSearch)) {
    return SystemError(EACCES);
  }
  if (Outcome taken = TakeDescriptor(); !taken.ok()) return taken.error();
  RemoveDeadTemporaries(directory.value(), name);
  const FakeInodePtr inode = disk_->MakeInode(
      *directory.value(), EntryKind::kFile, user(), permissions & ~kFakeUmask);
  return std::unique_ptr<PendingFile>(std::make_unique<FakePendingFile>(
      this, directory.value(), std::string(name), inode, disk_->power_cuts(),
      std::move(absolute)));
}

}  // namespace finder
