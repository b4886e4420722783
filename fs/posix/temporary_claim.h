// How writers of one file share its few temporary names (fs/temporary_name.h):
// who writes a file holds a lock on it, which the kernel takes away when the
// process ends, however it ends. So a file under such a name that is not locked
// is a dead writer's. Used inside fs/ alone.
//
// Where locks are not this kernel's own (fs/posix/file_system_type.h) a writer
// on another host would look dead; there nothing of this is to be used.
//
// 1. A makes slot 0 with O_EXCL
// 2. B finds it not locked, and locks it
// 3. A cannot lock it, and makes slot 1 instead; or comes after 4, and finds
//    that what it has locked has no name any more
// 4. B sees that the name still means what it has locked, and removes it
#ifndef FINDER_FS_POSIX_TEMPORARY_CLAIM_H_
#define FINDER_FS_POSIX_TEMPORARY_CLAIM_H_

#include <string_view>

namespace finder {

// Makes `file`, which is open, the caller's for as long as it is open. False,
// with errno, if that cannot be; EWOULDBLOCK if somebody else was faster.
bool Claim(int file);

// Whether `name` in `directory` means the open `file`.
bool IsNamed(int directory, const char* name, int file);

// Removes `name` from `directory` if it is a regular file of this user, has no
// other name, and nobody has claimed it.
void RemoveUnclaimed(int directory, const char* name);

// Removes what dead writers of `final_name` left in `directory`: regular files
// of this user with one name, under one of the temporary ones. Costs a stat for
// each such name. Errors are nobody's concern: such a file harms nobody.
void RemoveDeadTemporaries(int directory, std::string_view final_name);

}  // namespace finder

#endif  // FINDER_FS_POSIX_TEMPORARY_CLAIM_H_
