// The file side of PosixFileSystem, but for writing (posix_pending_file.cc).
#include "fs/posix/posix_file_system.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <memory>
#include <string_view>
#include <utility>

#include "fs/file_system.h"
#include "fs/posix/kernel_path.h"
#include "fs/posix/posix_pending_file.h"
#include "fs/posix/posix_stat.h"
#include "fs/result.h"

namespace finder {
namespace {

class PosixReadableFile : public ReadableFile {
 public:
  explicit PosixReadableFile(int descriptor) : descriptor_(descriptor) {}
  ~PosixReadableFile() override { close(descriptor_); }

  Result<FileStat> Stat() override {
    struct stat found;
    if (fstat(descriptor_, &found) != 0) return LastError();
    return ToFileStat(found);
  }

  Result<size_t> ReadAt(int64_t offset, char* buffer, size_t size) override {
    size_t done = 0;
    while (done < size) {
      const ssize_t got = pread(descriptor_, buffer + done, size - done,
                                offset + static_cast<int64_t>(done));
      if (got == 0) break;
      if (got > 0) {
        done += static_cast<size_t>(got);
      } else if (errno != EINTR) {
        return LastError();
      }
    }
    return done;
  }

 private:
  const int descriptor_;
};

// What keeps a file of this kind from being read as a regular one.
Outcome CheckReadable(EntryKind kind) {
  switch (kind) {
    case EntryKind::kFile:
      return {};
    case EntryKind::kDirectory:
      return SystemError(EISDIR);
    case EntryKind::kSymlink:
    case EntryKind::kLinkToDirectory:
      return SystemError(ELOOP);
    case EntryKind::kOther:
      return SystemError(EINVAL);
  }
  return SystemError(EINVAL);
}

}  // namespace

Result<std::unique_ptr<ReadableFile>> PosixFileSystem::OpenFile(
    std::string_view path, SymlinkPolicy symlinks) {
  if (path.empty()) return SystemError(ENOENT);
  // Looked at before it is opened, for opening a device can already do
  // something; and once more when open, for it may have been replaced.
  const Result<FileStat> before = Stat(DirectoryHandle(), path, symlinks);
  if (!before.ok()) return before.error();
  if (Outcome checked = CheckReadable(before->kind); !checked.ok()) {
    return checked.error();
  }
  const KernelPath kernel_path(AT_FDCWD, path);
  if (!kernel_path.ok()) return LastError();
  int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  if (symlinks == SymlinkPolicy::kNoFollow) flags |= O_NOFOLLOW;
  int descriptor;
  do {
    descriptor = openat(kernel_path.base(), kernel_path.text(), flags);
  } while (descriptor < 0 && errno == EINTR);
  if (descriptor < 0) return LastError();
  auto file = std::make_unique<PosixReadableFile>(descriptor);
  const Result<FileStat> after = file->Stat();
  if (!after.ok()) return after.error();
  if (Outcome checked = CheckReadable(after->kind); !checked.ok()) {
    return checked.error();
  }
  return std::unique_ptr<ReadableFile>(std::move(file));
}

Result<std::unique_ptr<PendingFile>> PosixFileSystem::CreateFile(
    std::string_view path, uint32_t permissions) {
  return CreatePosixPendingFile(path, permissions);
}

Outcome PosixFileSystem::Rename(std::string_view from, std::string_view to) {
  const KernelPath old_path(AT_FDCWD, from);
  if (!old_path.ok()) return LastError();
  const KernelPath new_path(AT_FDCWD, to);
  if (!new_path.ok()) return LastError();
  if (renameat(old_path.base(), old_path.text(), new_path.base(),
               new_path.text()) != 0) {
    return LastError();
  }
  return {};
}

Outcome PosixFileSystem::Remove(std::string_view path) {
  return RemoveAt(DirectoryHandle(), path, EntryKind::kFile);
}

Outcome PosixFileSystem::RemoveAt(const DirectoryHandle& base,
                                  std::string_view path, EntryKind kind) {
  const KernelPath kernel_path(IdOf(base), path);
  if (!kernel_path.ok()) return LastError();
  if (kind != EntryKind::kDirectory) {
    if (unlinkat(kernel_path.base(), kernel_path.text(), 0) == 0) return {};
    if (errno != EISDIR) return LastError();
  }
  if (unlinkat(kernel_path.base(), kernel_path.text(), AT_REMOVEDIR) != 0) {
    return LastError();
  }
  return {};
}

Outcome PosixFileSystem::MakeDirectory(std::string_view path,
                                       uint32_t permissions) {
  const KernelPath kernel_path(AT_FDCWD, path);
  if (!kernel_path.ok()) return LastError();
  if (mkdirat(kernel_path.base(), kernel_path.text(), permissions) != 0) {
    return LastError();
  }
  return {};
}

}  // namespace finder
