// The directory that a command's paths are relative to. One thread.
#ifndef FINDER_CMD_WORKING_DIRECTORY_H_
#define FINDER_CMD_WORKING_DIRECTORY_H_

#include <span>
#include <string>

#include "absl/status/status.h"
#include "cmd/session.h"

namespace finder {

// Changes the process into `directories` (-C), one after the other, and notes
// the last in the session. Fails with one line for the user, also if the
// session has no working directory.
absl::Status EnterDirectories(std::span<const std::string> directories,
                              Session& session);

}  // namespace finder

#endif  // FINDER_CMD_WORKING_DIRECTORY_H_
