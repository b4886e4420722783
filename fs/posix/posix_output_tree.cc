#include "fs/posix/posix_output_tree.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "fs/posix/files/descriptor.h"
#include "fs/posix/files/file_copy.h"
#include "fs/posix/files/kernel_path.h"
#include "fs/posix/files/posix_pending_file.h"
#include "fs/posix/files/posix_readable_file.h"
#include "fs/posix/files/posix_stat.h"
#include "fs/posix/process/interrupt.h"
#include "fs/temporary_name.h"

namespace finder {
namespace {

constexpr int kDirectoryFlags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK;
constexpr int kMaxNameAttempts = 16;

int BaseOf(const DirectoryHandle& handle) {
  return PosixFileSystem::DescriptorOf(handle);
}

// One component, on the stack for a call.
class Name {
 public:
  explicit Name(std::string_view name)
      : text_(name),
        ok_(!name.empty() && name != "." && name != ".." &&
            name.find('/') == std::string_view::npos) {}
  bool ok() const { return ok_; }
  const char* text() const { return text_.c_str(); }

 private:
  const std::string text_;
  const bool ok_;
};

// Whether a path could lead out of its base by its words alone.
bool LeadsOut(std::string_view path) {
  if (path.starts_with('/')) return true;
  while (!path.empty()) {
    const std::string_view name = path.substr(0, path.find('/'));
    if (name == "..") return true;
    path.remove_prefix(std::min(path.size(), name.size() + 1));
  }
  return false;
}

Descriptor OpenByKernel(int base, std::string_view path) {
  const std::string text(path);
  open_how how = {};
  how.flags = kDirectoryFlags;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
  long descriptor;
  do {
    descriptor = syscall(SYS_openat2, base, text.c_str(), &how, sizeof(how));
  } while (descriptor < 0 && errno == EINTR);
  return Descriptor(static_cast<int>(descriptor));
}

bool IsSymlink(int base, const char* name) {
  struct stat found;
  return fstatat(base, name, &found, AT_SYMLINK_NOFOLLOW) == 0 &&
         S_ISLNK(found.st_mode);
}

Descriptor OpenByComponent(int base, std::string_view path) {
  Descriptor at = OpenAt(base, ".", kDirectoryFlags);
  while (at.is_open() && !path.empty()) {
    const std::string name(path.substr(0, path.find('/')));
    path.remove_prefix(std::min(path.size(), name.size() + 1));
    if (name.empty() || name == ".") continue;
    Descriptor next =
        OpenAt(at.get(), name.c_str(), kDirectoryFlags | O_NOFOLLOW);
    if (!next.is_open() && errno == ENOTDIR) {
      errno = IsSymlink(at.get(), name.c_str()) ? ELOOP : ENOTDIR;
    }
    const int error = errno;
    at = std::move(next);
    errno = error;
  }
  return at;
}

// Whether openat2 itself is what is missing, or the path too long for it.
bool IsRefusal(int error) {
  return error == ENOSYS || error == EPERM || error == E2BIG ||
         error == ENAMETOOLONG;
}

Outcome SetAttributes(int file, const FileAttributes& attributes) {
  if (fchmod(file, attributes.permissions) != 0) return LastError();
  const timespec times[2] = {{0, UTIME_OMIT}, FromNs(attributes.modified_ns)};
  if (futimens(file, times) != 0) return LastError();
  return {};
}

// Only the owner has it until it is whole.
constexpr uint32_t kPendingPermissions = 0600;

}  // namespace

Result<DirectoryHandle> PosixOutputTree::OpenBeneath(
    const DirectoryHandle& base, std::string_view path) {
  if (LeadsOut(path)) return SystemError(EXDEV);
  if (path.empty()) return SystemError(ENOENT);
  Descriptor opened(-1);
  errno = ENOSYS;
  if (walk_ == Walk::kByKernel) opened = OpenByKernel(BaseOf(base), path);
  if (!opened.is_open() && IsRefusal(errno)) {
    opened = OpenByComponent(BaseOf(base), path);
  }
  if (!opened.is_open()) return LastError();
  return files_.Adopt(std::move(opened).Release());
}

Result<std::unique_ptr<ReadableFile>> PosixOutputTree::OpenFile(
    const DirectoryHandle& directory, std::string_view name) {
  return OpenPosixReadableFile(BaseOf(directory), name,
                               SymlinkPolicy::kNoFollow);
}

Result<CopyMethod> PosixOutputTree::PlaceCopy(
    const DirectoryHandle& from, std::string_view from_name,
    const DirectoryHandle& directory, std::string_view name,
    const FileAttributes& attributes) {
  const KernelPath source_path(BaseOf(from), from_name);
  if (!source_path.ok()) return LastError();
  const Descriptor source =
      OpenAt(source_path.base(), source_path.text(),
             O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  if (!source.is_open()) return LastError();
  struct stat found;
  if (fstat(source.get(), &found) != 0) return LastError();
  if (S_ISDIR(found.st_mode)) return SystemError(EISDIR);
  if (!S_ISREG(found.st_mode)) return SystemError(EINVAL);
  auto file =
      CreatePosixPendingFileIn(BaseOf(directory), name, kPendingPermissions);
  if (!file.ok()) return file.error();
  OpenPendingFile& pending = *file.value();
  const Result<CopyMethod> copied =
      CopyContents(source.get(), pending.descriptor());
  if (!copied.ok()) return copied;
  Outcome done = SetAttributes(pending.descriptor(), attributes);
  if (done.ok()) done = pending.CommitUnflushed();
  if (!done.ok()) return done.error();
  return copied;
}

Outcome PosixOutputTree::PlaceBytes(std::string_view bytes,
                                    const DirectoryHandle& directory,
                                    std::string_view name,
                                    const FileAttributes& attributes) {
  auto file =
      CreatePosixPendingFileIn(BaseOf(directory), name, kPendingPermissions);
  if (!file.ok()) return file.error();
  OpenPendingFile& pending = *file.value();
  Outcome done = pending.Append(bytes);
  if (done.ok()) done = SetAttributes(pending.descriptor(), attributes);
  if (done.ok()) done = pending.CommitUnflushed();
  return done;
}

Outcome PosixOutputTree::PlaceSymlink(std::string_view target,
                                      const DirectoryHandle& directory,
                                      std::string_view name,
                                      const FileAttributes& attributes) {
  const Name final_name(name);
  if (!final_name.ok()) return SystemError(EINVAL);
  const std::string text(target);
  const int base = BaseOf(directory);
  const NamedTemporary counted;
  for (int attempt = 0; attempt < kMaxNameAttempts; ++attempt) {
    const Result<std::string> temporary = RandomTemporaryName(name);
    if (!temporary.ok()) return temporary.error();
    if (symlinkat(text.c_str(), base, temporary->c_str()) != 0) {
      if (errno == EEXIST) continue;
      return LastError();
    }
    Outcome done =
        SetModifiedTime(directory, temporary.value(), attributes.modified_ns);
    if (done.ok() &&
        renameat(base, temporary->c_str(), base, final_name.text()) != 0) {
      done = LastError();
    }
    if (!done.ok()) unlinkat(base, temporary->c_str(), 0);
    return done;
  }
  return SystemError(EEXIST);
}

Outcome PosixOutputTree::MakeDirectory(const DirectoryHandle& directory,
                                       std::string_view name,
                                       uint32_t permissions) {
  const Name made(name);
  if (!made.ok()) return SystemError(EINVAL);
  if (mkdirat(BaseOf(directory), made.text(), permissions) != 0) {
    return LastError();
  }
  return {};
}

Outcome PosixOutputTree::SetPermissions(const DirectoryHandle& directory,
                                        std::string_view name,
                                        uint32_t permissions) {
  const Name changed(name);
  if (!changed.ok()) return SystemError(EINVAL);
  // The C library refuses a symlink by going through /proc, or, without it,
  // not at all (EOPNOTSUPP).
  if (fchmodat(BaseOf(directory), changed.text(), permissions,
               AT_SYMLINK_NOFOLLOW) == 0) {
    return {};
  }
  return errno == EOPNOTSUPP ? SystemError(ELOOP) : LastError();
}

Outcome PosixOutputTree::SetModifiedTime(const DirectoryHandle& directory,
                                         std::string_view name,
                                         int64_t modified_ns) {
  const Name changed(name);
  if (!changed.ok()) return SystemError(EINVAL);
  const timespec times[2] = {{0, UTIME_OMIT}, FromNs(modified_ns)};
  if (utimensat(BaseOf(directory), changed.text(), times,
                AT_SYMLINK_NOFOLLOW) != 0) {
    return LastError();
  }
  return {};
}

Outcome PosixOutputTree::Remove(const DirectoryHandle& directory,
                                std::string_view name) {
  const Name removed(name);
  if (!removed.ok()) return SystemError(EINVAL);
  const int base = BaseOf(directory);
  if (unlinkat(base, removed.text(), 0) == 0) return {};
  if (errno != EISDIR) return LastError();
  if (unlinkat(base, removed.text(), AT_REMOVEDIR) != 0) return LastError();
  return {};
}

}  // namespace finder
