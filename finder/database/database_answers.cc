// LoadAnswers and CountDirectories of database.h, and what they share with
// LoadDatabase.
#include <algorithm>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "finder/database/checksum.h"
#include "finder/database/database.h"
#include "finder/database/database_tail.h"

namespace finder {
namespace {

// Enough for the trailer of a database of about 200,000 directories at once.
constexpr int64_t kFirstTailBytes = 32 << 10;

bool ReadAll(ReadableFile& file, int64_t offset, std::string& text) {
  const Result<size_t> read = file.ReadAt(offset, text.data(), text.size());
  return read.ok() && read.value() == text.size();
}

// What the end of a database tells.
struct Tail {
  std::unique_ptr<ReadableFile> file;
  DatabaseTrailer trailer;
  int64_t answers_end = 0;  // where the line of answers ends, if there is one
};

// None if the database is none of ours, or damaged in the trailer.
std::optional<Tail> ReadTail(FileSystem& files, std::string_view path,
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
  // The line of answers and the trailer each have a newline.
  const int64_t end =
      stat->size_bytes - static_cast<int64_t>(line.value()->size()) - 2;
  return Tail{std::move(file).value(), *std::move(trailer), end};
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

std::string LoadAnswers(FileSystem& files, std::string_view path,
                        std::optional<uint32_t> owner) {
  const std::optional<Tail> tail = ReadTail(files, path, owner);
  if (!tail.has_value() || !tail->trailer.answers.has_value()) return "";
  const AnswersInfo& info = *tail->trailer.answers;
  if (info.size_bytes > static_cast<uint64_t>(tail->answers_end)) return "";
  std::string answers(info.size_bytes, '\0');
  if (!ReadAll(*tail->file,
               tail->answers_end - static_cast<int64_t>(answers.size()),
               answers) ||
      Checksum64(answers) != info.checksum) {
    return "";
  }
  return answers;
}

std::optional<uint64_t> CountDirectories(FileSystem& files,
                                         std::string_view path,
                                         std::optional<uint32_t> owner) {
  const std::optional<Tail> tail = ReadTail(files, path, owner);
  if (!tail.has_value()) return std::nullopt;
  uint64_t directories = 0;
  for (const BlockInfo& block : tail->trailer.blocks) {
    directories += block.directories;
  }
  return directories;
}

}  // namespace finder
