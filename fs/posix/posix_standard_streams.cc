#include "fs/posix/posix_standard_streams.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>

namespace finder {
namespace {

// Linux transfers at most 0x7ffff000 bytes at once; any bound below will do.
constexpr size_t kLargestWrite = size_t{1} << 30;

void WaitFor(int descriptor, short events) {
  pollfd waited = {descriptor, events, 0};
  poll(&waited, 1, -1);
}

}  // namespace

Result<std::string> PosixStandardInput::ReadAll(size_t max_bytes) {
  constexpr size_t kChunk = size_t{64} << 10;
  std::string bytes;
  while (true) {
    const size_t size = bytes.size();
    bytes.resize(size + kChunk);
    const ssize_t count = read(STDIN_FILENO, bytes.data() + size, kChunk);
    const int error = errno;
    bytes.resize(size + static_cast<size_t>(std::max<ssize_t>(count, 0)));
    if (count == 0) return bytes;
    if (count < 0 && error == EAGAIN) {
      WaitFor(STDIN_FILENO, POLLIN);
    } else if (count < 0 && error != EINTR) {
      return SystemError(error);
    }
    if (bytes.size() > max_bytes) return SystemError(EFBIG);
  }
}

PosixStandardStream::PosixStandardStream(StandardStream which)
    : descriptor_(which == StandardStream::kOutput ? STDOUT_FILENO
                                                   : STDERR_FILENO) {}

Outcome PosixStandardStream::Write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written =
        write(descriptor_, bytes.data(), std::min(bytes.size(), kLargestWrite));
    if (written >= 0) {
      bytes.remove_prefix(static_cast<size_t>(written));
    } else if (errno == EAGAIN) {
      WaitFor(descriptor_, POLLOUT);
    } else if (errno != EINTR) {
      return SystemError(errno);
    }
  }
  return {};
}

Outcome PosixStandardStream::Close() {
  // After EINTR the descriptor is closed on Linux; nothing is known to be lost.
  if (close(descriptor_) != 0 && errno != EINTR) return SystemError(errno);
  return {};
}

bool PosixStandardStream::IsTerminal() const {
  return isatty(descriptor_) == 1;
}

void ReserveStandardDescriptors() {
  for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO;
       ++descriptor) {
    if (fcntl(descriptor, F_GETFD) >= 0) continue;
    // The lowest free descriptor is this one. Reading is refused on 0 and
    // writing on 1 and 2.
    open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

void IgnoreBrokenPipes() { signal(SIGPIPE, SIG_IGN); }

}  // namespace finder
