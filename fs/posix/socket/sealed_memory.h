// A memory file whose size and bytes are sealed. Used inside fs/posix/socket/
// only. Constant; any thread.
#ifndef FINDER_FS_POSIX_SOCKET_SEALED_MEMORY_H_
#define FINDER_FS_POSIX_SOCKET_SEALED_MEMORY_H_

#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>

#include "fs/local_socket.h"
#include "fs/posix/files/descriptor.h"
#include "fs/result.h"

namespace finder {

class SealedMemory : public SharedBytes {
 public:
  static Result<std::unique_ptr<SharedBytes>> Make(std::string_view bytes);
  // Of a file that came from somebody. EBADMSG as LocalConnection::TakeShared.
  static Result<std::unique_ptr<SharedBytes>> Open(Descriptor file,
                                                   size_t max_bytes);
  ~SealedMemory() override;

  std::string_view bytes() const override { return bytes_; }
  int descriptor() const { return file_.get(); }

 private:
  SealedMemory(Descriptor file, std::string_view bytes)
      : file_(std::move(file)), bytes_(bytes) {}
  static Result<std::unique_ptr<SharedBytes>> Map(Descriptor file, size_t size);

  const Descriptor file_;
  const std::string_view bytes_;  // mapped
};

}  // namespace finder

#endif  // FINDER_FS_POSIX_SOCKET_SEALED_MEMORY_H_
