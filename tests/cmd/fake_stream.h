// An OutputStream in memory, which can be told to fail.
// Thread-compatible.
#ifndef FINDER_TESTS_CMD_FAKE_STREAM_H_
#define FINDER_TESTS_CMD_FAKE_STREAM_H_

#include <optional>
#include <string>
#include <string_view>

#include "fs/standard_streams.h"

namespace finder {

class FakeStream final : public OutputStream {
 public:
  Outcome Write(std::string_view bytes) override {
    if (write_error) return SystemError(*write_error);
    text += bytes;
    return {};
  }
  Outcome Close() override {
    closed = true;
    if (close_error) return SystemError(*close_error);
    return {};
  }
  bool IsTerminal() const override { return is_terminal; }

  std::string text;
  bool closed = false;
  bool is_terminal = false;
  std::optional<int> write_error;
  std::optional<int> close_error;
};

}  // namespace finder

#endif  // FINDER_TESTS_CMD_FAKE_STREAM_H_
