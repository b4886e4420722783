// What a program asks of, or does to, its own process: environment variables,
// the working directory, the way it ends. Only cmd/ uses it; the core is handed
// values instead.
//
// Thread-safety: to be called while the process has one thread, but for the
// two ways to end it.
#ifndef FINDER_FS_POSIX_PROCESS_H_
#define FINDER_FS_POSIX_PROCESS_H_

#include <optional>
#include <string>

#include "fs/result.h"

namespace finder {

// None if the variable is not set; an empty value is a value.
std::optional<std::string> EnvironmentVariable(const std::string& name);

Outcome ChangeDirectory(const std::string& path);

// Has functions of the C library that look at characters, like fnmatch, read
// them as the user's locale says (LC_CTYPE). Without it a byte is one, as it is
// in a statically linked program where the locale is neither UTF-8 nor has one
// byte for a character.
void UseCharactersOfLocale();

// Ends the process at once: no destructors run, so that a tree of a million
// files costs nothing to leave.
[[noreturn]] void ExitNow(int status);

// From now on a process that finds no memory says so on stderr and ends with
// `status`, whichever thread it is in and without destructors.
void ExitWhenOutOfMemory(int status);

// Makes a write beyond the limit of file sizes (ulimit -f) fail with EFBIG
// instead of ending the process. Processes that are started are not affected.
void FailBeyondFileSizeLimit();

// Ends the process as the signal SIGPIPE does, which is how a shell expects a
// program to end whose reader has left.
[[noreturn]] void ExitByBrokenPipe();

}  // namespace finder

#endif  // FINDER_FS_POSIX_PROCESS_H_
