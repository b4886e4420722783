// What a log of strace(1) tells about files: for --audit. Pure; any thread.
#ifndef FINDER_CMD_RUN_STRACE_READER_H_
#define FINDER_CMD_RUN_STRACE_READER_H_

#include <string>
#include <string_view>
#include <vector>

namespace finder {

// The options of strace that write such a log, up to the name of the file.
inline constexpr std::string_view kStraceOptions[] = {
    "-f", "-qq", "-y", "-s", "4096", "-e", "trace=open,openat,openat2,execve",
    "-o"};

// The absolute paths of all files that were opened for reading or executed,
// sorted. Directories, pipes and the like are among them, if they were opened.
std::vector<std::string> FilesRead(std::string_view log);

// Whether the path is of the system, and so no input that anybody declares:
// below /usr, /proc and the like.
bool IsOfSystem(std::string_view path);

}  // namespace finder

#endif  // FINDER_CMD_RUN_STRACE_READER_H_
