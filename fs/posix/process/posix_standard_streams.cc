#include "fs/posix/process/posix_standard_streams.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

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

Result<std::optional<std::string>> PosixStandardInput::ReadLine() {
  std::string line;
  while (true) {
    // A byte at a time: what follows the line may be meant for a child.
    char c;
    const ssize_t count = read(STDIN_FILENO, &c, 1);
    if (count < 0 && errno == EAGAIN) {
      WaitFor(STDIN_FILENO, POLLIN);
    } else if (count < 0 && errno != EINTR) {
      return SystemError(errno);
    } else if (count == 0 && line.empty()) {
      return std::optional<std::string>();
    } else if (count == 0 || (count == 1 && c == '\n')) {
      return std::optional<std::string>(std::move(line));
    } else if (count == 1) {
      line += c;
    }
  }
}

bool PosixStandardInput::IsTerminal() const {
  return isatty(STDIN_FILENO) == 1;
}

PosixStandardStream::PosixStandardStream(StandardStream which)
    : descriptor_(which == StandardStream::kOutput ? STDOUT_FILENO
                                                   : STDERR_FILENO) {}

Outcome WriteAll(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written =
        write(descriptor, bytes.data(), std::min(bytes.size(), kLargestWrite));
    if (written >= 0) {
      bytes.remove_prefix(static_cast<size_t>(written));
    } else if (errno == EAGAIN) {
      WaitFor(descriptor, POLLOUT);
    } else if (errno != EINTR) {
      return SystemError(errno);
    }
  }
  return {};
}

Outcome CloseWritten(int descriptor) {
  // After EINTR the descriptor is closed on Linux; nothing is known to be lost.
  if (close(descriptor) != 0 && errno != EINTR) return SystemError(errno);
  return {};
}

Outcome PosixStandardStream::Write(std::string_view bytes) {
  return WriteAll(descriptor_, bytes);
}

Outcome PosixStandardStream::Close() { return CloseWritten(descriptor_); }

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
