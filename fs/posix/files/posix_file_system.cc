// The file side of PosixFileSystem, but for writing (posix_pending_file.cc) and
// reading (posix_readable_file.cc).
#include "fs/posix/files/posix_file_system.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <memory>
#include <string_view>
#include <utility>

#include "fs/file_system.h"
#include "fs/posix/files/kernel_path.h"
#include "fs/posix/files/posix_pending_file.h"
#include "fs/posix/files/posix_readable_file.h"
#include "fs/posix/files/posix_stat.h"
#include "fs/result.h"

namespace finder {
Result<std::unique_ptr<ReadableFile>> PosixFileSystem::OpenFile(
    std::string_view path, SymlinkPolicy symlinks) {
  if (path.empty()) return SystemError(ENOENT);
  return OpenPosixReadableFile(AT_FDCWD, path, symlinks);
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
