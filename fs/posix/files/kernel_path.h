// A path in the form a system call takes: NUL-terminated and short enough. Not
// a general path class: it lives on the stack for the time of one call.
//
// Thread-safety: used by one thread.
#ifndef FINDER_FS_POSIX_FILES_KERNEL_PATH_H_
#define FINDER_FS_POSIX_FILES_KERNEL_PATH_H_

#include <limits.h>
#include <string.h>

#include <string_view>

namespace finder {

// Copies `path` to a buffer on the stack, with no allocation. If a path is too
// long for the kernel, the constructor enters it component by component, and
// the rest is relative to the directory reached.
class KernelPath {
 public:
  KernelPath(int base, std::string_view path) : base_(base) {
    if (path.size() >= sizeof(text_)) {
      EnterLongPath(path);
    } else {
      Assign(path);
    }
  }
  ~KernelPath() {
    if (entered_ >= 0) Leave();
  }
  KernelPath(const KernelPath&) = delete;
  KernelPath& operator=(const KernelPath&) = delete;

  // False if a directory on a long path could not be entered; errno says why.
  bool ok() const { return ok_; }
  // Arguments for a call of the *at family. Require ok().
  int base() const { return base_; }
  const char* text() const { return text_; }

 private:
  void Assign(std::string_view path) {
    // A default string_view may hold a null pointer, which memcpy may not get.
    if (!path.empty()) memcpy(text_, path.data(), path.size());
    text_[path.size()] = '\0';
  }
  void EnterLongPath(std::string_view path);
  void Leave();

  bool ok_ = true;
  int base_;
  int entered_ = -1;     // the directory opened on the way, closed in the end
  char text_[PATH_MAX];  // not initialised: it would cost more than the call
};

}  // namespace finder

#endif  // FINDER_FS_POSIX_FILES_KERNEL_PATH_H_
