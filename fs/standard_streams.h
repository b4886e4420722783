// The standard streams of the process, behind a narrow interface, so that tests
// can see what is printed and can make a write fail.
//
// No buffering: callers hand over large pieces. Thread-compatible.
#ifndef FINDER_FS_STANDARD_STREAMS_H_
#define FINDER_FS_STANDARD_STREAMS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "fs/result.h"

namespace finder {

// A sink for bytes, in order.
class OutputStream {
 public:
  virtual ~OutputStream() = default;
  // Writes all of `bytes` or fails. EPIPE means that the reader has left.
  virtual Outcome Write(std::string_view bytes) = 0;
  // Ends the stream. Some file systems tell only here that a write failed.
  // Nothing may be written afterwards.
  virtual Outcome Close() = 0;
  // Whether a person is looking at it.
  virtual bool IsTerminal() const = 0;
};

// A source of bytes, in order.
class InputStream {
 public:
  virtual ~InputStream() = default;
  // All bytes up to the end; EFBIG if there are more than `max_bytes`.
  virtual Result<std::string> ReadAll(size_t max_bytes) = 0;
  // Whether a person is typing.
  virtual bool IsTerminal() const { return false; }
  // The next line without its newline, and not a byte more; none at the end. By
  // default there is none.
  virtual Result<std::optional<std::string>> ReadLine() {
    return std::optional<std::string>();
  }
};

}  // namespace finder

#endif  // FINDER_FS_STANDARD_STREAMS_H_
