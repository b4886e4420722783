// Standard output of `finder find`, written in large pieces.
// Thread-compatible.
#ifndef FINDER_CMD_FIND_FIND_OUTPUT_H_
#define FINDER_CMD_FIND_FIND_OUTPUT_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "fs/result.h"
#include "fs/standard_streams.h"

namespace finder {

class FindOutput {
 public:
  explicit FindOutput(OutputStream& out)
      : out_(out), on_terminal_(out.IsTerminal()) {}

  // Prints a path and what ends it. A terminal gets no control characters.
  void PrintPath(std::string_view path, char terminator);
  // To be written to; PassOn must follow.
  std::string& buffer() { return buffer_; }
  void PassOn() {
    if (buffer_.size() >= kFlushBytes) Flush();
  }
  void Flush();
  Outcome Close();
  // What went wrong so far.
  const Outcome& written() const { return written_; }

 private:
  static constexpr size_t kFlushBytes = size_t{1} << 16;

  OutputStream& out_;
  const bool on_terminal_;
  std::string buffer_;
  Outcome written_;
};

}  // namespace finder

#endif  // FINDER_CMD_FIND_FIND_OUTPUT_H_
