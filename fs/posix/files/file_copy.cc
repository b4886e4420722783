#include "fs/posix/files/file_copy.h"

#include <errno.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "fs/posix/files/posix_stat.h"

namespace finder {
namespace {

constexpr size_t kBufferBytes = 256 * 1024;

struct Range {
  off_t begin;
  off_t end;
};

// The next stretch at or behind `offset` that is no hole; empty at the end. A
// file system that knows no holes calls all of it data.
Result<Range> NextData(int file, off_t offset, off_t size) {
  const off_t begin = lseek(file, offset, SEEK_DATA);
  if (begin < 0) {
    if (errno == ENXIO) return Range{size, size};
    if (errno == EINVAL) return Range{offset, size};
    return LastError();
  }
  const off_t end = lseek(file, begin, SEEK_HOLE);
  if (end < 0) return LastError();
  return Range{begin, std::min(end, size)};
}

Outcome WriteAt(int file, const char* bytes, size_t size, off_t offset) {
  while (size > 0) {
    const ssize_t done = pwrite(file, bytes, size, offset);
    if (done < 0 && errno != EINTR) return LastError();
    if (done <= 0) continue;
    bytes += done;
    size -= static_cast<size_t>(done);
    offset += done;
  }
  return {};
}

Outcome CopyThroughMemory(int from, int to, Range range) {
  std::vector<char> buffer(kBufferBytes);
  while (range.begin < range.end) {
    const size_t wanted =
        std::min<size_t>(buffer.size(), range.end - range.begin);
    const ssize_t got = pread(from, buffer.data(), wanted, range.begin);
    if (got == 0) return {};  // it has been cut meanwhile
    if (got < 0) {
      if (errno == EINTR) continue;
      return LastError();
    }
    const Outcome written =
        WriteAt(to, buffer.data(), static_cast<size_t>(got), range.begin);
    if (!written.ok()) return written;
    range.begin += got;
  }
  return {};
}

// Whether the kernel cannot do it between these two files, so that another way
// is left.
bool IsRefusal(int error) {
  return error == EXDEV || error == EINVAL || error == ENOSYS ||
         error == EOPNOTSUPP || error == EPERM || error == ETXTBSY;
}

Outcome CopyRange(int from, int to, Range range) {
  while (range.begin < range.end) {
    off_t in = range.begin, out = range.begin;
    const ssize_t done = copy_file_range(
        from, &in, to, &out, static_cast<size_t>(range.end - range.begin), 0);
    if (done < 0) {
      if (errno == EINTR) continue;
      if (IsRefusal(errno)) return CopyThroughMemory(from, to, range);
      return LastError();
    }
    // The end, or a file that has no size of its own, like those of /proc.
    if (done == 0) return CopyThroughMemory(from, to, range);
    range.begin += done;
  }
  return {};
}

}  // namespace

Result<CopyMethod> CopyContents(int from, int to) {
  if (ioctl(to, FICLONE, from) == 0) return CopyMethod::kCloned;
  struct stat found;
  if (fstat(from, &found) != 0) return LastError();
  // A hole at the end is no data that would be copied.
  if (ftruncate(to, found.st_size) != 0) return LastError();
  for (off_t offset = 0; offset < found.st_size;) {
    const Result<Range> data = NextData(from, offset, found.st_size);
    if (!data.ok()) return data.error();
    const Outcome copied = CopyRange(from, to, data.value());
    if (!copied.ok()) return copied.error();
    offset = std::max(data->end, offset + 1);
  }
  return CopyMethod::kCopied;
}

}  // namespace finder
