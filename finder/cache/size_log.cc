#include "finder/cache/size_log.h"

#include <errno.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>

#include "finder/cache/file_lock.h"
#include "finder/cache/stage_area.h"

namespace finder {
namespace {

constexpr uint64_t kBlockBytes = 4096;
constexpr uint64_t kBlocksBesideDatabase = 3;

// A rewriting takes as long as some tens of attempts to add. Who is stopped in
// the middle of one must not stop the others.
constexpr int kAddAttempts = 256;
constexpr int kRewriteAttempts = 256;

struct SizeLine {
  bool is_base = false;
  uint64_t serial = 0;  // of a base
  int64_t bytes = 0;
  int64_t entries = 0;
};

std::optional<SizeLine> ParseLine(std::string_view text) {
  SizeLine line;
  if (text.starts_with('=')) {
    line.is_base = true;
    text.remove_prefix(1);
  }
  const char* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, line.bytes);
  if (error != std::errc() || at == end || *at != ' ') return std::nullopt;
  const auto entries = std::from_chars(at + 1, end, line.entries);
  if (entries.ec != std::errc()) return std::nullopt;
  if (!line.is_base) {
    return entries.ptr == end ? std::optional(line) : std::nullopt;
  }
  if (entries.ptr == end || *entries.ptr != ' ') return std::nullopt;
  const auto serial = std::from_chars(entries.ptr + 1, end, line.serial);
  if (serial.ec != std::errc() || serial.ptr != end) return std::nullopt;
  return line;
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

uint64_t AccountedBytes(int64_t database_bytes) {
  const auto bytes = AtLeastZero(database_bytes);
  return ((bytes + kBlockBytes - 1) / kBlockBytes + kBlocksBesideDatabase) *
         kBlockBytes;
}

std::string SizeChange(int64_t bytes, int64_t entries) {
  return "\n" + std::to_string(bytes) + " " + std::to_string(entries) + "\n";
}

std::string SizeBase(const AccountedSize& size) {
  return "=" + std::to_string(size.bytes) + " " + std::to_string(size.entries) +
         " " + std::to_string(size.serial) + "\n";
}

AccountedSize SumSizes(std::string_view text) {
  SizeLine sum;
  ForEachLine(text, [&](const SizeLine& line) {
    if (line.is_base) {
      sum = line;
    } else {
      sum.bytes += line.bytes;
      sum.entries += line.entries;
    }
  });
  return {AtLeastZero(sum.bytes), AtLeastZero(sum.entries), sum.is_base,
          sum.serial};
}

AccountedSize SumAdditions(std::string_view text) {
  AccountedSize sum;
  ForEachLine(text, [&](const SizeLine& line) {
    sum.bytes += AtLeastZero(line.bytes);
    sum.entries += AtLeastZero(line.entries);
  });
  return sum;
}

SizeLog::SizeLog(const CacheEnvironment& environment, const CacheLayout& layout,
                 CacheSharing sharing)
    : environment_(environment),
      layout_(layout),
      sharing_(sharing),
      path_(layout.Of(kSizeLogName)) {}

Result<AccountedSize> SizeLog::Add(int64_t bytes, int64_t entries) {
  Result<LockedFile> log = SystemError(EAGAIN);
  for (int attempt = 0; attempt < kAddAttempts && !log.ok(); ++attempt) {
    if (log.error().code() != EAGAIN) return log.error();
    log = LockFileAt(environment_, path_, SharedAccess::kCreateReadWrite,
                     LockMode::kShared, FilePermissions(sharing_));
  }
  if (!log.ok()) return log.error();
  const Outcome added = log->file->Append(SizeChange(bytes, entries));
  if (!added.ok()) return added.error();
  const Result<std::string> text = log->file->Read(kMaxBytes);
  if (!text.ok()) return text.error();
  if (text->size() == kMaxBytes) return SystemError(EFBIG);
  log->file.reset();
  const AccountedSize sum = SumSizes(text.value());
  if (text->size() > kRewriteBytes && sum.counted) {
    // It does not matter who does it, nor when.
    static_cast<void>(RewriteOnce([](std::string_view now) {
      AccountedSize all = SumSizes(now);
      ++all.serial;
      return std::optional(SizeBase(all));
    }));
  }
  return sum;
}

Result<std::string> SizeLog::Read() const {
  return environment_.small_files->Read({}, path_, kMaxBytes);
}

Outcome SizeLog::RewriteOnce(
    absl::FunctionRef<std::optional<std::string>(std::string_view)> rewrite) {
  const Result<LockedFile> log =
      LockFileAt(environment_, path_, SharedAccess::kCreateReadWrite,
                 LockMode::kExclusive, FilePermissions(sharing_));
  if (!log.ok()) return log.error();
  const Result<std::string> text = log->file->Read(kMaxBytes);
  if (!text.ok()) return text.error();
  const std::optional<std::string> rewritten = rewrite(text.value());
  if (!rewritten) return {};
  return ReplaceFile(environment_, layout_, sharing_, kSizeLogName, *rewritten);
}

Outcome SizeLog::Rewrite(
    absl::FunctionRef<std::optional<std::string>(std::string_view)> rewrite) {
  Outcome outcome = SystemError(EAGAIN);
  for (int attempt = 0; attempt < kRewriteAttempts; ++attempt) {
    outcome = RewriteOnce(rewrite);
    if (outcome.ok() || outcome.error().code() != EAGAIN) break;
  }
  return outcome;
}

}  // namespace finder
