#include "fs/posix/files/posix_readable_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "fs/posix/files/kernel_path.h"
#include "fs/posix/files/posix_stat.h"

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

Result<std::unique_ptr<ReadableFile>> OpenPosixReadableFile(
    int base, std::string_view path, SymlinkPolicy symlinks) {
  const KernelPath kernel_path(base, path);
  if (!kernel_path.ok()) return LastError();
  // Looked at before it is opened, for opening a device can already do
  // something; and once more when open, for it may have been replaced.
  const bool follows = symlinks == SymlinkPolicy::kFollow;
  struct stat before;
  if (fstatat(kernel_path.base(), kernel_path.text(), &before,
              follows ? 0 : AT_SYMLINK_NOFOLLOW) != 0) {
    return LastError();
  }
  if (Outcome checked = CheckReadable(KindOfMode(before.st_mode));
      !checked.ok()) {
    return checked.error();
  }
  int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  if (!follows) flags |= O_NOFOLLOW;
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

}  // namespace finder
