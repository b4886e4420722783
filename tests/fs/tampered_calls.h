// Makes the kernel behave as it seldom does: calls that a signal interrupts,
// short reads and writes, directories that do not tell kinds, file systems that
// lack something. A test that links this has functions of its own in the place
// of some of the C library's, which do the same as those until a Tampering
// lives.
//
// Not for child processes that run another program. One Tampering at a time;
// it may be used by any threads, but is made and destroyed while there is one.
#ifndef FINDER_TESTS_FS_TAMPERED_CALLS_H_
#define FINDER_TESTS_FS_TAMPERED_CALLS_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace finder {

enum class Call {
  kOpen,          // openat
  kOpenNameless,  // openat with O_TMPFILE
  kRead,          // pread
  kWrite,
  kSync,            // fsync
  kList,            // getdents64
  kStat,            // fstatat
  kStatExtended,    // statx
  kStatFileSystem,  // fstatfs
  kLock,            // flock
  kLink,            // linkat
  kRename,          // renameat, renameat2
};
inline constexpr size_t kCalls = 12;

struct Tampering {
  // Every second call that can be interrupted fails with EINTR.
  bool interrupt = false;
  // What a read or a write transfers at most.
  size_t most_bytes = SIZE_MAX;
  // What a listing gives at a time at most; not less than a name of 255 bytes
  // needs.
  size_t most_list_bytes = SIZE_MAX;
  // Listings tell no kinds (DT_UNKNOWN).
  bool hide_kinds = false;
  // The position behind each entry of a listing (d_off); the true one if 0.
  int64_t next_offset = 0;
  // Every file system is this one (f_type); none if 0.
  long file_system = 0;
  // Every mount is read-only.
  bool read_only = false;
  // What a kernel of before 6.8 (or 5.8) does not tell of a mount.
  bool hide_unique_mounts = false;
  bool hide_mounts = false;
  // Before a call, once it is sure to be made. May make calls in turn, for
  // which it is not called.
  std::function<void(Call)> before = {};
  // Gives the errno that a call shall fail with, or 0.
  std::function<int(Call)> fail = {};
};

// Tampers with the calls of this process while it lives.
class TamperedCalls {
 public:
  explicit TamperedCalls(Tampering tampering);
  ~TamperedCalls();
  TamperedCalls(const TamperedCalls&) = delete;
  TamperedCalls& operator=(const TamperedCalls&) = delete;

  // How often a call was made, and how often it was interrupted.
  int made(Call call) const { return made_[static_cast<size_t>(call)]; }
  int interrupted(Call call) const {
    return interrupted_[static_cast<size_t>(call)];
  }

  // For the functions that stand in for those of the C library. Returns the
  // errno to fail with, or 0.
  int Enter(Call call);
  const Tampering& tampering() const { return tampering_; }
  // The living one, if any.
  static TamperedCalls* current();

 private:
  const Tampering tampering_;
  std::array<std::atomic<int>, kCalls> made_ = {};
  std::array<std::atomic<int>, kCalls> interrupted_ = {};
};

}  // namespace finder

#endif  // FINDER_TESTS_FS_TAMPERED_CALLS_H_
