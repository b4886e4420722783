// Connections between processes of this machine, by the name of a socket in the
// file system, and bytes that both sides share without a copy.
//
// Thread-safety: LocalSockets and a LocalListener may be used by any thread, a
// LocalConnection by one at a time. SharedBytes are constant.
#ifndef FINDER_FS_LOCAL_SOCKET_H_
#define FINDER_FS_LOCAL_SOCKET_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "fs/result.h"

namespace finder {

// Bytes that nobody can change any more, whoever made them.
class SharedBytes {
 public:
  virtual ~SharedBytes() = default;
  virtual std::string_view bytes() const = 0;
};

// Whom a connection leads to, by the kernel's word at the time it was made.
struct LocalPeer {
  uint32_t user_id = 0;
  uint32_t group_id = 0;
  int64_t process_id = 0;  // 0 if it is not in this process's namespace

  friend bool operator==(const LocalPeer&, const LocalPeer&) = default;
};

// Destruction closes it.
class LocalConnection {
 public:
  virtual ~LocalConnection() = default;
  virtual Result<LocalPeer> Peer() = 0;

  // Sends all of `bytes`, at least one, and with them `shared` unless it is
  // null. EPIPE if the other side has closed, ETIMEDOUT if it does not take
  // them in `timeout_ms`; some may have been sent then.
  virtual Outcome Send(std::string_view bytes, const SharedBytes* shared,
                       int64_t timeout_ms) = 0;
  // Receives just so many bytes. ECONNRESET if the other side closes before,
  // ETIMEDOUT if they do not come in `timeout_ms` altogether.
  virtual Result<std::string> Receive(size_t size, int64_t timeout_ms) = 0;
  // What came with the bytes received, the first of several; ENOENT if nothing
  // did, EBADMSG if the sender could still change it or it has more than
  // `max_bytes`.
  virtual Result<std::unique_ptr<SharedBytes>> TakeShared(size_t max_bytes) = 0;
};

// Destruction closes it and leaves its name behind.
class LocalListener {
 public:
  virtual ~LocalListener() = default;
  // The next to connect. ETIMEDOUT if nobody does in `timeout_ms`.
  virtual Result<std::unique_ptr<LocalConnection>> Accept(
      int64_t timeout_ms) = 0;
};

class LocalSockets {
 public:
  virtual ~LocalSockets() = default;
  // Makes a socket that only its user may connect to. EADDRINUSE if there is
  // something at `path`, ENAMETOOLONG beyond 107 bytes (unix(7)).
  virtual Result<std::unique_ptr<LocalListener>> Listen(
      const std::string& path) = 0;
  // ENOENT if nothing is there, ECONNREFUSED if nobody listens, ETIMEDOUT if
  // too many wait already.
  virtual Result<std::unique_ptr<LocalConnection>> Connect(
      const std::string& path, int64_t timeout_ms) = 0;
  // A copy of `bytes` to be sent, any number of times.
  virtual Result<std::unique_ptr<SharedBytes>> Share(
      std::string_view bytes) = 0;
};

}  // namespace finder

#endif  // FINDER_FS_LOCAL_SOCKET_H_
