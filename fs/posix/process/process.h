// What a program asks of, or does to, its own process: environment variables,
// the working directory, the way it ends. Only cmd/ uses it; the core gets
// values instead.
//
// Thread-safety: call these while the process has one thread, except the two
// ways to end it.
#ifndef FINDER_FS_POSIX_PROCESS_PROCESS_H_
#define FINDER_FS_POSIX_PROCESS_PROCESS_H_

#include <optional>
#include <string>

#include "fs/process_facts.h"
#include "fs/result.h"

namespace finder {

// None if the variable is not set; an empty value is a value.
std::optional<std::string> EnvironmentVariable(const std::string& name);

ProcessFacts ReadProcess();

Outcome ChangeDirectory(const std::string& path);

// Makes functions of the C library, like fnmatch, read characters as the user's
// locale says (LC_CTYPE). Without it each byte is a character, as in a static
// program where the locale is neither UTF-8 nor has one byte for a character.
void UseCharactersOfLocale();

// Makes the names of months and days (LC_TIME) and the words for yes and no
// (LC_MESSAGES) those of the user's locale.
void UseWordsOfLocale();

// Ends the process at once: no destructors run, so that the end of a run costs
// nothing even with a tree of a million files.
[[noreturn]] void ExitNow(int status);

// From now on, if an allocation fails in any thread, the process says so on
// stderr and ends with `status`, without destructors.
void ExitWhenOutOfMemory(int status);

// Makes a write beyond the limit of file sizes (ulimit -f) fail with EFBIG
// instead of ending the process. It does not affect processes that this one
// starts.
void FailBeyondFileSizeLimit();

// Ends the process as the signal does: a shell expects that (SIGPIPE) of a
// program whose reader has left, and of one that stood in for another.
[[noreturn]] void ExitBySignal(int signal_number);

}  // namespace finder

#endif  // FINDER_FS_POSIX_PROCESS_PROCESS_H_
