// Changes of cache.info, and of the permissions that follow from it.
#include <errno.h>

#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "finder/cache/cache_directory.h"
#include "finder/cache/entry_publishing.h"
#include "finder/cache/file_lock.h"
#include "finder/cache/stage_area.h"

namespace finder {
namespace {

// Reads, changes and replaces cache.info, while nobody else does.
absl::Status ChangeInfo(const CacheDirectory& cache,
                        absl::FunctionRef<void(CacheInfo&)> change) {
  const CacheEnvironment& environment = cache.environment();
  const std::string path = cache.layout().Of(kInfoName);
  const Result<LockedFile> lock = LockFileAt(
      environment, path, SharedAccess::kReadWrite, LockMode::kExclusive);
  if (!lock.ok() && lock.error().code() == EAGAIN) {
    return absl::UnavailableError(
        absl::StrCat(path, ": another process is changing it"));
  }
  if (!lock.ok()) return CacheError(path, lock.error());
  const Result<std::string> text = lock->file->Read(kMaxInfoBytes);
  if (!text.ok()) return CacheError(path, text.error());
  std::optional<CacheInfo> info = DecodeCacheInfo(text.value());
  if (!info || info->format > kCacheFormat) {
    return absl::UnavailableError(
        absl::StrCat(path, ": has been changed by another version"));
  }
  change(*info);
  const Outcome replaced =
      ReplaceFile(environment, cache.layout(), info->sharing, kInfoName,
                  EncodeCacheInfo(*info));
  return replaced.ok() ? absl::OkStatus() : CacheError(path, replaced.error());
}

// Sets the permissions of all that is in `path`, files and directories, and
// then its own. What vanishes meanwhile is passed over.
Outcome SetBelow(const CacheDirectory& cache, const std::string& path,
                 CacheSharing sharing) {
  const CacheEnvironment& environment = cache.environment();
  Result<DirectoryHandle> directory =
      environment.files->OpenDirectory({}, path, SymlinkPolicy::kNoFollow);
  if (!directory.ok()) return directory.error();
  std::vector<std::pair<std::string, FileKind>> children;
  const Outcome listed = environment.files->List(
      directory.value(), [&](std::string_view name, FileKind kind) {
        children.emplace_back(path + "/" + std::string(name), kind);
      });
  directory.value().Close();
  Outcome first = listed;
  for (const auto& [child, kind] : children) {
    Outcome set;
    if (kind == FileKind::kDirectory) {
      set = SetBelow(cache, child, sharing);
    } else if (kind == FileKind::kFile) {
      set = environment.moves->SetPermissions(child, FilePermissions(sharing));
    }
    if (!set.ok() && set.error().code() != ENOENT && first.ok()) first = set;
  }
  const Outcome own =
      environment.moves->SetPermissions(path, DirectoryPermissions(sharing));
  return first.ok() ? own : first;
}

absl::Status SetAll(const CacheDirectory& cache, CacheSharing sharing) {
  // Through a symlink of the user's own, if the cache is reached by one.
  const Outcome set = SetBelow(cache, cache.path() + "/.", sharing);
  return set.ok() ? absl::OkStatus() : CacheError(cache.path(), set.error());
}

}  // namespace

absl::Status CacheDirectory::SetLimits(const CacheLimits& limits) {
  return ChangeInfo(*this, [&](CacheInfo& info) { info.limits = limits; });
}

absl::Status CacheDirectory::SetSharing(CacheSharing sharing) {
  const auto change = [&] {
    return ChangeInfo(*this, [&](CacheInfo& info) { info.sharing = sharing; });
  };
  // Never open to the group while it is a private one.
  if (sharing == CacheSharing::kPrivate) {
    absl::Status closed = SetAll(*this, sharing);
    return closed.ok() ? change() : closed;
  }
  absl::Status changed = change();
  return changed.ok() ? SetAll(*this, sharing) : changed;
}

}  // namespace finder
