// What a git configuration says of ignore files: core.excludesFile and
// core.ignoreCase. [include] is told to the caller, who reads files;
// [includeIf] is left out.
//
// Pure; any thread.
#ifndef FINDER_FINDER_IGNORE_GIT_CONFIG_H_
#define FINDER_FINDER_IGNORE_GIT_CONFIG_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"

namespace finder {

struct GitConfig {
  // As written: may begin with "~/", or be relative.
  std::optional<std::string> excludes_file;
  std::optional<bool> ignore_case;
};

// Puts what `text` says over what `config` says. `include` is called with the
// path of each file that is to be read in its place, as written. A line that is
// no line of a configuration ends it.
void ReadGitConfig(std::string_view text, GitConfig& config,
                   absl::FunctionRef<void(const std::string& path)> include);

}  // namespace finder

#endif  // FINDER_FINDER_IGNORE_GIT_CONFIG_H_
