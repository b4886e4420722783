#include <errno.h>
#include <stdio.h>

#include <string>
#include <string_view>

#include "absl/synchronization/mutex.h"
#include "fs/fake/disk/fake_calls.h"
#include "fs/fake/disk/fake_disk.h"
#include "fs/fake/disk/fake_shared_files.h"
#include "fs/path.h"

namespace finder {

Result<std::string> FakeSharedFiles::MakeUniqueDirectory(
    std::string_view parent, std::string_view prefix, uint32_t permissions) {
  for (;;) {
    char digits[33];
    snprintf(digits, sizeof(digits), "%032llx",
             static_cast<unsigned long long>(next_name_++));
    std::string path(parent);
    path.append("/").append(prefix).append(digits);
    const Outcome made = files_.MakeDirectory(path, permissions);
    if (made.ok()) return path;
    if (made.error().code() != EEXIST) return made.error();
  }
}

Outcome FakeSharedFiles::Exchange(std::string_view a, std::string_view b) {
  const DirectoryHandle here;
  const Outcome fault =
      files_.calls_.Note(Operation::kExchange, files_.AbsolutePath(here, a),
                         files_.AbsolutePath(here, b));
  if (!fault.ok()) return fault;
  if (flags_forbidden_) return SystemError(EINVAL);
  absl::MutexLock lock(&files_.disk_->mutex());
  const auto first = files_.Find(here, a, SymlinkPolicy::kNoFollow);
  if (!first.ok()) return first.error();
  const auto second = files_.Find(here, b, SymlinkPolicy::kNoFollow);
  if (!second.ok()) return second.error();
  files_.disk_->BeginCall();
  const Outcome done =
      files_.disk_->Exchange(files_.user(), first.value(), second.value());
  files_.disk_->EndCall();
  return done;
}

Outcome FakeSharedFiles::MoveToFree(std::string_view from,
                                    std::string_view to) {
  const DirectoryHandle here;
  const Outcome fault = files_.calls_.Note(Operation::kMoveToFree,
                                           files_.AbsolutePath(here, from),
                                           files_.AbsolutePath(here, to));
  if (!fault.ok()) return fault;
  absl::MutexLock lock(&files_.disk_->mutex());
  const auto source = files_.Find(here, from, SymlinkPolicy::kNoFollow);
  if (!source.ok()) return source.error();
  const auto target = files_.Find(here, to, SymlinkPolicy::kNoFollow);
  if (!target.ok()) return target.error();
  if (target->inode != nullptr) return SystemError(EEXIST);
  files_.disk_->BeginCall();
  const Outcome done =
      files_.disk_->Rename(files_.user(), source.value(), target.value());
  files_.disk_->EndCall();
  return done;
}

Outcome FakeSharedFiles::SetPermissions(std::string_view path,
                                        uint32_t permissions) {
  const DirectoryHandle here;
  const Outcome fault = files_.calls_.Note(Operation::kSetPermissions,
                                           files_.AbsolutePath(here, path));
  if (!fault.ok()) return fault;
  const FakeUser user = files_.user();
  absl::MutexLock lock(&files_.disk_->mutex());
  const auto inode = files_.FindExisting(here, path, SymlinkPolicy::kNoFollow);
  if (!inode.ok()) return inode.error();
  if (inode.value()->kind == EntryKind::kSymlink) return SystemError(ELOOP);
  if (!user.root && user.id != inode.value()->owner) return SystemError(EPERM);
  inode.value()->permissions = permissions & 07777;
  files_.disk_->TouchAttributes(*inode.value());
  return {};
}

}  // namespace finder
