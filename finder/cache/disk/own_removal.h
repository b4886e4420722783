// Removal by name: only what the cache has made goes
// (finder/cache/disk/own_names.h), never a directory with whatever it holds. A
// file of the user's that has got into a cache stays, wherever it lies.
//
// Thread-safe.
#ifndef FINDER_FINDER_CACHE_DISK_OWN_REMOVAL_H_
#define FINDER_FINDER_CACHE_DISK_OWN_REMOVAL_H_

#include <string>

#include "finder/cache/disk/cache_environment.h"
#include "fs/result.h"

namespace finder {

// Removes the cache's files of an entry or a stage area, the lock last, so that
// what a crash leaves can still be locked; and then the directories, if nothing
// else is in them. ENOTEMPTY if there is, which stays where it is. Goes on
// after a failure and returns the first.
Outcome RemoveOwn(const CacheEnvironment& environment, const std::string& path);

}  // namespace finder

#endif  // FINDER_FINDER_CACHE_DISK_OWN_REMOVAL_H_
