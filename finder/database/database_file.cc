#include "finder/database/database_file.h"

#include <errno.h>
#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "finder/text/abseil_view.h"
#include "finder/text/checksum.h"

namespace finder {
namespace {

constexpr uint32_t kWritableByOthers = 0002;

// Enough for both lines of nearly every header.
constexpr int64_t kFirstHeadBytes = 4 << 10;
// Enough for the trailer of a database of about 200,000 directories at once.
constexpr int64_t kFirstTailBytes = 32 << 10;
// No first line of any version is so long.
constexpr size_t kMostFirstLineBytes = 40;

absl::Status CutShort() { return DamagedDatabase("it is cut short"); }

absl::Status Damaged(const absl::Status& status) {
  return DamagedDatabase(Std(status.message()));
}

absl::Status Unreadable(SystemError error) {
  return absl::UnavailableError("database cannot be read: " + error.Message());
}

// Why a text that begins with `head` is none of the version that is written.
absl::Status NotThisVersion(std::string_view head) {
  if (!head.starts_with(kDatabaseMagic)) {
    return absl::FailedPreconditionError("file is not a finder database");
  }
  const std::string_view line = head.substr(0, head.find('\n'));
  if (line.size() >= kMostFirstLineBytes) {
    return DamagedDatabase("first line is too long");
  }
  return absl::FailedPreconditionError("database has another version: " +
                                       std::string(line));
}

}  // namespace

absl::Status DamagedDatabase(std::string_view what) {
  return absl::DataLossError(fmt::format("database is damaged: {}", what));
}

DatabaseFile::DatabaseFile(std::unique_ptr<ReadableFile> file,
                           const FileStat& stat)
    : file_(std::move(file)), stat_(stat) {}

absl::StatusOr<DatabaseFile> DatabaseFile::Open(FileSystem& files,
                                                std::string_view path,
                                                std::optional<uint32_t> owner) {
  auto file = files.OpenFile(path, SymlinkPolicy::kNoFollow);
  if (!file.ok() && file.error().code() == ENOENT) {
    return absl::NotFoundError("no database yet");
  }
  if (!file.ok()) {
    return absl::UnavailableError("database cannot be opened: " +
                                  file.error().Message());
  }
  const Result<FileStat> stat = file.value()->Stat();
  if (!stat.ok()) return Unreadable(stat.error());
  if (owner.has_value() && stat->owner != *owner) {
    return absl::PermissionDeniedError("database is owned by another user");
  }
  if ((stat->permissions & kWritableByOthers) != 0) {
    return absl::PermissionDeniedError("database is writable by everybody");
  }
  if (stat->size_bytes == 0) return absl::DataLossError("database is empty");
  return DatabaseFile(std::move(file).value(), stat.value());
}

absl::Status DatabaseFile::ReadAt(int64_t offset, char* to, size_t size) const {
  const Result<size_t> read = file_->ReadAt(offset, to, size);
  if (!read.ok()) return Unreadable(read.error());
  return read.value() == size ? absl::OkStatus() : CutShort();
}

absl::Status DatabaseFile::ReadHeader() {
  std::string head;  // both lines, newlines included
  size_t end = std::string::npos;
  for (int64_t want = kFirstHeadBytes;; want *= 8) {
    head.resize(static_cast<size_t>(std::min(want, stat_.size_bytes)));
    absl::Status read = ReadAt(0, head.data(), head.size());
    if (!read.ok()) return read;
    if (!head.starts_with(kDatabaseFirstLine)) return NotThisVersion(head);
    end = head.find('\n', kDatabaseFirstLine.size());
    if (end != std::string::npos) break;
    if (want >= stat_.size_bytes) return CutShort();
  }
  head.resize(end + 1);
  header_bytes_ = static_cast<int64_t>(head.size());
  header_checksum_ = Checksum64(head);
  absl::StatusOr<DatabaseHeader> header =
      DecodeHeader(std::string_view(head).substr(
          kDatabaseFirstLine.size(), end - kDatabaseFirstLine.size()));
  if (!header.ok()) return Damaged(header.status());
  header_ = *std::move(header);
  return absl::OkStatus();
}

absl::StatusOr<std::string> DatabaseFile::ReadLastLine() const {
  const int64_t size = stat_.size_bytes;
  std::string tail;
  for (int64_t want = kFirstTailBytes;; want *= 8) {
    tail.resize(static_cast<size_t>(std::min(want, size)));
    absl::Status read = ReadAt(size - static_cast<int64_t>(tail.size()),
                               tail.data(), tail.size());
    if (!read.ok()) return read;
    if (!tail.ends_with('\n')) return CutShort();
    tail.pop_back();
    const size_t before = tail.rfind('\n');
    if (before != std::string::npos) return tail.substr(before + 1);
    if (want >= size) return CutShort();
  }
}

absl::Status DatabaseFile::ReadTrailer() {
  const absl::StatusOr<std::string> line = ReadLastLine();
  if (!line.ok()) return line.status();
  trailer_offset_ = stat_.size_bytes - static_cast<int64_t>(line->size()) - 1;
  absl::StatusOr<DatabaseTrailer> trailer = DecodeTrailer(*line);
  if (!trailer.ok()) return Damaged(trailer.status());
  trailer_ = *std::move(trailer);
  if (header_checksum_ != trailer_.header_checksum) {
    return DamagedDatabase("header's checksum differs");
  }
  int64_t offset = header_bytes_;
  for (const BlockInfo& info : trailer_.blocks) {
    if (info.size_bytes > static_cast<uint64_t>(stat_.size_bytes - offset)) {
      return DamagedDatabase("a block is missing");
    }
    offsets_.push_back(static_cast<size_t>(offset - header_bytes_));
    offset += static_cast<int64_t>(info.size_bytes) + 1;
    directories_ += info.directories;
  }
  if (offset > trailer_offset_) return DamagedDatabase("a block is missing");
  if (offset < trailer_offset_) {
    return DamagedDatabase("there is more in it than it says");
  }
  return absl::OkStatus();
}

absl::Status DatabaseFile::ReadBlock(size_t index, char* to) const {
  // The newline belongs to the block, so that all bytes are checked.
  const size_t size = trailer_.blocks[index].size_bytes + 1;
  const Result<size_t> read = file_->ReadAt(
      header_bytes_ + static_cast<int64_t>(offsets_[index]), to, size);
  if (!read.ok()) return Unreadable(read.error());
  if (read.value() != size || to[size - 1] != '\n') {
    return DamagedDatabase(fmt::format("block {} is cut short", index));
  }
  return absl::OkStatus();
}

}  // namespace finder
