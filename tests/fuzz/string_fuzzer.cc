// Names of arbitrary bytes through the database's strings and back.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "finder/answer/answer_state.h"
#include "finder/database/database_format.h"
#include "finder/text/checksum.h"
#include "finder/text/json_string.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  std::string unescaped;
  finder::AppendUnescapedBytes(bytes, unescaped);
  static_cast<void>(finder::AnswerStates::Decode(bytes));
  // The same behind a sum that is right.
  const std::string answers = "finder answers 1\n" + bytes + "\n";
  const auto states = finder::AnswerStates::Decode(
      answers + finder::Checksum128Hex(answers) + "\n");
  if (states.ok()) {
    const std::string key(32, '0');
    static_cast<void>(states->Paths(key));
    if (!finder::AnswerStates::Decode(states->Encode()).ok()) abort();
  }
  // No name holds a NUL, and the escape relies on that.
  if (bytes.find('\0') != std::string::npos) return 0;
  finder::DatabaseHeader header;
  header.writer = bytes;
  header.roots = {bytes, "/" + bytes};
  const std::string text = finder::EncodeHeader(header);
  std::string_view line = text;
  line.remove_prefix(finder::kDatabaseFirstLine.size());
  if (line.find('\n') != line.size() - 1) abort();
  line.remove_suffix(1);
  const auto decoded = finder::DecodeHeader(line);
  if (!decoded.ok() || decoded->writer != bytes) abort();
  if (decoded->roots != header.roots) abort();
  static_cast<void>(finder::DecodeHeader(bytes));
  static_cast<void>(finder::DecodeTrailer(bytes));
  return 0;
}
