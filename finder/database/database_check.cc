#include "finder/database/database_check.h"

#include <string>

#include "absl/status/status.h"
#include "finder/database/database_format.h"
#include "finder/text/checksum.h"

namespace finder {
namespace {

absl::Status Damaged(const std::string& what) {
  return absl::DataLossError("database is damaged: " + what);
}

absl::Status Damaged(const absl::Status& status) {
  return Damaged(std::string(status.message()));
}

// Takes a line of `size` bytes and its newline off the start of `text`.
bool TakeLine(uint64_t size, std::string_view& text, std::string_view& line) {
  if (size >= text.size() || text[size] != '\n') return false;
  line = text.substr(0, size);
  text.remove_prefix(size + 1);
  return true;
}

}  // namespace

absl::StatusOr<DatabaseContents> CheckDatabase(std::string_view text) {
  if (!text.starts_with(kDatabaseFirstLine)) {
    return absl::DataLossError("file is not a finder database");
  }
  const size_t header_end = text.find('\n', kDatabaseFirstLine.size());
  if (header_end == std::string_view::npos || !text.ends_with('\n')) {
    return Damaged("it is cut short");
  }
  const std::string_view head = text.substr(0, header_end + 1);
  const size_t before_last = text.rfind('\n', text.size() - 2);
  if (before_last < header_end) return Damaged("it is cut short");

  const auto header = DecodeHeader(text.substr(
      kDatabaseFirstLine.size(), header_end - kDatabaseFirstLine.size()));
  if (!header.ok()) return Damaged(header.status());
  const auto trailer = DecodeTrailer(
      text.substr(before_last + 1, text.size() - before_last - 2));
  if (!trailer.ok()) return Damaged(trailer.status());
  if (Checksum64(head) != trailer->header_checksum) {
    return Damaged("header's checksum differs");
  }

  std::string_view rest =
      text.substr(head.size(), before_last + 1 - head.size());
  std::string_view line;
  DatabaseContents contents;
  contents.header = *header;
  BlockDecoder decoder;
  for (const BlockInfo& info : trailer->blocks) {
    const std::string block = "block " + std::to_string(contents.blocks);
    if (!TakeLine(info.size_bytes, rest, line)) {
      return Damaged(block + " is cut short");
    }
    Arena arena;
    const auto decoded =
        decoder.Decode(line, info, static_cast<uint32_t>(contents.blocks),
                       header->devices.size(), arena);
    if (!decoded.ok()) return Damaged(decoded.status());
    if (decoded->root >= header->roots.size()) {
      return Damaged(block + " is of no root");
    }
    ++contents.blocks;
    contents.directories += decoded->count;
  }
  if (!rest.empty()) return Damaged("there is more in it than it says");
  return contents;
}

}  // namespace finder
