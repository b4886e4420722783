#include "finder/cache/disk/entry_files.h"

#include "absl/strings/str_cat.h"
#include "finder/text/abseil_view.h"

namespace finder {

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

std::optional<int64_t> StoredBytes(const CacheEnvironment& environment,
                                   const std::string& directory) {
  const auto stat = [&](const std::string& name) {
    return environment.files->Stat({}, directory + "/" + name,
                                   SymlinkPolicy::kNoFollow);
  };
  if (!stat(std::string(kEntryInfoName)).ok()) return std::nullopt;
  for (const std::string& name : AllDataNames(environment.kinds)) {
    const Result<FileStat> data = stat(name);
    if (data.ok()) return data->size_bytes;
  }
  return std::nullopt;
}

}  // namespace finder
