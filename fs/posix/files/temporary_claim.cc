#include "fs/posix/files/temporary_claim.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <string_view>

#include "fs/posix/files/descriptor.h"
#include "fs/temporary_name.h"

namespace finder {
bool Claim(int file) { return flock(file, LOCK_EX | LOCK_NB) == 0; }

bool IsNamed(int directory, const char* name, int file) {
  struct stat named, opened;
  return fstatat(directory, name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
         fstat(file, &opened) == 0 && named.st_dev == opened.st_dev &&
         named.st_ino == opened.st_ino;
}

void RemoveUnclaimed(int directory, const char* name) {
  struct stat found;
  if (fstatat(directory, name, &found, AT_SYMLINK_NOFOLLOW) != 0) return;
  if (!S_ISREG(found.st_mode) || found.st_uid != geteuid() ||
      found.st_nlink != 1) {
    return;
  }
  // It may have become anything else meanwhile: neither followed nor waited
  // for, and compared once it is locked.
  const Descriptor file =
      OpenAt(directory, name,
             O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (!file.is_open() || !Claim(file.get())) return;
  struct stat opened;
  if (fstat(file.get(), &opened) != 0 || opened.st_dev != found.st_dev ||
      opened.st_ino != found.st_ino || opened.st_nlink != 1) {
    return;
  }
  if (IsNamed(directory, name, file.get())) unlinkat(directory, name, 0);
}

void RemoveDeadTemporaries(int directory, std::string_view final_name) {
  for (int slot = 0; slot < kTemporarySlots; ++slot) {
    RemoveUnclaimed(directory, TemporarySlotName(final_name, slot).c_str());
  }
}

}  // namespace finder
