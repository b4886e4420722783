#include "finder/cache/disk/entry_files.h"

#include <errno.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "finder/text/abseil_view.h"

namespace finder {
namespace {

constexpr int64_t kBlockBytes = 4096;

int64_t InBlocks(int64_t bytes) {
  return (bytes + kBlockBytes - 1) / kBlockBytes * kBlockBytes;
}

// The bytes of an object and of its parts.
Result<std::optional<int64_t>> WithParts(const CacheEnvironment& environment,
                                         const DirectoryHandle& base,
                                         const std::string& directory,
                                         int64_t object_bytes) {
  FileSystem& files = *environment.files;
  Result<DirectoryHandle> data = files.OpenDirectory(
      base, directory + "/" + std::string(kDataName), SymlinkPolicy::kNoFollow);
  if (!data.ok()) return data.error();
  std::vector<std::string> parts;
  const Outcome listed =
      files.List(data.value(), [&](std::string_view name, EntryKind kind) {
        if (kind == EntryKind::kFile && IsPartName(name)) {
          parts.emplace_back(name);
        }
      });
  if (!listed.ok()) return listed.error();
  int64_t bytes = InBlocks(object_bytes);
  for (const std::string& part : parts) {
    const Result<FileStat> stat =
        files.Stat(data.value(), part, SymlinkPolicy::kNoFollow);
    if (!stat.ok() && stat.error().code() != ENOENT) return stat.error();
    if (stat.ok()) bytes += InBlocks(stat->size_bytes);
  }
  return std::optional(bytes);
}

}  // namespace

absl::Status CacheError(std::string_view path, SystemError error) {
  return absl::UnavailableError(
      absl::StrCat(Abseil(path), ": ", error.Message()));
}

Result<std::string> ReadWhole(ReadableFile& file) {
  const Result<FileStat> stat = file.Stat();
  if (!stat.ok()) return stat.error();
  std::string bytes(static_cast<size_t>(stat->size_bytes), '\0');
  const Result<size_t> got = file.ReadAt(0, bytes.data(), bytes.size());
  if (!got.ok()) return got.error();
  bytes.resize(got.value());
  return bytes;
}

Result<std::optional<int64_t>> DataBytes(const CacheEnvironment& environment,
                                         const DirectoryHandle& base,
                                         const std::string& directory) {
  for (const ObjectKind& kind : environment.kinds) {
    for (const Packing packing : {Packing::kPlain, Packing::kZstd}) {
      if (packing != Packing::kPlain && !kind.packs) continue;
      const Result<FileStat> stat = environment.files->Stat(
          base, directory + "/" + DataName(kind, packing),
          SymlinkPolicy::kNoFollow);
      if (!stat.ok() && stat.error().code() != ENOENT) return stat.error();
      if (!stat.ok()) continue;
      if (!kind.has_parts) return std::optional(stat->size_bytes);
      return WithParts(environment, base, directory, stat->size_bytes);
    }
  }
  return std::optional<int64_t>();
}

std::optional<int64_t> StoredBytes(const CacheEnvironment& environment,
                                   const std::string& directory) {
  const Result<FileStat> info =
      environment.files->Stat({}, directory + "/" + std::string(kEntryInfoName),
                              SymlinkPolicy::kNoFollow);
  if (!info.ok()) return std::nullopt;
  const Result<std::optional<int64_t>> bytes =
      DataBytes(environment, {}, directory);
  return bytes.ok() ? bytes.value() : std::nullopt;
}

}  // namespace finder
