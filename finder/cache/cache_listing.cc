#include "finder/cache/cache_listing.h"

#include <errno.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "finder/cache/disk/entry_files.h"
#include "finder/cache/disk/own_names.h"
#include "finder/cache/disk/size_log.h"

namespace finder {
namespace {

// More than FlushEvents ever writes.
constexpr size_t kMaxEventsBytes = size_t{1} << 20;

struct Child {
  std::string name;
  EntryKind kind;
};

// What is in a directory of the cache; nothing if it is missing.
absl::StatusOr<std::vector<Child>> Children(const CacheDirectory& cache,
                                            const std::string& path) {
  FileSystem& files = *cache.environment().files;
  std::vector<Child> children;
  Result<DirectoryHandle> directory =
      files.OpenDirectory({}, path, SymlinkPolicy::kFollow);
  if (!directory.ok()) {
    if (directory.error().code() == ENOENT) return children;
    return CacheError(path, directory.error());
  }
  const Outcome listed =
      files.List(directory.value(), [&](std::string_view name, EntryKind kind) {
        children.push_back({std::string(name), kind});
      });
  if (!listed.ok()) return CacheError(path, listed.error());
  return children;
}

std::string Join(std::string_view directory, std::string_view name) {
  std::string path(directory);
  return path.append("/").append(name);
}

// Reads entries relative to objects/, whose path is then looked up once.
class EntryReader {
 public:
  static absl::StatusOr<EntryReader> Make(CacheDirectory& cache) {
    const std::string path = cache.layout().Of(kObjectsName);
    Result<DirectoryHandle> objects = cache.environment().files->OpenDirectory(
        {}, path, SymlinkPolicy::kFollow);
    if (objects.ok()) {
      return EntryReader(&cache.environment(), std::move(objects).value());
    }
    if (objects.error().code() == ENOENT) {
      return absl::NotFoundError(absl::StrCat(path, ": missing"));
    }
    return CacheError(path, objects.error());
  }

  // None if it is not complete.
  std::optional<ListedEntry> Read(const std::string& key) {
    const Result<std::string> text = environment_->shared_files->Read(
        objects_, Join(key, kEntryInfoName), kMaxInfoBytes);
    if (!text.ok()) return std::nullopt;
    const Result<FileStat> lock = environment_->files->Stat(
        objects_, Join(key, kEntryLockName), SymlinkPolicy::kNoFollow);
    if (!lock.ok()) return std::nullopt;
    std::optional<EntryInfo> info = decoder_->Decode(text.value());
    if (!info || info->key != key) return std::nullopt;
    const ObjectKind& kind = KindOf(environment_->kinds, key);
    // A text that names no kind is of the first one.
    const bool is_first = &kind == &environment_->kinds.front();
    if (info->kind != kind.name && !(info->kind.empty() && is_first)) {
      return std::nullopt;
    }
    info->kind = kind.name;
    ListedEntry entry;
    entry.key = key;
    entry.kind = kind;
    entry.info = *std::move(info);
    entry.uses = static_cast<uint64_t>(lock->size_bytes);
    entry.last_use_ns = lock->modified_ns;
    entry.identity = {lock->device, lock->inode};
    return entry;
  }

  // Every entry has had a lock from its beginning to its end.
  bool HasLock(const std::string& key) {
    const Result<FileStat> lock = environment_->files->Stat(
        objects_, Join(key, kEntryLockName), SymlinkPolicy::kNoFollow);
    return lock.ok() && lock->kind == EntryKind::kFile;
  }
  // It may be being removed right now.
  bool IsThere(const std::string& key) {
    return environment_->files->Stat(objects_, key, SymlinkPolicy::kNoFollow)
        .ok();
  }

 private:
  EntryReader(const CacheEnvironment* environment, DirectoryHandle objects)
      : environment_(environment),
        objects_(std::move(objects)),
        decoder_(std::make_unique<EntryInfoDecoder>()) {}

  const CacheEnvironment* environment_;
  DirectoryHandle objects_;
  std::unique_ptr<EntryInfoDecoder> decoder_;
};

absl::Status ListTop(CacheDirectory& cache, CacheListing& listing) {
  const auto children = Children(cache, cache.path());
  if (!children.ok()) return children.status();
  for (const Child& child : *children) {
    if (IsTopName(child.name) || child.name == "lost+found") continue;
    listing.unknown.push_back(child.name);
  }
  return absl::OkStatus();
}

absl::Status ListStage(CacheDirectory& cache, CacheListing& listing) {
  const auto children = Children(cache, cache.layout().Of(kStageName));
  if (!children.ok()) return children.status();
  for (const Child& child : *children) {
    if (child.kind == EntryKind::kDirectory && IsAreaName(child.name)) {
      listing.staged.push_back(child.name);
    } else {
      listing.unknown.push_back(Join(kStageName, child.name));
    }
  }
  return absl::OkStatus();
}

// Whether it is the directory of an exclusive entry whose maker died before it
// had a lock: empty, so that removing it takes nothing from anybody.
bool IsBare(CacheDirectory& cache, const std::string& key) {
  if (!cache.KindOf(key).exclusive) return false;
  const auto children = Children(cache, cache.layout().Entry(key));
  return children.ok() && children->empty();
}

absl::Status ListObjects(CacheDirectory& cache, CacheListing& listing) {
  const auto children = Children(cache, cache.layout().Of(kObjectsName));
  if (!children.ok()) return children.status();
  if (children->empty()) return absl::OkStatus();
  absl::StatusOr<EntryReader> reader = EntryReader::Make(cache);
  if (!reader.ok()) return reader.status();
  listing.entries.reserve(children->size());
  for (const Child& child : *children) {
    if (child.kind == EntryKind::kDirectory && IsCacheKey(child.name)) {
      if (auto entry = reader->Read(child.name)) {
        listing.accounted_bytes += entry->info.accounted_bytes;
        listing.entries.push_back(*std::move(entry));
        continue;
      }
      if (reader->HasLock(child.name) || IsBare(cache, child.name)) {
        listing.incomplete.push_back(child.name);
        continue;
      }
      if (!reader->IsThere(child.name)) continue;
    }
    listing.unknown.push_back(Join(kObjectsName, child.name));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<CacheListing> ListCache(CacheDirectory& cache) {
  CacheListing listing;
  for (const auto part : {ListTop, ListStage, ListObjects}) {
    if (absl::Status listed = part(cache, listing); !listed.ok()) {
      return listed;
    }
  }
  std::sort(
      listing.entries.begin(), listing.entries.end(),
      [](const ListedEntry& a, const ListedEntry& b) { return a.key < b.key; });
  for (auto* names : {&listing.incomplete, &listing.staged, &listing.unknown}) {
    std::sort(names->begin(), names->end());
  }
  return listing;
}

absl::StatusOr<ListedEntry> ListEntry(CacheDirectory& cache,
                                      std::string_view key) {
  absl::StatusOr<EntryReader> reader = EntryReader::Make(cache);
  if (!reader.ok()) return reader.status();
  std::optional<ListedEntry> entry;
  if (IsCacheKey(key)) entry = reader->Read(std::string(key));
  if (entry) return *std::move(entry);
  return absl::NotFoundError(
      absl::StrCat(cache.layout().Entry(key), ": no entry"));
}

absl::StatusOr<CacheSummary> Summarize(CacheDirectory& cache) {
  const CacheEnvironment& environment = cache.environment();
  CacheSummary summary;
  const Result<AccountedSize> sum = cache.size_log().Sum();
  if (sum.ok()) {
    summary.bytes = sum->bytes;
    summary.entries = sum->entries;
    summary.counted = sum->counted;
  } else if (sum.error().code() != ENOENT) {
    return CacheError(cache.layout().Of(kSizeLogName), sum.error());
  }
  const Result<std::string> events = environment.shared_files->Read(
      {}, cache.layout().Of(kEventLogName), kMaxEventsBytes);
  if (events.ok()) summary.statistics = DecodeStatistics(events.value());
  const Result<FileStat> task = environment.files->Stat(
      {}, cache.layout().Of(kTaskLockName), SymlinkPolicy::kNoFollow);
  if (task.ok()) summary.last_upkeep_ns = task->modified_ns;
  return summary;
}

}  // namespace finder
