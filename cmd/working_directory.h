// The directory that a command's paths are relative to. One thread.
#ifndef FINDER_CMD_WORKING_DIRECTORY_H_
#define FINDER_CMD_WORKING_DIRECTORY_H_

#include <span>
#include <string>

#include "absl/status/status.h"
#include "cmd/program.h"

namespace finder {

// Changes the process into `directories` (-C), one after the other, and notes
// the last in the program. Fails with one line for the user, also if the
// program has no working directory.
absl::Status EnterDirectories(std::span<const std::string> directories,
                              Program& program);

}  // namespace finder

#endif  // FINDER_CMD_WORKING_DIRECTORY_H_
