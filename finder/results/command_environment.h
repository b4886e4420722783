// What of its environment a command sees, and what of that counts for its key:
// nothing that was not declared can leak into a result. doc/run.md has the list
// for users.
//
// Pure but for the look-up of the executable; any thread.
#ifndef FINDER_FINDER_RESULTS_COMMAND_ENVIRONMENT_H_
#define FINDER_FINDER_RESULTS_COMMAND_ENVIRONMENT_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "finder/results/result_key.h"
#include "fs/file_system.h"

namespace finder {

// What the options say of the environment.
struct EnvironmentOptions {
  std::vector<std::string> keyed = {};   // --env
  std::vector<std::string> passed = {};  // --pass-env
  bool all = false;                      // --env-all: the whole of it is keyed
};

struct CommandEnvironment {
  std::vector<std::string> seen;       // "NAME=value", sorted
  std::vector<KeyVariable> variables;  // keyed; those declared even if not set
  std::optional<std::string> path;     // PATH
};

// Whether every command sees the variable, and it is keyed: HOME, USER, TERM,
// TMPDIR, LANG, LC_*. PATH is seen by all too, but what counts is the
// executable that is found by it.
bool IsAlwaysKeyed(std::string_view name);

// InvalidArgument for a name that is empty or has a '=' in it. Of a variable
// that is set twice the first counts, as for getenv(3).
absl::StatusOr<CommandEnvironment> FilterEnvironment(
    std::span<const std::string> environment,
    const EnvironmentOptions& options);

// The file that execvp(3) would run: `program` itself if it has a '/', else the
// first executable file of that name in `path`. None if there is none.
std::optional<std::string> FindExecutable(
    std::string_view program, const std::optional<std::string>& path,
    FileSystem& files);

}  // namespace finder

#endif  // FINDER_FINDER_RESULTS_COMMAND_ENVIRONMENT_H_
