// CountDirectories of database.h, and what it shares with LoadDatabase.
#include "finder/database/database_tail.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "finder/database/database.h"

namespace finder {
namespace {

// Enough for the trailer of a database of about 200,000 directories at once.
constexpr int64_t kFirstTailBytes = 32 << 10;

bool ReadAll(ReadableFile& file, int64_t offset, std::string& text) {
  const Result<size_t> read = file.ReadAt(offset, text.data(), text.size());
  return read.ok() && read.value() == text.size();
}

// None if the database is none of ours, or damaged in the trailer.
std::optional<DatabaseTrailer> ReadTrailer(FileSystem& files,
                                           std::string_view path,
                                           std::optional<uint32_t> owner) {
  auto file = files.OpenFile(path, SymlinkPolicy::kNoFollow);
  if (!file.ok()) return std::nullopt;
  const Result<FileStat> stat = file.value()->Stat();
  if (!stat.ok() || (owner.has_value() && stat->owner != *owner) ||
      (stat->permissions & 0002) != 0) {
    return std::nullopt;
  }
  std::string head(kDatabaseFirstLine.size(), '\0');
  if (!ReadAll(*file.value(), 0, head) || head != kDatabaseFirstLine) {
    return std::nullopt;
  }
  const Result<std::optional<std::string>> line =
      ReadLastLine(*file.value(), stat->size_bytes);
  if (!line.ok() || !line->has_value()) return std::nullopt;
  absl::StatusOr<DatabaseTrailer> trailer = DecodeTrailer(*line.value());
  if (!trailer.ok()) return std::nullopt;
  return *std::move(trailer);
}

}  // namespace

Result<std::optional<std::string>> ReadLastLine(ReadableFile& file,
                                                int64_t size) {
  std::string tail;
  for (int64_t want = kFirstTailBytes;; want *= 8) {
    tail.resize(static_cast<size_t>(std::min(want, size)));
    const Result<size_t> read = file.ReadAt(
        size - static_cast<int64_t>(tail.size()), tail.data(), tail.size());
    if (!read.ok()) return read.error();
    if (read.value() != tail.size() || !tail.ends_with('\n')) break;
    tail.pop_back();
    const size_t before = tail.rfind('\n');
    if (before != std::string::npos) {
      tail.erase(0, before + 1);
      return std::optional<std::string>(std::move(tail));
    }
    if (want >= size) break;
  }
  return std::optional<std::string>();
}

std::optional<uint64_t> CountDirectories(FileSystem& files,
                                         std::string_view path,
                                         std::optional<uint32_t> owner) {
  const std::optional<DatabaseTrailer> trailer =
      ReadTrailer(files, path, owner);
  if (!trailer.has_value()) return std::nullopt;
  uint64_t directories = 0;
  for (const BlockInfo& block : trailer->blocks) {
    directories += block.directories;
  }
  return directories;
}

}  // namespace finder
