// A file descriptor and its owner. Used inside fs/ only. One thread at a time.
#ifndef FINDER_FS_POSIX_FILES_DESCRIPTOR_H_
#define FINDER_FS_POSIX_FILES_DESCRIPTOR_H_

#include <errno.h>
#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include <utility>

namespace finder {

// Destruction closes it.
class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(Descriptor&& other) noexcept
      : value_(std::exchange(other.value_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  ~Descriptor() {
    if (value_ >= 0) close(value_);
  }
  int get() const { return value_; }
  // Hands it over to the caller, who closes it.
  int Release() { return std::exchange(value_, -1); }
  bool is_open() const { return value_ >= 0; }

 private:
  int value_;
};

// openat(2), again if a signal interrupts it. If the result is not open, errno
// says why.
inline Descriptor OpenAt(int base, const char* path, int flags,
                         mode_t mode = 0) {
  int descriptor;
  do {
    descriptor = openat(base, path, flags, mode);
  } while (descriptor < 0 && errno == EINTR);
  return Descriptor(descriptor);
}

}  // namespace finder

#endif  // FINDER_FS_POSIX_FILES_DESCRIPTOR_H_
