#include "finder/results/payload_files.h"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "finder/cache/disk/entry_files.h"
#include "finder/text/abseil_view.h"

namespace finder {
namespace {

constexpr size_t kReadBytes = size_t{256} << 10;

std::vector<uint64_t> PayloadSizes(const ResultRecord& record) {
  std::vector<uint64_t> sizes = {record.printed_bytes()};
  for (const RecordedOutput& output : record.outputs) {
    if (output.kind == OutputKind::kFile) sizes.push_back(output.size_bytes);
  }
  return sizes;
}

absl::Status Changed(const std::string& path) {
  return absl::FailedPreconditionError(absl::StrCat(
      path.empty() ? "output" : path, ": changed while it was kept"));
}

// One file of the entry, for one payload or for several.
class PartWriter {
 public:
  PartWriter(const CacheDirectory& cache, std::string path)
      : cache_(cache), path_(std::move(path)) {}

  absl::Status Add(std::string_view bytes) {
    if (file_ == nullptr) {
      auto file = cache_.environment().files->CreateFile(
          path_, cache_.file_permissions());
      if (!file.ok()) return CacheError(path_, file.error());
      file_ = std::move(file).value();
    }
    const Outcome added = file_->Append(bytes);
    return added.ok() ? absl::OkStatus() : CacheError(path_, added.error());
  }
  absl::Status Commit() {
    if (file_ == nullptr) return absl::OkStatus();
    const Outcome committed = file_->CommitUnflushed();
    return committed.ok() ? absl::OkStatus()
                          : CacheError(path_, committed.error());
  }

 private:
  const CacheDirectory& cache_;
  const std::string path_;
  std::unique_ptr<PendingFile> file_;
};

// Adds one payload to a part, and looks whether it is what was recorded.
absl::Status AddPayload(FileSystem& files, const PayloadSource& source,
                        uint64_t size_bytes, const ContentHash& hash,
                        PartWriter& part) {
  if (source.path.empty()) {
    if (source.bytes.size() != size_bytes || HashOf(source.bytes) != hash) {
      return Changed("");
    }
    return source.bytes.empty() ? absl::OkStatus() : part.Add(source.bytes);
  }
  const PayloadPlace all = {source.path, 0, size_bytes};
  const absl::Status read =
      ReadChecked(files, all, hash,
                  [&](std::string_view piece) { return part.Add(piece); });
  return absl::IsDataLoss(read) ? Changed(source.path) : read;
}

// A large file, by the caller's means.
absl::Status CopyPart(FileSystem& files, const PayloadSource& source,
                      uint64_t size_bytes, const std::string& to,
                      const FileCopier& copy) {
  absl::Status copied = copy(source.path, to);
  if (!copied.ok()) return copied;
  const Result<FileStat> stat = files.Stat({}, to, SymlinkPolicy::kNoFollow);
  if (!stat.ok()) return CacheError(to, stat.error());
  return static_cast<uint64_t>(stat->size_bytes) == size_bytes
             ? absl::OkStatus()
             : Changed(source.path);
}

}  // namespace

PayloadLayout LayOutPayloads(const ResultRecord& record) {
  PayloadLayout layout;
  const std::vector<uint64_t> sizes = PayloadSizes(record);
  uint64_t packed = 0;
  for (size_t i = 0; i < sizes.size(); ++i) {
    PayloadPlace& place = layout.places.emplace_back();
    place.size_bytes = sizes[i];
    place.alone = sizes[i] > kMaxPackedBytes;
    layout.part_of.push_back(place.alone ? i + 1 : 0);
    if (place.alone) {
      layout.parts.push_back({i + 1, sizes[i]});
    } else {
      place.offset = packed;
      packed += sizes[i];
    }
  }
  if (packed > 0) layout.parts.push_back({0, packed});
  return layout;
}

std::vector<ContentHash> PayloadHashes(const ResultRecord& record) {
  std::vector<ContentHash> hashes = {record.printed_hash};
  for (const RecordedOutput& output : record.outputs) {
    if (output.kind == OutputKind::kFile) hashes.push_back(output.hash);
  }
  return hashes;
}

absl::Status ReadChecked(
    FileSystem& files, const PayloadPlace& place, const ContentHash& hash,
    const std::function<absl::Status(std::string_view)>& consume) {
  ContentHasher hasher;
  if (place.size_bytes > 0) {
    const auto file = files.OpenFile(place.path, SymlinkPolicy::kNoFollow);
    if (!file.ok()) return CacheError(place.path, file.error());
    std::string buffer(std::min<uint64_t>(kReadBytes, place.size_bytes), '\0');
    for (uint64_t done = 0; done < place.size_bytes;) {
      const size_t wanted =
          std::min<uint64_t>(buffer.size(), place.size_bytes - done);
      const Result<size_t> got = file.value()->ReadAt(
          static_cast<int64_t>(place.offset + done), buffer.data(), wanted);
      if (!got.ok()) return CacheError(place.path, got.error());
      if (got.value() == 0) {
        return absl::DataLossError(absl::StrCat(place.path, ": cut short"));
      }
      const std::string_view piece(buffer.data(), got.value());
      hasher.Add(piece);
      done += piece.size();
      absl::Status consumed = consume(piece);
      if (!consumed.ok()) return consumed;
    }
  }
  if (hasher.Finish() != hash) {
    return absl::DataLossError(absl::StrCat(place.path, ": damaged"));
  }
  return absl::OkStatus();
}

absl::Status WriteCacheFile(const CacheDirectory& cache,
                            const std::string& path, std::string_view text) {
  PartWriter writer(cache, path);
  const absl::Status added = writer.Add(text);
  return added.ok() ? writer.Commit() : added;
}

absl::Status WriteParts(const CacheDirectory& cache,
                        const PendingEntry& pending, const ResultRecord& record,
                        const std::vector<PayloadSource>& payloads,
                        const FileCopier& copy) {
  FileSystem& files = *cache.environment().files;
  const PayloadLayout layout = LayOutPayloads(record);
  const std::vector<ContentHash> hashes = PayloadHashes(record);
  PartWriter packed(cache, pending.part_path(0));
  for (size_t i = 0; i < payloads.size(); ++i) {
    const uint64_t size_bytes = layout.places[i].size_bytes;
    const PayloadSource& source = payloads[i];
    absl::Status added;
    if (!layout.places[i].alone) {
      added = AddPayload(files, source, size_bytes, hashes[i], packed);
    } else if (copy != nullptr && !source.path.empty()) {
      added = CopyPart(files, source, size_bytes,
                       pending.part_path(layout.part_of[i]), copy);
    } else {
      PartWriter alone(cache, pending.part_path(layout.part_of[i]));
      added = AddPayload(files, source, size_bytes, hashes[i], alone);
      if (added.ok()) added = alone.Commit();
    }
    if (!added.ok()) return added;
  }
  return packed.Commit();
}

}  // namespace finder
