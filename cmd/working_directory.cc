#include "cmd/working_directory.h"

#include "absl/strings/str_cat.h"
#include "fs/host.h"
#include "fs/posix/posix_host.h"
#include "fs/posix/process/process.h"

namespace finder {

absl::Status EnterDirectories(std::span<const std::string> directories,
                              Program& program) {
  for (const std::string& directory : directories) {
    const Outcome changed = ChangeDirectory(directory);
    if (!changed.ok()) {
      return absl::NotFoundError(
          absl::StrCat(directory, ": ", changed.error().Message()));
    }
  }
  if (!directories.empty()) program.working_directory = WorkingDirectory();
  if (program.working_directory.empty()) {
    return absl::NotFoundError("the working directory does not exist any more");
  }
  return absl::OkStatus();
}

}  // namespace finder
