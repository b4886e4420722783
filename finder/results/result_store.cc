#include "finder/results/result_store.h"

#include <errno.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "finder/cache/disk/entry_files.h"
#include "finder/kept/entry_description.h"
#include "finder/kept/lock_wait.h"
#include "finder/kept/object_kinds.h"
#include "finder/results/payload_files.h"
#include "finder/text/abseil_view.h"

namespace finder {
namespace {

std::string KeyOf(const ObjectKind& kind, const ResultKey& key) {
  return std::string(kind.key_prefix) + key.digits;
}

std::string HashesKey(std::string_view directory) {
  return KeyOf(kHashesObject, ResultKey{HashOf(directory).Hex().substr(0, 48)});
}

// For `finder cache list`: what ran, and where. Arguments may be secrets, but
// whoever may read the cache may read the record.
EntryDescription Describe(const ResultRecord& record) {
  EntryDescription description;
  description.roots = {record.directory};
  for (const std::string& word : record.command) {
    if (!description.view.empty()) description.view += ' ';
    description.view += word;
  }
  description.files = record.payloads() - 1;
  return description;
}

// Whether a file is of somebody who is trusted with results: a planted one
// would be taken for what the user's own command has printed.
bool IsTrusted(const CacheDirectory& cache, const FileStat& stat) {
  return cache.info().sharing == CacheSharing::kGroup ||
         stat.owner == cache.environment().host.user_id;
}

absl::StatusOr<std::string> ReadObject(const CacheDirectory& cache,
                                       const std::string& path) {
  const auto file =
      cache.environment().files->OpenFile(path, SymlinkPolicy::kNoFollow);
  if (!file.ok()) return CacheError(path, file.error());
  const Result<FileStat> stat = file.value()->Stat();
  if (!stat.ok()) return CacheError(path, stat.error());
  if (!IsTrusted(cache, stat.value())) {
    return absl::PermissionDeniedError(
        absl::StrCat(path, ": belongs to another user"));
  }
  if (static_cast<uint64_t>(stat->size_bytes) > kMaxRecordBytes) {
    return absl::DataLossError(absl::StrCat(path, ": too large"));
  }
  Result<std::string> bytes = ReadWhole(*file.value());
  if (!bytes.ok()) return CacheError(path, bytes.error());
  return std::move(bytes).value();
}

// One object without parts, small and replaced as a whole.
absl::StatusOr<std::string> LoadText(CacheDirectory& cache,
                                     const std::string& key) {
  LoadOutcome loaded = cache.Load(key);
  if (!loaded.entry) return absl::NotFoundError(loaded.reason);
  return ReadObject(cache, loaded.entry->data_path());
}

absl::Status StoreText(CacheDirectory& cache, const std::string& key,
                       std::string_view text,
                       const EntryDescription& description) {
  absl::StatusOr<PendingEntry> pending = cache.Store(key);
  if (!pending.ok()) return pending.status();
  absl::Status written = WriteCacheFile(cache, pending->data_path(), text);
  if (!written.ok()) return written;
  return pending->Commit(EncodeDescription(description)).status();
}

// Whether all parts are there, with their sizes and of the right owner.
absl::Status CheckParts(const CacheDirectory& cache, const LoadedEntry& entry,
                        const PayloadLayout& layout) {
  for (const PartSize& part : layout.parts) {
    const std::string path = entry.part_path(part.number);
    const Result<FileStat> stat =
        cache.environment().files->Stat({}, path, SymlinkPolicy::kNoFollow);
    if (!stat.ok() && stat.error().code() == ENOENT) {
      return absl::DataLossError(absl::StrCat(path, ": missing"));
    }
    if (!stat.ok()) return CacheError(path, stat.error());
    if (stat->kind != EntryKind::kFile ||
        static_cast<uint64_t>(stat->size_bytes) != part.size_bytes) {
      return absl::DataLossError(absl::StrCat(path, ": of another size"));
    }
    if (!IsTrusted(cache, stat.value())) {
      return absl::PermissionDeniedError(
          absl::StrCat(path, ": belongs to another user"));
    }
  }
  return absl::OkStatus();
}

std::vector<RecordedSet> WithNewest(std::vector<RecordedSet> sets,
                                    RecordedSet newest) {
  std::erase(sets, newest);
  sets.insert(sets.begin(), std::move(newest));
  if (sets.size() > kMaxDiscoveredSets) sets.resize(kMaxDiscoveredSets);
  return sets;
}

}  // namespace

StoredResult::StoredResult(CacheDirectory* cache, ResultKey key,
                           LoadedEntry entry, ResultRecord record,
                           std::vector<PayloadPlace> places)
    : cache_(cache),
      key_(std::move(key)),
      entry_(std::move(entry)),
      record_(std::move(record)),
      places_(std::move(places)),
      hashes_(PayloadHashes(record_)) {}

absl::StatusOr<RecordedIngredients> StoredResult::ReadIngredients() const {
  const absl::StatusOr<std::string> text =
      ReadObject(*cache_, entry_.data_path());
  if (!text.ok()) return text.status();
  return DecodeIngredients(*text);
}

absl::Status StoredResult::Check(FileHashes& hashes,
                                 const std::vector<size_t>& which) {
  std::vector<std::string> paths;
  std::vector<size_t> alone;
  for (const size_t i : which) {
    if (places_[i].alone) {
      paths.push_back(places_[i].path);
      alone.push_back(i);
      continue;
    }
    const absl::StatusOr<std::string> bytes = ReadPayload(i);
    if (!bytes.ok()) return bytes.status();
  }
  const std::vector<FileFact> facts = hashes.Look(paths);
  for (size_t at = 0; at < alone.size(); ++at) {
    if (facts[at].kind != FileKind::kFile ||
        facts[at].hash != hashes_[alone[at]]) {
      return absl::DataLossError(absl::StrCat(paths[at], ": damaged"));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> StoredResult::ReadPayload(size_t i) const {
  std::string bytes;
  const absl::Status copied = CopyPayload(i, [&](std::string_view piece) {
    bytes.append(piece);
    return absl::OkStatus();
  });
  if (!copied.ok()) return copied;
  return bytes;
}

absl::Status StoredResult::CopyPayload(
    size_t i,
    const std::function<absl::Status(std::string_view)>& consume) const {
  return ReadChecked(*cache_->environment().files, places_[i], hashes_[i],
                     consume);
}

std::optional<StoredResult> ResultStore::Find(const ResultKey& key,
                                              std::string* why) {
  const auto miss = [why](absl::string_view reason) {
    if (why != nullptr) *why = std::string(Std(reason));
    return std::nullopt;
  };
  LoadOutcome loaded = cache_.Load(KeyOf(kResultObject, key));
  if (!loaded.entry) return miss(loaded.reason);
  const absl::StatusOr<std::string> text =
      ReadObject(cache_, loaded.entry->data_path());
  absl::StatusOr<ResultRecord> record =
      text.ok() ? DecodeRecord(*text, outside_) : text.status();
  absl::Status status = record.status();
  if (status.ok() && record->key != key.digits) {
    status = absl::DataLossError("the result of another key");
  }
  if (status.ok()) {
    PayloadLayout layout = LayOutPayloads(*record);
    status = CheckParts(cache_, *loaded.entry, layout);
    for (size_t i = 0; i < layout.places.size(); ++i) {
      layout.places[i].path = loaded.entry->part_path(layout.part_of[i]);
    }
    if (status.ok()) {
      return StoredResult(&cache_, key, *std::move(loaded.entry),
                          *std::move(record), std::move(layout.places));
    }
  }
  loaded.entry->Abandon();
  // One of a newer version is another program's; one that cannot be read now
  // may be readable later.
  if (!absl::IsUnimplemented(status) && !absl::IsUnavailable(status)) {
    Remove(key);
  }
  return miss(status.message());
}

void ResultStore::Discard(StoredResult result) {
  const ResultKey key = result.key_;
  result.entry_.Abandon();
  Remove(key);
}

void ResultStore::Remove(const ResultKey& key) {
  static_cast<void>(cache_.Remove(KeyOf(kResultObject, key)));
}

absl::StatusOr<StoreOutcome> ResultStore::Put(
    const ResultKey& key, ResultRecord record,
    const RecordedIngredients& ingredients,
    const std::vector<PayloadSource>& payloads, const FileCopier& copy) {
  if (payloads.size() != record.payloads()) {
    return absl::InvalidArgumentError("not the payloads of the record");
  }
  record.key = key.digits;
  absl::StatusOr<PendingEntry> pending =
      cache_.Store(KeyOf(kResultObject, key));
  if (!pending.ok()) return pending.status();
  const absl::Status parts =
      WriteParts(cache_, *pending, record, payloads, copy);
  if (!parts.ok()) return parts;
  const std::string text = EncodeRecord(record, ingredients);
  // What could not be read back is not stored.
  const auto decoded = DecodeRecord(text, outside_);
  if (!decoded.ok()) return decoded.status();
  absl::Status written = WriteCacheFile(cache_, pending->data_path(), text);
  if (!written.ok()) return written;
  return pending->Commit(EncodeDescription(Describe(record)));
}

RunLock ResultStore::LockRun(const ResultKey& key, int64_t wait_ns) {
  const std::string name = KeyOf(kRunningObject, key);
  Result<ExclusiveEntry> entry =
      WaitForLock(*cache_.environment().clock, wait_ns,
                  [&] { return ExclusiveEntry::TryLock(cache_, name); });
  if (!entry.ok()) return RunLock();
  return RunLock(std::move(entry).value());
}

DiscoveredInputs ResultStore::FindDiscovered(const ResultKey& first,
                                             FileHashes& hashes) {
  DiscoveredInputs found;
  const absl::StatusOr<std::string> text =
      LoadText(cache_, KeyOf(kManifestObject, first));
  if (!text.ok()) return found;
  const auto sets = DecodeInputSets(*text);
  if (!sets.ok()) return found;
  // Each path once, whatever sets it is in.
  std::vector<std::string> paths;
  for (const RecordedSet& set : *sets) {
    for (const RecordedInput& input : set.inputs) paths.push_back(input.path);
  }
  std::sort(paths.begin(), paths.end());
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  const std::vector<FileFact> facts = hashes.Look(paths);
  const auto fact_of = [&](const std::string& path) -> const FileFact& {
    return facts[std::lower_bound(paths.begin(), paths.end(), path) -
                 paths.begin()];
  };
  for (const RecordedSet& set : *sets) {
    std::vector<KeyInput> now;
    bool match = true;
    for (const RecordedInput& input : set.inputs) {
      const FileFact& fact = fact_of(input.path);
      match &= fact.kind == input.kind && fact.executable == input.executable &&
               fact.hash == input.hash;
      now.push_back({input.path, fact});
    }
    if (match || found.inputs.empty()) found.inputs = std::move(now);
    if (match) {
      found.match = true;
      break;
    }
  }
  return found;
}

absl::Status ResultStore::AddDiscovered(const ResultKey& first,
                                        const std::vector<KeyInput>& inputs) {
  const std::string key = KeyOf(kManifestObject, first);
  RecordedSet newest;
  for (const KeyInput& input : inputs) {
    newest.inputs.push_back(
        {input.path, input.fact.kind, input.fact.executable, input.fact.hash});
  }
  std::sort(newest.inputs.begin(), newest.inputs.end(),
            [](const RecordedInput& a, const RecordedInput& b) {
              return a.path < b.path;
            });
  std::vector<RecordedSet> sets;
  const absl::StatusOr<std::string> text = LoadText(cache_, key);
  if (text.ok()) {
    auto decoded = DecodeInputSets(*text);
    if (decoded.ok()) sets = *std::move(decoded);
  }
  sets = WithNewest(std::move(sets), std::move(newest));
  return StoreText(cache_, key, EncodeInputSets(sets), {});
}

std::optional<ResultKey> ResultStore::FindLast(const ResultKey& command) {
  const absl::StatusOr<std::string> text =
      LoadText(cache_, KeyOf(kCommandObject, command));
  if (!text.ok() || !text->ends_with('\n')) return std::nullopt;
  return ParseResultKey(std::string_view(*text).substr(0, text->size() - 1));
}

absl::Status ResultStore::NoteLast(const ResultKey& command,
                                   const ResultKey& key) {
  if (FindLast(command) == key) return absl::OkStatus();
  return StoreText(cache_, KeyOf(kCommandObject, command), key.digits + "\n",
                   {});
}

std::string ResultStore::ReadHashes(std::string_view directory) {
  return LoadText(cache_, HashesKey(directory)).value_or("");
}

absl::Status ResultStore::WriteHashes(std::string_view directory,
                                      std::string_view text) {
  EntryDescription description;
  description.roots = {std::string(directory)};
  return StoreText(cache_, HashesKey(directory), text, description);
}

}  // namespace finder
