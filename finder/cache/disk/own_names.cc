#include "finder/cache/disk/own_names.h"

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <vector>

#include "finder/cache/disk/cache_environment.h"

namespace finder {
namespace {

constexpr size_t kAreaDigits = 32;
// What a killed writer of a file called "x" may leave is ".x.finder-...".
constexpr std::string_view kTemporaryMark = ".finder-";

bool IsOrIsTemporaryOf(std::string_view name, std::string_view final_name) {
  if (name == final_name) return true;
  if (!name.starts_with('.')) return false;
  name.remove_prefix(1);
  return name.starts_with(final_name) &&
         name.substr(final_name.size()).starts_with(kTemporaryMark);
}

bool IsAnyOf(std::string_view name,
             std::initializer_list<std::string_view> files) {
  return std::any_of(files.begin(), files.end(), [name](std::string_view file) {
    return IsOrIsTemporaryOf(name, file);
  });
}

bool IsOrIsTemporaryOfPart(std::string_view name) {
  if (IsPartName(name)) return true;
  const size_t mark = name.find(kTemporaryMark);
  return name.starts_with('.') && mark != name.npos &&
         IsPartName(name.substr(1, mark - 1));
}

// "data/NAME" without its directory.
std::string_view InData(std::string_view path) {
  return path.substr(kDataName.size() + 1);
}

}  // namespace

bool IsCacheKey(std::string_view key) {
  return !key.empty() && key.size() <= kMaxKeyBytes && key[0] != '-' &&
         std::all_of(key.begin(), key.end(), [](char letter) {
           return (letter >= 'a' && letter <= 'z') ||
                  (letter >= '0' && letter <= '9') || letter == '-' ||
                  letter == '_';
         });
}

bool IsTopName(std::string_view name) {
  for (const std::string_view own :
       {kTagName, kInfoName, kTaskLockName, kSizeLogName, kEventLogName,
        kObjectsName, kStageName}) {
    if (name == own) return true;
  }
  return false;
}

bool IsAreaName(std::string_view name) {
  if (!name.starts_with(kStagePrefix)) return false;
  name.remove_prefix(kStagePrefix.size());
  return name.size() == kAreaDigits &&
         name.find_first_not_of("0123456789abcdef") == name.npos;
}

bool IsEntryFileName(std::string_view name) {
  return IsAnyOf(name, {kEntryInfoName, kEntryLockName, kStagedFileName});
}

bool IsDataFileName(std::string_view name, ObjectKinds kinds) {
  const bool has_parts =
      std::any_of(kinds.begin(), kinds.end(),
                  [](const ObjectKind& kind) { return kind.has_parts; });
  if (has_parts && IsOrIsTemporaryOfPart(name)) return true;
  const std::vector<std::string> paths = AllDataNames(kinds);
  return std::any_of(paths.begin(), paths.end(),
                     [name](const std::string& path) {
                       return IsOrIsTemporaryOf(name, InData(path));
                     });
}

}  // namespace finder
