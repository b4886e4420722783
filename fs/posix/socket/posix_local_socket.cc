#include "fs/posix/socket/posix_local_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>

#include <algorithm>
#include <climits>
#include <cstddef>
#include <deque>
#include <optional>
#include <utility>

#include "fs/posix/files/descriptor.h"
#include "fs/posix/files/posix_stat.h"
#include "fs/posix/socket/sealed_memory.h"

namespace finder {
namespace {

// How many may have connected and not been accepted.
constexpr int kBacklog = 64;
// How many files may come with the bytes of one receive.
constexpr size_t kMostFiles = 4;

int64_t NowMs() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

// A time to be done by.
class Deadline {
 public:
  explicit Deadline(int64_t timeout_ms) : end_ms_(NowMs() + timeout_ms) {}

  // Waits until `descriptor` is ready for `events`; ETIMEDOUT if it is not in
  // time.
  Outcome Await(int descriptor, short events) const {
    for (;;) {
      const int64_t left = std::clamp<int64_t>(end_ms_ - NowMs(), 0, INT_MAX);
      pollfd one = {.fd = descriptor, .events = events, .revents = 0};
      const int ready = poll(&one, 1, static_cast<int>(left));
      if (ready > 0) return {};
      if (ready == 0) return SystemError(ETIMEDOUT);
      if (errno != EINTR) return LastError();
    }
  }

 private:
  const int64_t end_ms_;
};

Descriptor NewSocket(int flags) {
  return Descriptor(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0));
}

std::optional<sockaddr_un> AddressOf(const std::string& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof(address.sun_path)) {
    return std::nullopt;
  }
  memcpy(address.sun_path, path.data(), path.size());
  return address;
}

const sockaddr* Generic(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

class PosixLocalConnection : public LocalConnection {
 public:
  explicit PosixLocalConnection(Descriptor socket)
      : socket_(std::move(socket)) {}

  Result<LocalPeer> Peer() override {
    ucred credentials;
    socklen_t size = sizeof(credentials);
    if (getsockopt(socket_.get(), SOL_SOCKET, SO_PEERCRED, &credentials,
                   &size) != 0) {
      return LastError();
    }
    return LocalPeer{.user_id = credentials.uid,
                     .group_id = credentials.gid,
                     .process_id = credentials.pid};
  }

  Outcome Send(std::string_view bytes, const SharedBytes* shared,
               int64_t timeout_ms) override;
  Result<std::string> Receive(size_t size, int64_t timeout_ms) override;

  Result<std::unique_ptr<SharedBytes>> TakeShared(size_t max_bytes) override {
    if (files_.empty()) return SystemError(ENOENT);
    Descriptor file = std::move(files_.front());
    files_.pop_front();
    return SealedMemory::Open(std::move(file), max_bytes);
  }

 private:
  // One sendmsg, with `file` unless it is negative. How many bytes went.
  Result<size_t> SendSome(std::string_view bytes, int file);
  // One recvmsg.
  Result<size_t> ReceiveSome(char* buffer, size_t size);

  const Descriptor socket_;
  std::deque<Descriptor> files_;  // received and not taken
};

Result<size_t> PosixLocalConnection::SendSome(std::string_view bytes,
                                              int file) {
  iovec part = {const_cast<char*>(bytes.data()), bytes.size()};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  if (file >= 0) {
    message.msg_control = control;
    message.msg_controllen = sizeof(control);
    cmsghdr* const head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(head), &file, sizeof(file));
  }
  const ssize_t done = sendmsg(socket_.get(), &message, MSG_NOSIGNAL);
  if (done < 0) return LastError();
  return static_cast<size_t>(done);
}

Outcome PosixLocalConnection::Send(std::string_view bytes,
                                   const SharedBytes* shared,
                                   int64_t timeout_ms) {
  const Deadline deadline(timeout_ms);
  int file = shared == nullptr
                 ? -1
                 : static_cast<const SealedMemory*>(shared)->descriptor();
  while (!bytes.empty()) {
    const Result<size_t> done = SendSome(bytes, file);
    if (done.ok()) {
      bytes.remove_prefix(done.value());
      file = -1;
      continue;
    }
    const int code = done.error().code();
    if (code == ECONNRESET) return SystemError(EPIPE);
    if (code == EINTR) continue;
    if (code != EAGAIN) return done.error();
    if (Outcome ready = deadline.Await(socket_.get(), POLLOUT); !ready.ok()) {
      return ready;
    }
  }
  return {};
}

Result<size_t> PosixLocalConnection::ReceiveSome(char* buffer, size_t size) {
  iovec part = {buffer, size};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  alignas(cmsghdr) char control[CMSG_SPACE(kMostFiles * sizeof(int))];
  message.msg_control = control;
  message.msg_controllen = sizeof(control);
  const ssize_t done = recvmsg(socket_.get(), &message, MSG_CMSG_CLOEXEC);
  if (done < 0) return LastError();
  for (cmsghdr* head = CMSG_FIRSTHDR(&message); head != nullptr;
       head = CMSG_NXTHDR(&message, head)) {
    if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS) {
      continue;
    }
    const size_t count = (head->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < count; ++i) {
      int file;
      memcpy(&file, CMSG_DATA(head) + i * sizeof(int), sizeof(file));
      Descriptor received(file);
      // Who sends more than are asked for fills nobody's table of files.
      if (files_.size() < kMostFiles) files_.push_back(std::move(received));
    }
  }
  return static_cast<size_t>(done);
}

Result<std::string> PosixLocalConnection::Receive(size_t size,
                                                  int64_t timeout_ms) {
  const Deadline deadline(timeout_ms);
  std::string bytes(size, '\0');
  for (size_t have = 0; have < size;) {
    const Result<size_t> got = ReceiveSome(bytes.data() + have, size - have);
    if (got.ok()) {
      if (got.value() == 0) return SystemError(ECONNRESET);
      have += got.value();
      continue;
    }
    if (got.error().code() == EINTR) continue;
    if (got.error().code() != EAGAIN) return got.error();
    if (Outcome ready = deadline.Await(socket_.get(), POLLIN); !ready.ok()) {
      return ready.error();
    }
  }
  return bytes;
}

class PosixLocalListener : public LocalListener {
 public:
  explicit PosixLocalListener(Descriptor socket) : socket_(std::move(socket)) {}

  Result<std::unique_ptr<LocalConnection>> Accept(int64_t timeout_ms) override {
    const Deadline deadline(timeout_ms);
    for (;;) {
      Descriptor accepted(accept4(socket_.get(), nullptr, nullptr,
                                  SOCK_CLOEXEC | SOCK_NONBLOCK));
      if (accepted.is_open()) {
        return std::unique_ptr<LocalConnection>(
            std::make_unique<PosixLocalConnection>(std::move(accepted)));
      }
      // One that has left again is no error of ours.
      if (errno == EINTR || errno == ECONNABORTED) continue;
      if (errno != EAGAIN) return LastError();
      const Outcome ready = deadline.Await(socket_.get(), POLLIN);
      if (!ready.ok()) return ready.error();
    }
  }

 private:
  const Descriptor socket_;
};

}  // namespace

Result<std::unique_ptr<LocalListener>> PosixLocalSockets::Listen(
    const std::string& path) {
  const std::optional<sockaddr_un> address = AddressOf(path);
  if (!address) return SystemError(ENAMETOOLONG);
  Descriptor socket = NewSocket(SOCK_NONBLOCK);
  if (!socket.is_open()) return LastError();
  // The mode of the name is that of the socket less the umask. Nobody else may
  // connect in between.
  if (fchmod(socket.get(), 0600) != 0 ||
      bind(socket.get(), Generic(*address), sizeof(*address)) != 0 ||
      listen(socket.get(), kBacklog) != 0) {
    return LastError();
  }
  return std::unique_ptr<LocalListener>(
      std::make_unique<PosixLocalListener>(std::move(socket)));
}

Result<std::unique_ptr<LocalConnection>> PosixLocalSockets::Connect(
    const std::string& path, int64_t timeout_ms) {
  const std::optional<sockaddr_un> address = AddressOf(path);
  if (!address) return SystemError(ENAMETOOLONG);
  // Only a socket that blocks waits for a place in the backlog.
  Descriptor socket = NewSocket(0);
  const timeval timeout = {
      .tv_sec = timeout_ms / 1000,
      .tv_usec = std::max<int64_t>(timeout_ms % 1000 * 1000, 1)};
  if (!socket.is_open() || setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO,
                                      &timeout, sizeof(timeout)) != 0) {
    return LastError();
  }
  while (connect(socket.get(), Generic(*address), sizeof(*address)) != 0) {
    if (errno == EAGAIN) return SystemError(ETIMEDOUT);
    if (errno != EINTR) return LastError();
  }
  if (fcntl(socket.get(), F_SETFL, O_NONBLOCK) != 0) return LastError();
  return std::unique_ptr<LocalConnection>(
      std::make_unique<PosixLocalConnection>(std::move(socket)));
}

Result<std::unique_ptr<SharedBytes>> PosixLocalSockets::Share(
    std::string_view bytes) {
  return SealedMemory::Make(bytes);
}

}  // namespace finder
