#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "fs/posix/files/kernel_path.h"
#include "fs/posix/files/posix_stat.h"
#include "fs/posix/posix_shared_files.h"

namespace finder {
namespace {

// Two of 2^128 names that clash are no accident.
constexpr int kMaxNameAttempts = 4;
constexpr size_t kRandomBytes = 16;

Outcome RenameWithFlags(std::string_view from, std::string_view to,
                        unsigned flags) {
  const KernelPath old_path(AT_FDCWD, from);
  if (!old_path.ok()) return LastError();
  const KernelPath new_path(AT_FDCWD, to);
  if (!new_path.ok()) return LastError();
  if (renameat2(old_path.base(), old_path.text(), new_path.base(),
                new_path.text(), flags) != 0) {
    return LastError();
  }
  return {};
}

bool IsUnsupported(const Outcome& outcome) {
  const int code = outcome.error().code();
  return code == EINVAL || code == ENOSYS || code == EOPNOTSUPP;
}

// MoveToFree by older calls: a file by a second name, a directory by a rename,
// which an occupied name stops.
Outcome MoveWithoutFlags(std::string_view from, std::string_view to) {
  const KernelPath old_path(AT_FDCWD, from);
  if (!old_path.ok()) return LastError();
  const KernelPath new_path(AT_FDCWD, to);
  if (!new_path.ok()) return LastError();
  struct stat found;
  if (fstatat(old_path.base(), old_path.text(), &found, AT_SYMLINK_NOFOLLOW) !=
      0) {
    return LastError();
  }
  if (S_ISDIR(found.st_mode)) {
    const Outcome renamed = RenameWithFlags(from, to, 0);
    const int code = renamed.error().code();
    return code == ENOTEMPTY || code == ENOTDIR ? SystemError(EEXIST) : renamed;
  }
  if (linkat(old_path.base(), old_path.text(), new_path.base(), new_path.text(),
             0) != 0) {
    return LastError();
  }
  if (unlinkat(old_path.base(), old_path.text(), 0) != 0) return LastError();
  return {};
}

}  // namespace

Result<std::string> PosixSharedFiles::MakeUniqueDirectory(
    std::string_view parent, std::string_view prefix, uint32_t permissions) {
  for (int attempt = 0; attempt < kMaxNameAttempts; ++attempt) {
    unsigned char random[kRandomBytes];
    if (getrandom(random, sizeof(random), 0) != sizeof(random)) {
      return SystemError(EIO);
    }
    std::string path(parent);
    path.append("/").append(prefix);
    for (const unsigned char byte : random) {
      constexpr char kDigits[] = "0123456789abcdef";
      path += kDigits[byte >> 4];
      path += kDigits[byte & 15];
    }
    const KernelPath kernel_path(AT_FDCWD, path);
    if (!kernel_path.ok()) return LastError();
    if (mkdirat(kernel_path.base(), kernel_path.text(), permissions) == 0) {
      return path;
    }
    if (errno != EEXIST) return LastError();
  }
  return SystemError(EEXIST);
}

Outcome PosixSharedFiles::Exchange(std::string_view a, std::string_view b) {
  return RenameWithFlags(a, b, RENAME_EXCHANGE);
}

Outcome PosixSharedFiles::MoveToFree(std::string_view from,
                                     std::string_view to) {
  const Outcome moved = RenameWithFlags(from, to, RENAME_NOREPLACE);
  if (moved.ok() || !IsUnsupported(moved)) return moved;
  return MoveWithoutFlags(from, to);
}

Outcome PosixSharedFiles::SetPermissions(std::string_view path,
                                         uint32_t permissions) {
  const KernelPath kernel_path(AT_FDCWD, path);
  if (!kernel_path.ok()) return LastError();
  // The C library refuses a symlink by going through /proc, or, without it,
  // not at all (EOPNOTSUPP).
  if (fchmodat(kernel_path.base(), kernel_path.text(), permissions,
               AT_SYMLINK_NOFOLLOW) == 0) {
    return {};
  }
  return errno == EOPNOTSUPP ? SystemError(ELOOP) : LastError();
}

}  // namespace finder
