#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "fs/posix/files/kernel_path.h"
#include "fs/posix/files/posix_stat.h"
#include "fs/posix/posix_shared_files.h"

namespace finder {
namespace {

// Most files of this kind are read at once.
constexpr size_t kPieceBytes = size_t{16} << 10;

class PosixSharedFile : public SharedFile {
 public:
  explicit PosixSharedFile(int descriptor) : descriptor_(descriptor) {}
  ~PosixSharedFile() override { close(descriptor_); }

  Outcome TryLock(LockMode mode) override {
    const int operation =
        (mode == LockMode::kShared ? LOCK_SH : LOCK_EX) | LOCK_NB;
    while (flock(descriptor_, operation) != 0) {
      if (errno != EINTR) return LastError();
    }
    return {};
  }

  Result<FileStat> Stat() override {
    struct stat found;
    if (fstat(descriptor_, &found) != 0) return LastError();
    return ToFileStat(found);
  }

  Result<std::string> Read(size_t max_bytes) override {
    std::string text;
    char piece[kPieceBytes];
    while (text.size() < max_bytes) {
      const size_t asked = std::min(max_bytes - text.size(), sizeof(piece));
      const ssize_t got =
          pread(descriptor_, piece, asked, static_cast<off_t>(text.size()));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return LastError();
      text.append(piece, static_cast<size_t>(got));
      // A regular file gives less only at its end.
      if (static_cast<size_t>(got) < asked) break;
    }
    return text;
  }

  Outcome Append(std::string_view bytes) override {
    ssize_t done;
    do {
      done = write(descriptor_, bytes.data(), bytes.size());
    } while (done < 0 && errno == EINTR);
    if (done < 0) return LastError();
    if (static_cast<size_t>(done) < bytes.size()) return SystemError(ENOSPC);
    return {};
  }

  Outcome Resize(int64_t size_bytes) override {
    while (ftruncate(descriptor_, size_bytes) != 0) {
      if (errno != EINTR) return LastError();
    }
    return {};
  }

  Outcome SetModifiedTime(int64_t modified_ns) override {
    const timespec times[2] = {{0, UTIME_OMIT}, FromNs(modified_ns)};
    return SetTimes(times);
  }
  // Of both times: one alone is for the owner.
  Outcome Touch() override { return SetTimes(nullptr); }

 private:
  Outcome SetTimes(const timespec* times) {
    if (futimens(descriptor_, times) != 0) return LastError();
    return {};
  }

  const int descriptor_;
};

}  // namespace

Result<std::unique_ptr<SharedFile>> PosixSharedFiles::Open(
    std::string_view path, SharedAccess access, uint32_t permissions) {
  const KernelPath kernel_path(AT_FDCWD, path);
  if (!kernel_path.ok()) return LastError();
  // O_NONBLOCK: should there be a pipe, do not wait for its other end.
  int flags = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
  flags |= access == SharedAccess::kRead ? O_RDONLY : O_RDWR | O_APPEND;
  if (access == SharedAccess::kCreateReadWrite) flags |= O_CREAT;
  int descriptor;
  do {
    descriptor =
        openat(kernel_path.base(), kernel_path.text(), flags, permissions);
  } while (descriptor < 0 && errno == EINTR);
  if (descriptor < 0) return LastError();
  return std::unique_ptr<SharedFile>(
      std::make_unique<PosixSharedFile>(descriptor));
}

}  // namespace finder
