#include "fs/posix/socket/sealed_memory.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

#include "fs/posix/files/posix_stat.h"

namespace finder {
namespace {

constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;

}  // namespace

Result<std::unique_ptr<SharedBytes>> SealedMemory::Make(
    std::string_view bytes) {
  Descriptor file(memfd_create("finder", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!file.is_open()) return LastError();
  for (std::string_view left = bytes; !left.empty();) {
    const ssize_t done = write(file.get(), left.data(), left.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return LastError();
    left.remove_prefix(static_cast<size_t>(done));
  }
  if (fcntl(file.get(), F_ADD_SEALS, kSeals | F_SEAL_SEAL) != 0) {
    return LastError();
  }
  return Map(std::move(file), bytes.size());
}

Result<std::unique_ptr<SharedBytes>> SealedMemory::Open(Descriptor file,
                                                        size_t max_bytes) {
  // Only a memory file has seals at all.
  const int seals = fcntl(file.get(), F_GET_SEALS);
  struct stat found;
  if (seals < 0 || (seals & kSeals) != kSeals ||
      fstat(file.get(), &found) != 0 || found.st_size < 0 ||
      static_cast<uint64_t>(found.st_size) > max_bytes) {
    return SystemError(EBADMSG);
  }
  return Map(std::move(file), static_cast<size_t>(found.st_size));
}

Result<std::unique_ptr<SharedBytes>> SealedMemory::Map(Descriptor file,
                                                       size_t size) {
  std::string_view bytes;
  if (size > 0) {
    const void* const start =
        mmap(nullptr, size, PROT_READ, MAP_SHARED, file.get(), 0);
    if (start == MAP_FAILED) return LastError();
    bytes = {static_cast<const char*>(start), size};
  }
  return std::unique_ptr<SharedBytes>(new SealedMemory(std::move(file), bytes));
}

SealedMemory::~SealedMemory() {
  if (!bytes_.empty()) {
    munmap(const_cast<char*>(bytes_.data()), bytes_.size());
  }
}

}  // namespace finder
