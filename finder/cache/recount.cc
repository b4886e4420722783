#include "finder/cache/recount.h"

#include <errno.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "finder/cache/entry_publishing.h"

namespace finder {
namespace {

// Each is one rewriting of the log by a store, which comes once in 200 stores.
constexpr int kMaxAttempts = 8;

// By device and inode of the lock file, so that what moves between stage/ and
// objects/ meanwhile is counted once.
using Measured = std::map<std::pair<uint64_t, uint64_t>, uint64_t>;

bool IsAbsent(const Result<FileStat>& stat) {
  return !stat.ok() && stat.error().code() == ENOENT;
}

// Adds what is in one directory. Those of removals hold entries one level
// deeper, which have gone already, and are not accounted for any more.
Outcome Measure(const CacheDirectory& cache, const DirectoryHandle& base,
                const std::string& path, Measured& measured) {
  FileSystem& files = *cache.environment().files;
  Result<DirectoryHandle> directory =
      files.OpenDirectory(base, path, SymlinkPolicy::kFollow);
  if (!directory.ok()) {
    return directory.error().code() == ENOENT ? Outcome() : directory.error();
  }
  std::vector<std::string> names;
  const Outcome listed =
      files.List(directory.value(), [&](std::string_view name, FileKind kind) {
        if (kind == FileKind::kDirectory) names.emplace_back(name);
      });
  if (!listed.ok()) {
    return listed.error().code() == ENOENT ? Outcome() : listed;
  }
  for (const std::string& name : names) {
    const auto stat = [&](std::string_view file) {
      return files.Stat(
          directory.value(),
          absl::StrCat(name, "/", absl::string_view(file.data(), file.size())),
          SymlinkPolicy::kNoFollow);
    };
    // What cannot be measured must not pass for nothing.
    Result<FileStat> database = stat(kDatabaseName);
    if (IsAbsent(database)) database = stat(kPackedDatabaseName);
    if (IsAbsent(database)) continue;
    if (!database.ok()) return database.error();
    const Result<FileStat> lock = stat(kEntryLockName);
    if (!lock.ok() && !IsAbsent(lock)) return lock.error();
    const FileStat& identity = lock.ok() ? lock.value() : database.value();
    uint64_t& bytes = measured[{identity.device, identity.inode}];
    bytes = std::max(bytes, AccountedBytes(database->size_bytes));
  }
  return {};
}

}  // namespace

absl::StatusOr<AccountedSize> Recount(CacheDirectory& cache) {
  SizeLog log = SizeLogOf(cache);
  const std::string path = cache.layout().Of(kSizeLogName);
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    const Result<std::string> noted = log.Read();
    if (!noted.ok() && noted.error().code() != ENOENT) {
      return CacheError(path, noted.error());
    }
    const std::string before = noted.ok() ? noted.value() : "";
    Measured measured;
    // stage/ before and after: what moves is seen at least once.
    for (const std::string_view part : {kStageName, kObjectsName, kStageName}) {
      const std::string directory = cache.layout().Of(part);
      const Outcome done = Measure(cache, {}, directory, measured);
      if (!done.ok()) return CacheError(directory, done.error());
    }
    AccountedSize total = {.counted = true};
    for (const auto& [identity, bytes] : measured) {
      total.bytes += bytes;
      ++total.entries;
    }
    bool rewritten = false;
    const Outcome done =
        log.Rewrite([&](std::string_view now) -> std::optional<std::string> {
          total.serial = SumSizes(now).serial + 1;
          if (!now.starts_with(before)) return std::nullopt;
          // Of what came meanwhile it is not known whether it was measured.
          const AccountedSize added = SumAdditions(now.substr(before.size()));
          total.bytes += added.bytes;
          total.entries += added.entries;
          rewritten = true;
          return SizeBase(total);
        });
    if (!done.ok()) return CacheError(path, done.error());
    if (rewritten) return total;
  }
  return absl::UnavailableError(
      absl::StrCat(path, ": is being changed all the time"));
}

}  // namespace finder
