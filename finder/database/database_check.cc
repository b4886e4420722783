#include "finder/database/database_check.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "finder/database/database_file.h"
#include "finder/database/database_format.h"
#include "finder/text/abseil_view.h"

namespace finder {
namespace {

// A text as a file.
class TextFile : public ReadableFile {
 public:
  explicit TextFile(std::string_view text) : text_(text) {}

  FileStat size() const {
    FileStat stat;
    stat.kind = EntryKind::kFile;
    stat.size_bytes = static_cast<int64_t>(text_.size());
    return stat;
  }
  Result<FileStat> Stat() override { return size(); }
  Result<size_t> ReadAt(int64_t offset, char* buffer, size_t size) override {
    const std::string_view rest =
        text_.substr(std::min(static_cast<size_t>(offset), text_.size()));
    return rest.copy(buffer, size);
  }

 private:
  const std::string_view text_;
};

}  // namespace

absl::StatusOr<DatabaseContents> CheckDatabase(std::string_view text) {
  auto source = std::make_unique<TextFile>(text);
  const FileStat stat = source->size();
  DatabaseFile file(std::move(source), stat);
  absl::Status read = file.ReadHeader();
  if (read.ok()) read = file.ReadTrailer();
  if (!read.ok()) return absl::DataLossError(read.message());
  DatabaseContents contents;
  BlockDecoder decoder;
  std::string line;
  for (const BlockInfo& info : file.trailer().blocks) {
    line.resize(info.size_bytes + 1);
    read = file.ReadBlock(contents.blocks, line.data());
    if (!read.ok()) return read;
    line.pop_back();
    Arena arena;
    const auto decoded =
        decoder.Decode(line, info, static_cast<uint32_t>(contents.blocks),
                       file.header().devices.size(), arena);
    if (!decoded.ok()) {
      return DamagedDatabase(Std(decoded.status().message()));
    }
    if (decoded->root >= file.header().roots.size()) {
      return DamagedDatabase("block " + std::to_string(contents.blocks) +
                             " is of no root");
    }
    ++contents.blocks;
    contents.directories += decoded->count;
  }
  contents.header = std::move(file.header());
  return contents;
}

}  // namespace finder
