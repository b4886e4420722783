// Standard output and standard error of the process, behind a narrow interface
// so that what is printed, and what happens when it cannot be, can be tested.
//
// No buffering: callers hand over large pieces. Thread-compatible.
#ifndef FINDER_FS_STANDARD_STREAMS_H_
#define FINDER_FS_STANDARD_STREAMS_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "fs/result.h"

namespace finder {

// Something that bytes are written to, in order.
class OutputStream {
 public:
  virtual ~OutputStream() = default;
  // Writes all of `bytes` or fails. EPIPE means that nobody reads any more.
  virtual Outcome Write(std::string_view bytes) = 0;
  // Ends the stream. Some file systems tell only here that a write failed.
  // Nothing may be written afterwards.
  virtual Outcome Close() = 0;
  // Whether a person is looking at it.
  virtual bool IsTerminal() const = 0;
};

// Something that bytes are read from, in order.
class InputStream {
 public:
  virtual ~InputStream() = default;
  // All that comes until the end; EFBIG if that is more than `max_bytes`.
  virtual Result<std::string> ReadAll(size_t max_bytes) = 0;
};

}  // namespace finder

#endif  // FINDER_FS_STANDARD_STREAMS_H_
