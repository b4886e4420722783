// Changes of cache.info, and of the permissions that follow from it.
#include <errno.h>

#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "finder/cache/cache_directory.h"
#include "finder/cache/disk/entry_files.h"
#include "finder/cache/disk/file_lock.h"
#include "finder/cache/disk/own_names.h"
#include "finder/cache/disk/stage_area.h"

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

struct Child {
  std::string path;
  std::string name;
  bool is_directory;
};

// Gives all that the cache has made the permissions of a sharing. What vanishes
// meanwhile is passed over, and so is what belongs to another member of a
// group: only they may change it, and the directory above keeps others from it.
class PermissionsSetter {
 public:
  PermissionsSetter(const CacheEnvironment& environment, CacheSharing sharing)
      : environment_(environment), sharing_(sharing) {}

  // The first failure; that of the directory itself counts in any case.
  Outcome SetCache(const std::string& path) {
    for (const Child& child : ChildrenOf(path)) {
      if (!IsTopName(child.name)) continue;
      if (!child.is_directory) {
        SetFile(child);
      } else if (child.name == kObjectsName || child.name == kStageName) {
        SetEntries(child);
      }
    }
    const Outcome own = environment_.shared_files->SetPermissions(
        path, DirectoryPermissions(sharing_));
    return first_failure_.ok() ? own : first_failure_;
  }

 private:
  void SetEntries(const Child& directory) {
    const bool staged = directory.name == kStageName;
    for (const Child& child : ChildrenOf(directory.path)) {
      if (!child.is_directory) continue;
      if (staged ? IsAreaName(child.name) : IsCacheKey(child.name)) {
        SetEntry(child);
      }
    }
    SetDirectory(directory);
  }

  void SetEntry(const Child& entry) {
    for (const Child& child : ChildrenOf(entry.path)) {
      if (!child.is_directory && IsEntryFileName(child.name)) SetFile(child);
      if (!child.is_directory || child.name != kDataName) continue;
      for (const Child& file : ChildrenOf(child.path)) {
        if (!file.is_directory && IsDataFileName(file.name, environment_.kinds))
          SetFile(file);
      }
      SetDirectory(child);
    }
    SetDirectory(entry);
  }

  // But for symlinks and the like, whose permissions are not theirs.
  std::vector<Child> ChildrenOf(const std::string& path) {
    std::vector<Child> children;
    Result<DirectoryHandle> directory =
        environment_.files->OpenDirectory({}, path, SymlinkPolicy::kNoFollow);
    if (!directory.ok()) {
      Note(directory.error());
      return children;
    }
    Note(environment_.files->List(
        directory.value(), [&](std::string_view name, EntryKind kind) {
          if (kind != EntryKind::kDirectory && kind != EntryKind::kFile) return;
          children.push_back({path + "/" + std::string(name), std::string(name),
                              kind == EntryKind::kDirectory});
        }));
    return children;
  }

  void SetFile(const Child& file) {
    Note(environment_.shared_files->SetPermissions(file.path,
                                                   FilePermissions(sharing_)));
  }
  void SetDirectory(const Child& directory) {
    Note(environment_.shared_files->SetPermissions(
        directory.path, DirectoryPermissions(sharing_)));
  }

  void Note(const Outcome& outcome) {
    const int code = outcome.error().code();
    if (code == ENOENT || code == EPERM || !first_failure_.ok()) return;
    first_failure_ = outcome;
  }

  const CacheEnvironment& environment_;
  const CacheSharing sharing_;
  Outcome first_failure_;
};

absl::Status SetAll(const CacheDirectory& cache, CacheSharing sharing) {
  // Through a symlink of the user's own, if the cache is reached by one.
  const Outcome set = PermissionsSetter(cache.environment(), sharing)
                          .SetCache(cache.path() + "/.");
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
