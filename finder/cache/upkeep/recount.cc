#include "finder/cache/upkeep/recount.h"

#include <errno.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "finder/cache/disk/entry_files.h"
#include "finder/text/abseil_view.h"

namespace finder {
namespace {

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
      files.List(directory.value(), [&](std::string_view name, EntryKind kind) {
        if (kind == EntryKind::kDirectory) names.emplace_back(name);
      });
  if (!listed.ok()) {
    return listed.error().code() == ENOENT ? Outcome() : listed;
  }
  for (const std::string& name : names) {
    const auto stat = [&](std::string_view file) {
      return files.Stat(directory.value(),
                        absl::StrCat(name, "/", Abseil(file)),
                        SymlinkPolicy::kNoFollow);
    };
    // What cannot be measured must not pass for nothing.
    const Result<std::optional<int64_t>> data_bytes =
        DataBytes(cache.environment(), directory.value(), name);
    if (!data_bytes.ok()) {
      if (data_bytes.error().code() == ENOENT) continue;  // going right now
      return data_bytes.error();
    }
    if (!data_bytes->has_value()) continue;
    const Result<FileStat> lock = stat(kEntryLockName);
    if (IsAbsent(lock)) continue;  // not ours
    if (!lock.ok()) return lock.error();
    uint64_t& bytes = measured[{lock->device, lock->inode}];
    bytes = std::max(bytes, AccountedBytes(*data_bytes.value()));
  }
  return {};
}

}  // namespace

absl::StatusOr<AccountedSize> Recount(CacheDirectory& cache) {
  SizeLog log = cache.size_log();
  const std::string path = cache.layout().Of(kSizeLogName);
  AccountedSize total;
  // First how much has been added so far, and then what is there: what is added
  // from now on counts, whether it is measured too or not.
  const Result<AccountedSize> noted = log.Sum();
  if (noted.ok()) {
    total.added_bytes = noted->added_bytes;
    total.added_entries = noted->added_entries;
  } else if (noted.error().code() != ENOENT) {
    return CacheError(path, noted.error());
  }
  Measured measured;
  // stage/ before and after: what moves is seen at least once.
  for (const std::string_view part : {kStageName, kObjectsName, kStageName}) {
    const std::string directory = cache.layout().Of(part);
    const Outcome done = Measure(cache, {}, directory, measured);
    if (!done.ok()) return CacheError(directory, done.error());
  }
  for (const auto& [identity, bytes] : measured) {
    total.bytes += bytes;
    ++total.entries;
  }
  const Result<AccountedSize> sum = log.SetBase(total);
  if (!sum.ok()) return CacheError(path, sum.error());
  return sum.value();
}

}  // namespace finder
