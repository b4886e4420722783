#include "finder/text/json_cursor.h"

#include <simdjson.h>

namespace finder {

// With an escape the first quote need not be the last one.
bool JsonCursor::TakeOddString(std::string_view& out, bool& plain,
                               std::string& scratch) {
  const char* close = next_;
  bool escaped = false;
  while (close != end_ && *close != '"') {
    if (*close == '\\') {
      escaped = true;
      if (++close == end_) return false;
    }
    ++close;
  }
  if (close == end_) return false;
  const simdjson::padded_string token(next_ - 1, close + 1 - (next_ - 1));
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document document;
  std::string_view text;
  if (parser.iterate(token).get(document) != simdjson::SUCCESS ||
      document.get_string().get(text) != simdjson::SUCCESS) {
    return false;
  }
  plain = !escaped;
  if (plain) {
    out = std::string_view(next_, close - next_);
  } else {
    scratch.clear();
    if (!AppendUnescapedBytes(text, scratch)) return false;
    out = scratch;
  }
  next_ = close + 1;
  return true;
}

}  // namespace finder
