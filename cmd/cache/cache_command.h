// `finder cache VERB`: shows the cache directory and takes care of it. The
// directory itself is finder/cache/cache_directory.h.
//
// One thread.
#ifndef FINDER_CMD_CACHE_CACHE_COMMAND_H_
#define FINDER_CMD_CACHE_CACHE_COMMAND_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "cmd/exit_code.h"
#include "cmd/options/command_line.h"
#include "cmd/program.h"

namespace finder {

// Fails for what no parser of options understands; to be asked first. The
// arguments are those behind the word "cache".
absl::Status CheckCacheArguments(const std::vector<std::string>& arguments);

// The operands of `command` are VERB and its arguments. kNo: an entry is
// damaged (verify) or absent (path); kFailed: a usage error, or no cache that
// can be used.
ExitCode RunCache(CommandLine& command, Program& program);

}  // namespace finder

#endif  // FINDER_CMD_CACHE_CACHE_COMMAND_H_
