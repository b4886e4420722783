// `finder doctor [ROOT]`: measures whether a file system behaves as the cache
// needs it, and reports. doc/consistency.md says what the cache needs.
//
// Makes a directory of its own in ROOT, changes it for some seconds, and
// removes it. One thread.
#ifndef FINDER_CMD_DOCTOR_COMMAND_H_
#define FINDER_CMD_DOCTOR_COMMAND_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "cmd/exit_code.h"
#include "cmd/options/command_line.h"
#include "cmd/program.h"

namespace finder {

// What the kernel tells besides, and a way to wait.
struct DoctorTools {
  std::string mount_type;  // empty if not known
  std::optional<uint64_t> inotify_watches;
  std::function<void(int64_t ns)> sleep;
};

// The operand of `command` is ROOT; "." if there is none.
ExitCode RunDoctor(CommandLine& command, Program& program);

// `root` is as given, relative to the working directory. kDone: the cache is
// safe there and a gain; kNo: it is not; kFailed: ROOT is missing, or cannot be
// written to, so nothing was measured.
ExitCode Doctor(const std::string& root, const DoctorTools& tools,
                Program& program);

}  // namespace finder

#endif  // FINDER_CMD_DOCTOR_COMMAND_H_
