#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fs/posix/files/kernel_path.h"
#include "fs/posix/files/posix_file_system.h"
#include "fs/posix/files/posix_stat.h"
#include "fs/posix/posix_shared_files.h"

namespace finder {
namespace {

// What is asked for at first. A regular file gives less only at its end, so
// that one read is enough for all that is shorter.
constexpr size_t kFirstReadBytes = 4096;

Result<std::string> ReadAll(int descriptor, size_t max_bytes) {
  char first[kFirstReadBytes];
  std::string text;
  size_t asked = sizeof(first);
  char* buffer = first;
  for (;;) {
    const ssize_t got = read(descriptor, buffer, asked);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return LastError();
    const size_t count = static_cast<size_t>(got);
    if (buffer == first) {
      text.assign(first, count);
    } else {
      text.resize(text.size() - asked + count);
    }
    if (text.size() > max_bytes) return SystemError(EFBIG);
    if (count < asked) return text;
    const size_t have = text.size();
    asked = std::max(have, sizeof(first));
    text.resize(have + asked);
    buffer = text.data() + have;
  }
}

}  // namespace

Result<std::string> PosixSharedFiles::Read(const DirectoryHandle& base,
                                           std::string_view path,
                                           size_t max_bytes) {
  const KernelPath kernel_path(PosixFileSystem::DescriptorOf(base), path);
  if (!kernel_path.ok()) return LastError();
  const int flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
  int descriptor;
  do {
    descriptor = openat(kernel_path.base(), kernel_path.text(), flags);
  } while (descriptor < 0 && errno == EINTR);
  if (descriptor < 0) return LastError();
  Result<std::string> text = ReadAll(descriptor, max_bytes);
  close(descriptor);
  return text;
}

namespace {

// An open descriptor, or -1 with errno.
int OpenToWrite(std::string_view path, int flags, uint32_t permissions) {
  const KernelPath kernel_path(AT_FDCWD, path);
  if (!kernel_path.ok()) return -1;
  flags |= O_WRONLY | O_NOFOLLOW | O_CLOEXEC;
  int descriptor;
  do {
    descriptor =
        openat(kernel_path.base(), kernel_path.text(), flags, permissions);
  } while (descriptor < 0 && errno == EINTR);
  return descriptor;
}

Outcome WriteAll(int descriptor, std::string_view bytes) {
  Outcome outcome;
  while (!bytes.empty() && outcome.ok()) {
    const ssize_t done = write(descriptor, bytes.data(), bytes.size());
    if (done >= 0) {
      bytes.remove_prefix(static_cast<size_t>(done));
    } else if (errno != EINTR) {
      outcome = LastError();
    }
  }
  return outcome;
}

}  // namespace

Outcome PosixSharedFiles::Create(std::string_view path, std::string_view bytes,
                                 uint32_t permissions) {
  const int descriptor = OpenToWrite(path, O_CREAT | O_EXCL, permissions);
  if (descriptor < 0) return LastError();
  const Outcome outcome = WriteAll(descriptor, bytes);
  close(descriptor);
  return outcome;
}

Outcome PosixSharedFiles::WriteOver(std::string_view path,
                                    std::string_view bytes) {
  const int descriptor = OpenToWrite(path, O_NONBLOCK | O_NOCTTY, 0);
  if (descriptor < 0) return LastError();
  Outcome outcome = WriteAll(descriptor, bytes);
  while (outcome.ok() && fsync(descriptor) != 0) {
    if (errno != EINTR) outcome = LastError();
  }
  close(descriptor);
  return outcome;
}

}  // namespace finder
