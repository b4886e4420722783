#include "tools/stress/shared_cache.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>
#include <utility>

namespace finder {
namespace {

namespace disk = std::filesystem;

constexpr std::string_view kPrefix = "cache ";

constexpr std::array<std::pair<CacheActionKind, std::string_view>, 8> kWords = {
    {
        {CacheActionKind::kUpkeep, "gc"},
        {CacheActionKind::kPack, "pack"},
        {CacheActionKind::kClear, "clear"},
        {CacheActionKind::kDrop, "drop"},
        {CacheActionKind::kKeep, "keep"},
        {CacheActionKind::kKeepSoong, "keep-soong"},
        {CacheActionKind::kRefresh, "refresh"},
        {CacheActionKind::kImport, "import"},
    }};

// Longer than kPackAfterNs of finder/cache/upkeep/upkeep.h, and shorter than
// the age at which entries go.
constexpr time_t kIdleSeconds = 6 * 24 * 3600;

}  // namespace

std::string ToText(const CacheAction& action) {
  for (const auto& [kind, word] : kWords) {
    if (kind != action.kind) continue;
    return std::string(kPrefix) + std::string(word) + ' ' +
           std::to_string(action.number);
  }
  return "";
}

std::optional<CacheAction> CacheActionFromText(std::string_view line) {
  if (!line.starts_with(kPrefix)) return std::nullopt;
  line.remove_prefix(kPrefix.size());
  const size_t space = line.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  for (const auto& [kind, word] : kWords) {
    if (word != line.substr(0, space)) continue;
    const std::string number(line.substr(space + 1));
    return CacheAction{
        kind, static_cast<uint32_t>(strtoul(number.c_str(), nullptr, 10))};
  }
  return std::nullopt;
}

SharedCache::SharedCache(std::string program, std::string directory)
    : program_(std::move(program)),
      directory_(std::move(directory)),
      kept_(directory_ + ".kept") {}

std::vector<std::string> SharedCache::Keys() const {
  std::vector<std::string> keys;
  std::error_code error;
  for (const auto& entry :
       disk::directory_iterator(directory_ + "/objects", error)) {
    keys.push_back(entry.path().filename().string());
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

std::optional<std::string> SharedCache::Command(const std::string& verb) const {
  const RunResult result =
      RunCommand({program_, "cache", verb, "--cache-dir", directory_}, [] {});
  if (result.problem.empty()) return std::nullopt;
  return "cache " + verb + ": " + result.problem + '\n' + result.answers;
}

void SharedCache::LetAge() const {
  const timespec then = {.tv_sec = time(nullptr) - kIdleSeconds, .tv_nsec = 0};
  const timespec times[] = {then, then};
  for (const std::string& key : Keys()) {
    const std::string lock = directory_ + "/objects/" + key + "/object.lock";
    utimensat(AT_FDCWD, lock.c_str(), times, 0);
  }
}

// Packed ones are not copied: nothing but an entry is ever packed.
void SharedCache::CopyEntry(uint32_t number) const {
  const std::vector<std::string> keys = Keys();
  if (keys.empty()) return;
  const std::string entry =
      directory_ + "/objects/" + keys[number % keys.size()];
  std::error_code error;
  disk::copy_file(entry + "/data/database", kept_,
                  disk::copy_options::overwrite_existing, error);
}

std::optional<std::string> SharedCache::Do(const CacheAction& action,
                                           Run& run) {
  // What the first run is to make.
  if (!disk::exists(directory_)) return std::nullopt;
  switch (action.kind) {
    case CacheActionKind::kUpkeep:
      return Command("gc");
    case CacheActionKind::kPack:
      LetAge();
      return Command("gc");
    case CacheActionKind::kClear:
      return Command("clear");
    case CacheActionKind::kDrop:
      if (const std::vector<std::string> keys = Keys(); !keys.empty()) {
        std::error_code error;
        disk::remove_all(
            directory_ + "/objects/" + keys[action.number % keys.size()],
            error);
      }
      break;
    case CacheActionKind::kKeep:
      CopyEntry(action.number);
      break;
    case CacheActionKind::kKeepSoong: {
      // A view that cannot be seen now leaves none, which is as well.
      Run soong = run;
      soong.cache_directory.clear();
      soong.database = kept_;
      soong.cache = CacheUse::kRefresh;
      soong.format = DatabaseFormat::kSoong;
      RunProgram(program_, soong, [] {});
      break;
    }
    case CacheActionKind::kRefresh:
      run.cache = CacheUse::kRefresh;
      break;
    case CacheActionKind::kImport:
      if (disk::exists(kept_)) run.import = kept_;
      break;
  }
  return std::nullopt;
}

std::optional<std::string> SharedCache::FindProblem() const {
  std::error_code error;
  for (const auto& entry :
       disk::directory_iterator(directory_ + "/stage", error)) {
    return "left behind in stage: " + entry.path().filename().string() + '\n';
  }
  return disk::exists(directory_) ? Command("verify") : std::nullopt;
}

void SharedCache::Remove() const {
  std::error_code error;
  disk::remove_all(directory_, error);
  disk::remove_all(kept_, error);
}

std::string SharedCache::Info() const {
  return RunCommand({program_, "cache", "info", "--cache-dir", directory_},
                    [] {})
      .answers;
}

}  // namespace finder
