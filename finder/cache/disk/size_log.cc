#include "finder/cache/disk/size_log.h"

#include <errno.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>

#include "finder/cache/disk/file_lock.h"
#include "finder/cache/disk/stage_area.h"

namespace finder {
namespace {

constexpr uint64_t kBlockBytes = 4096;
constexpr uint64_t kBlocksBesideData = 3;

// Shortening takes as long as some tens of attempts, unless its process has to
// wait for a processor. Who is stopped in the middle of it must not stop the
// others for longer than a quarter of a second.
constexpr int kAppendAttempts = 256;
constexpr int kBusyAttempts = 32;
constexpr int64_t kPauseNs = 1'000'000;

struct SizeLine {
  bool is_base = false;
  int64_t bytes = 0;
  int64_t entries = 0;
  // Of a base.
  uint64_t added_bytes = 0;
  uint64_t added_entries = 0;
};

// Reads numbers with one space between them, and nothing else.
template <typename... Numbers>
bool ReadNumbers(std::string_view text, Numbers&... numbers) {
  const char* at = text.data();
  const char* const end = at + text.size();
  bool first = true;
  const auto read = [&](auto& number) {
    if (!first && (at == end || *at++ != ' ')) return false;
    first = false;
    const auto [rest, error] = std::from_chars(at, end, number);
    at = rest;
    return error == std::errc();
  };
  return (read(numbers) && ...) && at == end;
}

std::optional<SizeLine> ParseLine(std::string_view text) {
  SizeLine line;
  line.is_base = text.starts_with('=');
  const bool read = line.is_base
                        ? ReadNumbers(text.substr(1), line.bytes, line.entries,
                                      line.added_bytes, line.added_entries)
                        : ReadNumbers(text, line.bytes, line.entries);
  return read ? std::optional(line) : std::nullopt;
}

template <typename Visit>
void ForEachLine(std::string_view text, Visit visit) {
  while (!text.empty()) {
    const size_t end = text.find('\n');
    // The last line is whole only with its newline.
    if (end == std::string_view::npos) return;
    if (const auto line = ParseLine(text.substr(0, end))) visit(*line);
    text.remove_prefix(end + 1);
  }
}

// A sum that went below zero has lost an addition somewhere.
uint64_t AtLeastZero(int64_t value) {
  return static_cast<uint64_t>(std::max<int64_t>(value, 0));
}

}  // namespace

uint64_t AccountedBytes(int64_t data_bytes) {
  const auto bytes = AtLeastZero(data_bytes);
  return ((bytes + kBlockBytes - 1) / kBlockBytes + kBlocksBesideData) *
         kBlockBytes;
}

std::string SizeChange(int64_t bytes, int64_t entries) {
  return "\n" + std::to_string(bytes) + " " + std::to_string(entries) + "\n";
}

std::string SizeBase(const AccountedSize& size) {
  std::string line = "\n=";
  for (const uint64_t number :
       {size.bytes, size.entries, size.added_bytes, size.added_entries}) {
    if (line.back() != '=') line += ' ';
    line += std::to_string(number);
  }
  return line += '\n';
}

AccountedSize SumSizes(std::string_view text) {
  SizeLine sum;
  bool counted = false;
  // What was added since `then`; of a log that was lost since, all.
  const auto since = [](uint64_t then, uint64_t now) {
    return static_cast<int64_t>(now >= then ? now - then : now);
  };
  bool first = true;
  ForEachLine(text, [&](const SizeLine& line) {
    if (line.is_base && first) {
      sum = line;
    } else if (line.is_base) {
      sum.bytes = line.bytes + since(line.added_bytes, sum.added_bytes);
      sum.entries = line.entries + since(line.added_entries, sum.added_entries);
    } else {
      sum.bytes += line.bytes;
      sum.entries += line.entries;
      sum.added_bytes += AtLeastZero(line.bytes);
      sum.added_entries += AtLeastZero(line.entries);
    }
    counted = counted || line.is_base;
    first = false;
  });
  return {AtLeastZero(sum.bytes), AtLeastZero(sum.entries), sum.added_bytes,
          sum.added_entries, counted};
}

SizeLog::SizeLog(const CacheEnvironment& environment, const CacheLayout& layout,
                 CacheSharing sharing)
    : environment_(environment),
      layout_(layout),
      sharing_(sharing),
      path_(layout.Of(kSizeLogName)) {}

Result<AccountedSize> SizeLog::Add(int64_t bytes, int64_t entries) {
  return AppendLine(SizeChange(bytes, entries));
}

Result<AccountedSize> SizeLog::SetBase(const AccountedSize& size) {
  return AppendLine(SizeBase(size));
}

Result<AccountedSize> SizeLog::Sum() const {
  const Result<std::string> text =
      environment_.shared_files->Read({}, path_, kMaxBytes);
  if (!text.ok()) return text.error();
  return SumSizes(text.value());
}

Result<AccountedSize> SizeLog::AppendLine(std::string_view line) {
  Result<LockedFile> log = SystemError(EAGAIN);
  for (int attempt = 0; attempt < kAppendAttempts && !log.ok(); ++attempt) {
    if (log.error().code() != EAGAIN) return log.error();
    if (attempt > kBusyAttempts) environment_.clock->SleepNs(kPauseNs);
    log = LockFileAt(environment_, path_, SharedAccess::kCreateReadWrite,
                     LockMode::kShared, FilePermissions(sharing_));
  }
  if (!log.ok()) return log.error();
  OpenToGroup(environment_, path_, log->stat, sharing_);
  const Outcome added = log->file->Append(line);
  if (!added.ok()) return added.error();
  const Result<std::string> text = log->file->Read(kMaxBytes);
  if (!text.ok()) return text.error();
  log->file.reset();
  if (text->size() == kMaxBytes) return SystemError(EFBIG);
  if (text->size() > kLongBytes) Shorten();
  return SumSizes(text.value());
}

void SizeLog::Shorten() {
  const Result<LockedFile> log =
      LockFileAt(environment_, path_, SharedAccess::kReadWrite,
                 LockMode::kExclusive, FilePermissions(sharing_));
  if (!log.ok()) return;
  const Result<std::string> text = log->file->Read(kMaxBytes);
  if (!text.ok()) return;
  const AccountedSize sum = SumSizes(text.value());
  // A log without a base stays one, until upkeep has counted.
  if (!sum.counted) return;
  // By a rename: whoever dies here leaves the old text.
  static_cast<void>(ReplaceFile(environment_, layout_, sharing_, kSizeLogName,
                                SizeBase(sum)));
}

}  // namespace finder
