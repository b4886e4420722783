// Joins small pieces of text before they are written, since a write costs more
// than copying some kilobytes. It takes the pieces of an ordered pipeline, for
// the answer and for the database. Not a file: it knows no errors but "stop".
//
// Thread-compatible.
#ifndef FINDER_FINDER_THREADS_JOINED_OUTPUT_H_
#define FINDER_FINDER_THREADS_JOINED_OUTPUT_H_

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace finder {

class JoinedOutput {
 public:
  // Calls `write` with at least `write_bytes` bytes, except the last time and
  // before a piece that is so large by itself: a small output is one write.
  // `write` returns false to get no more.
  JoinedOutput(size_t write_bytes, std::function<bool(std::string_view)> write)
      : write_bytes_(write_bytes), write_(std::move(write)) {}

  // Whether `write` has returned false.
  bool stopped() const { return stopped_; }

  // False if `write` has returned false.
  bool Add(std::string_view piece) {
    if (stopped_) return false;
    if (piece.size() >= write_bytes_) return Flush() && Write(piece);
    buffer_ += piece;
    return buffer_.size() < write_bytes_ || Flush();
  }

  // Writes the rest; call it at the end. False as above.
  bool Flush() {
    if (!buffer_.empty() && !stopped_) Write(buffer_);
    buffer_.clear();
    return !stopped_;
  }

 private:
  bool Write(std::string_view text) {
    stopped_ = !write_(text);
    return !stopped_;
  }

  const size_t write_bytes_;
  std::function<bool(std::string_view)> write_;
  std::string buffer_;
  bool stopped_ = false;
};

}  // namespace finder

#endif  // FINDER_FINDER_THREADS_JOINED_OUTPUT_H_
