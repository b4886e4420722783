// Sockets of the family AF_UNIX, and sealed memory files (memfd_create(2)).
// Thread-safety: that of the interface.
#ifndef FINDER_FS_POSIX_SOCKET_POSIX_LOCAL_SOCKET_H_
#define FINDER_FS_POSIX_SOCKET_POSIX_LOCAL_SOCKET_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "fs/local_socket.h"
#include "fs/result.h"

namespace finder {

class PosixLocalSockets : public LocalSockets {
 public:
  Result<std::unique_ptr<LocalListener>> Listen(
      const std::string& path) override;
  Result<std::unique_ptr<LocalConnection>> Connect(const std::string& path,
                                                   int64_t timeout_ms) override;
  Result<std::unique_ptr<SharedBytes>> Share(std::string_view bytes) override;
};

}  // namespace finder

#endif  // FINDER_FS_POSIX_SOCKET_POSIX_LOCAL_SOCKET_H_
