#include "tests/fs/tampered_calls.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <utility>

namespace finder {
namespace {

std::atomic<TamperedCalls*> living = nullptr;
// Whether this thread is in a function of the test.
thread_local bool in_test = false;

bool CanBeInterrupted(Call call) {
  switch (call) {
    case Call::kOpen:
    case Call::kOpenNameless:
    case Call::kRead:
    case Call::kWrite:
    case Call::kSync:
    case Call::kList:
    case Call::kStatFileSystem:
      return true;
    default:
      return false;
  }
}

// The function that ours hides.
template <typename Function>
Function* Hidden(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

// Whether the call shall fail; errno is set then.
bool Fails(Call call) {
  TamperedCalls* const now = TamperedCalls::current();
  if (now == nullptr) return false;
  const int error = now->Enter(call);
  if (error != 0) errno = error;
  return error != 0;
}

size_t Limited(size_t size) {
  const TamperedCalls* const now = TamperedCalls::current();
  return now == nullptr ? size : std::min(size, now->tampering().most_bytes);
}

Call CallOfOpen(int flags) {
  return (flags & O_TMPFILE) == O_TMPFILE ? Call::kOpenNameless : Call::kOpen;
}

}  // namespace

TamperedCalls::TamperedCalls(Tampering tampering)
    : tampering_(std::move(tampering)) {
  living = this;
}

TamperedCalls::~TamperedCalls() { living = nullptr; }

TamperedCalls* TamperedCalls::current() {
  return in_test ? nullptr : living.load();
}

int TamperedCalls::Enter(Call call) {
  const size_t index = static_cast<size_t>(call);
  const int before = made_[index].fetch_add(1);
  if (tampering_.interrupt && CanBeInterrupted(call) && before % 2 == 0) {
    ++interrupted_[index];
    return EINTR;
  }
  in_test = true;
  const int error = tampering_.fail ? tampering_.fail(call) : 0;
  if (error == 0 && tampering_.before) tampering_.before(call);
  in_test = false;
  return error;
}

}  // namespace finder

// The C library's functions; its names of parameters are reserved.
// NOLINTBEGIN(readability-inconsistent-declaration-parameter-name)
extern "C" {

using finder::Call;
using finder::Fails;
using finder::Hidden;
using finder::Limited;
using finder::TamperedCalls;

int openat(int base, const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const bool makes = (flags & (O_CREAT | __O_TMPFILE)) != 0;
  const mode_t mode = makes ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  if (Fails(finder::CallOfOpen(flags))) return -1;
  static const auto hidden = Hidden<decltype(openat)>("openat");
  return hidden(base, path, flags, mode);
}

ssize_t pread(int descriptor, void* buffer, size_t size, off_t offset) {
  if (Fails(Call::kRead)) return -1;
  static const auto hidden = Hidden<decltype(pread)>("pread");
  return hidden(descriptor, buffer, Limited(size), offset);
}

ssize_t write(int descriptor, const void* bytes, size_t size) {
  if (Fails(Call::kWrite)) return -1;
  static const auto hidden = Hidden<decltype(write)>("write");
  return hidden(descriptor, bytes, Limited(size));
}

int fsync(int descriptor) {
  if (Fails(Call::kSync)) return -1;
  static const auto hidden = Hidden<decltype(fsync)>("fsync");
  return hidden(descriptor);
}

ssize_t getdents64(int descriptor, void* buffer, size_t size) noexcept {
  if (Fails(Call::kList)) return -1;
  const TamperedCalls* const now = TamperedCalls::current();
  if (now != nullptr) size = std::min(size, now->tampering().most_list_bytes);
  static const auto hidden = Hidden<decltype(getdents64)>("getdents64");
  const ssize_t got = hidden(descriptor, buffer, size);
  if (now == nullptr) return got;
  const auto& tampering = now->tampering();
  for (ssize_t at = 0; at < got;) {
    auto& entry = *reinterpret_cast<dirent64*>(static_cast<char*>(buffer) + at);
    if (tampering.hide_kinds) entry.d_type = DT_UNKNOWN;
    if (tampering.next_offset != 0) entry.d_off = tampering.next_offset;
    at += entry.d_reclen;
  }
  return got;
}

int fstatat(int base, const char* path, struct stat* found,
            int flags) noexcept {
  if (Fails(Call::kStat)) return -1;
  static const auto hidden = Hidden<decltype(fstatat)>("fstatat");
  return hidden(base, path, found, flags);
}

int fstatfs(int descriptor, struct statfs* found) noexcept {
  if (Fails(Call::kStatFileSystem)) return -1;
  static const auto hidden = Hidden<decltype(fstatfs)>("fstatfs");
  const int result = hidden(descriptor, found);
  const TamperedCalls* const now = TamperedCalls::current();
  if (now != nullptr && now->tampering().file_system != 0) {
    found->f_type = now->tampering().file_system;
  }
  if (now != nullptr && now->tampering().read_only) {
    found->f_flags |= ST_RDONLY;
  }
  return result;
}

int statx(int base, const char* path, int flags, unsigned mask,
          struct statx* found) noexcept {
  if (Fails(Call::kStatExtended)) return -1;
  static const auto hidden = Hidden<decltype(statx)>("statx");
  const TamperedCalls* const now = TamperedCalls::current();
  constexpr unsigned kMountId = 0x1000;
  constexpr unsigned kUniqueMountId = 0x4000;
  if (now != nullptr && now->tampering().hide_unique_mounts) {
    mask &= ~kUniqueMountId;
  }
  if (now != nullptr && now->tampering().hide_mounts) {
    mask &= ~(kMountId | kUniqueMountId);
  }
  const int result = hidden(base, path, flags, mask, found);
  found->stx_mask &= mask;
  return result;
}

int flock(int descriptor, int operation) noexcept {
  if (Fails(Call::kLock)) return -1;
  static const auto hidden = Hidden<decltype(flock)>("flock");
  return hidden(descriptor, operation);
}

int linkat(int from_base, const char* from, int to_base, const char* to,
           int flags) noexcept {
  if (Fails(Call::kLink)) return -1;
  static const auto hidden = Hidden<decltype(linkat)>("linkat");
  return hidden(from_base, from, to_base, to, flags);
}

int renameat(int from_base, const char* from, int to_base,
             const char* to) noexcept {
  if (Fails(Call::kRename)) return -1;
  static const auto hidden = Hidden<decltype(renameat)>("renameat");
  return hidden(from_base, from, to_base, to);
}

int renameat2(int from_base, const char* from, int to_base, const char* to,
              unsigned flags) noexcept {
  if (Fails(Call::kRename)) return -1;
  static const auto hidden = Hidden<decltype(renameat2)>("renameat2");
  return hidden(from_base, from, to_base, to, flags);
}

// The scanner opens and closes directories by number; all calls have at most
// six arguments, and passing on more than there are is harmless on Linux.
__attribute__((no_sanitize("address"))) long syscall(long number,
                                                     ...) noexcept {
  va_list arguments;
  va_start(arguments, number);
  long a[6];
  for (long& argument : a) argument = va_arg(arguments, long);
  va_end(arguments);
  if (number == SYS_openat && Fails(Call::kOpen)) return -1;
  static const auto hidden = Hidden<decltype(syscall)>("syscall");
  return hidden(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

}  // extern "C"
// NOLINTEND(readability-inconsistent-declaration-parameter-name)
