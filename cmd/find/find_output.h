// Standard output of `finder find`, written in large pieces.
// Thread-compatible.
#ifndef FINDER_CMD_FIND_FIND_OUTPUT_H_
#define FINDER_CMD_FIND_FIND_OUTPUT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "cmd/format/printed_entry.h"
#include "fs/result.h"
#include "fs/standard_streams.h"

namespace finder {

class FindOutput {
 public:
  enum class Buffering : uint8_t { kLarge, kNone };
  explicit FindOutput(OutputStream& out,
                      Buffering buffering = Buffering::kLarge)
      : out_(out),
        on_terminal_(out.IsTerminal()),
        flush_bytes_(buffering == Buffering::kLarge ? kFlushBytes : 0) {}

  PrintedFor reader() const {
    return on_terminal_ ? PrintedFor::kTerminal : PrintedFor::kProgram;
  }

  // Prints a path and what ends it. A terminal gets no control characters.
  void PrintPath(std::string_view path, char terminator);
  // To be written to; PassOn must follow.
  std::string& buffer() { return buffer_; }
  void PassOn() {
    if (buffer_.size() >= flush_bytes_) Flush();
  }
  void Flush();
  Outcome Close();
  // What went wrong so far.
  const Outcome& written() const { return written_; }

 private:
  static constexpr size_t kFlushBytes = size_t{1} << 16;

  OutputStream& out_;
  const bool on_terminal_;
  const size_t flush_bytes_;
  std::string buffer_;
  Outcome written_;
};

}  // namespace finder

#endif  // FINDER_CMD_FIND_FIND_OUTPUT_H_
