// How writers of one file share its few temporary names (fs/temporary_name.h).
// A writer holds a lock on its file, which the kernel takes away when the
// process ends, however it ends. So an unlocked file under such a name is a
// dead writer's. Used inside fs/ only; any thread.
//
// Do not use it where locks are not this kernel's own
// (fs/posix/files/file_system_type.h): a writer on another host would look dead
// there.
//
// 1. A makes slot 0 with O_EXCL
// 2. B finds it not locked, and locks it
// 3. A cannot lock it, and makes slot 1 instead; or comes after 4, and finds
//    that what it has locked has no name any more
// 4. B sees that the name still means what it has locked, and removes it
#ifndef FINDER_FS_POSIX_FILES_TEMPORARY_CLAIM_H_
#define FINDER_FS_POSIX_FILES_TEMPORARY_CLAIM_H_

#include <string_view>

namespace finder {

// Locks the open `file` for the caller, for as long as it is open. False, with
// errno, if that fails; EWOULDBLOCK if another process was faster.
bool Claim(int file);

// Whether `name` in `directory` means the open `file`.
bool IsNamed(int directory, const char* name, int file);

// Removes `name` from `directory` if it is a regular file of this user, has no
// other name, and nobody has claimed it.
void RemoveUnclaimed(int directory, const char* name);

// Removes what dead writers of `final_name` left in `directory`: regular files
// of this user with one name, under one of the temporary ones. Costs a stat for
// each such name. Ignores errors: such a file harms nobody.
void RemoveDeadTemporaries(int directory, std::string_view final_name);

}  // namespace finder

#endif  // FINDER_FS_POSIX_FILES_TEMPORARY_CLAIM_H_
