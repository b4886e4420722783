// LoadAnswers of database.h, and what it shares with LoadDatabase.
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
                        uint32_t user_id) {
  auto file = files.OpenFile(path, SymlinkPolicy::kNoFollow);
  if (!file.ok()) return "";
  const Result<FileStat> stat = file.value()->Stat();
  if (!stat.ok() || stat->owner != user_id || (stat->permissions & 0002) != 0) {
    return "";
  }
  std::string head(kDatabaseFirstLine.size(), '\0');
  if (!ReadAll(*file.value(), 0, head) || head != kDatabaseFirstLine) return "";
  const Result<std::optional<std::string>> line =
      ReadLastLine(*file.value(), stat->size_bytes);
  if (!line.ok() || !line->has_value()) return "";
  const absl::StatusOr<DatabaseTrailer> trailer = DecodeTrailer(*line.value());
  if (!trailer.ok() || !trailer->answers.has_value()) return "";
  const AnswersInfo& info = *trailer->answers;
  // The line and the trailer, each with its newline.
  const int64_t end =
      stat->size_bytes - static_cast<int64_t>(line.value()->size()) - 2;
  if (info.size_bytes > static_cast<uint64_t>(end)) return "";
  std::string answers(info.size_bytes, '\0');
  if (!ReadAll(*file.value(), end - static_cast<int64_t>(answers.size()),
               answers) ||
      Checksum64(answers) != info.checksum) {
    return "";
  }
  return answers;
}

}  // namespace finder
