// `finder cache VERB`: shows the cache directory and takes care of it. The
// directory itself is finder/cache/cache_directory.h.
//
// One thread.
#ifndef FINDER_CMD_CACHE_CACHE_COMMAND_H_
#define FINDER_CMD_CACHE_CACHE_COMMAND_H_

#include <string>
#include <vector>

#include "cmd/exit_code.h"
#include "cmd/session.h"

namespace finder {

// `arguments` are those after the word "cache". kNo: an entry is damaged
// (verify) or absent (path); kFailed: a usage error, or no usable cache.
ExitCode RunCache(const std::vector<std::string>& arguments, Session& session);

}  // namespace finder

#endif  // FINDER_CMD_CACHE_CACHE_COMMAND_H_
