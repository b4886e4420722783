#include "finder/cache/disk/file_lock.h"

#include <errno.h>

#include <string>
#include <utility>

namespace finder {
namespace {

// Each is one replacement that came just between two calls.
constexpr int kMaxAttempts = 8;

bool IsForbidden(SystemError error) {
  return error.code() == EACCES || error.code() == EROFS ||
         error.code() == EPERM;
}

}  // namespace

bool IsStillAt(const CacheEnvironment& environment, const std::string& path,
               const FileStat& stat) {
  const Result<FileStat> there =
      environment.files->Stat({}, path, SymlinkPolicy::kNoFollow);
  return there.ok() && IsSameFile(there.value(), stat);
}

Result<LockedFile> LockFileAt(const CacheEnvironment& environment,
                              const std::string& path, SharedAccess access,
                              LockMode mode, uint32_t permissions) {
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    auto file = environment.shared_files->Open(path, access, permissions);
    if (!file.ok() && access == SharedAccess::kReadWrite &&
        IsForbidden(file.error())) {
      file = environment.shared_files->Open(path, SharedAccess::kRead, 0);
    }
    if (!file.ok()) return file.error();
    const Outcome locked = file.value()->TryLock(mode);
    if (!locked.ok()) return locked.error();
    const Result<FileStat> stat = file.value()->Stat();
    if (!stat.ok()) return stat.error();
    if (stat->kind != EntryKind::kFile) return SystemError(EINVAL);
    if (IsStillAt(environment, path, stat.value())) {
      return LockedFile{std::move(file).value(), stat.value()};
    }
  }
  return SystemError(EAGAIN);
}

}  // namespace finder
