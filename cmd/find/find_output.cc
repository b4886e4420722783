#include "cmd/find/find_output.h"

#include "cmd/output/printed_path.h"

namespace finder {

void FindOutput::PrintPath(std::string_view path, char terminator) {
  if (terminator == '\n' && on_terminal_) {
    AppendForTerminal(path, buffer_);
  } else {
    buffer_ += path;
  }
  buffer_ += terminator;
  PassOn();
}

void FindOutput::Flush() {
  if (written_.ok() && !buffer_.empty()) written_ = out_.Write(buffer_);
  buffer_.clear();
}

Outcome FindOutput::Close() {
  Flush();
  if (written_.ok()) written_ = out_.Close();
  return written_;
}

}  // namespace finder
