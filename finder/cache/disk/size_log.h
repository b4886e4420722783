// `cache.size`: what the entries of a cache take, as a log of changes that is
// never under the truth. doc/cache_directory.md, "Accounts".
//
// A store adds its line before the entry appears, a removal after the entry is
// gone. Who adds a line holds the file's lock shared, who shortens it,
// exclusively.
//
// Thread-safe.
#ifndef FINDER_FINDER_CACHE_DISK_SIZE_LOG_H_
#define FINDER_FINDER_CACHE_DISK_SIZE_LOG_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "finder/cache/disk/cache_environment.h"
#include "finder/cache/disk/cache_info.h"
#include "fs/result.h"

namespace finder {

struct AccountedSize {
  uint64_t bytes = 0;
  uint64_t entries = 0;
  // All that was ever added, removals apart. Only grows, so that two sums tell
  // what came between them.
  uint64_t added_bytes = 0;
  uint64_t added_entries = 0;
  // False if the log was lost, and tells only of what came since.
  bool counted = false;
};

// What an entry with data of this size counts: whole blocks, and three
// for its two directories and its object.info, as on ext4. The same on every
// file system, so that limits mean the same.
uint64_t AccountedBytes(int64_t data_bytes);

// A line "BYTES ENTRIES", with newlines before and after.
std::string SizeChange(int64_t bytes, int64_t entries);
// The line "=BYTES ENTRIES ADDED_BYTES ADDED_ENTRIES": so much there was when
// so much had been added. It stands for all before it, whatever was added
// between the counting and the line.
std::string SizeBase(const AccountedSize& size);
// Adds up the lines. A malformed line is the torn one of a change that did not
// happen, and skipped.
AccountedSize SumSizes(std::string_view text);

class SizeLog {
 public:
  // A log that has grown to this is shortened by the store that finds it so:
  // every 200 stores, and it is read in some microseconds.
  static constexpr size_t kLongBytes = size_t{8} << 10;
  // A longer one was not written by us.
  static constexpr size_t kMaxBytes = size_t{4} << 20;

  // `environment` and `layout` must outlive it.
  SizeLog(const CacheEnvironment& environment, const CacheLayout& layout,
          CacheSharing sharing);

  // Adds a change and returns the sum with it. EAGAIN if the log is being
  // rewritten for longer than it ever takes, EFBIG if it is too long.
  Result<AccountedSize> Add(int64_t bytes, int64_t entries);
  // The sum; ENOENT if there is no log.
  Result<AccountedSize> Sum() const;
  // Says what there was when `size.added_...` had been added, and returns the
  // sum with it.
  Result<AccountedSize> SetBase(const AccountedSize& size);

 private:
  Result<AccountedSize> AppendLine(std::string_view line);
  // Makes it one line, unless somebody is adding to it. It does not matter who
  // does it, nor when.
  void Shorten();

  const CacheEnvironment& environment_;
  const CacheLayout& layout_;
  const CacheSharing sharing_;
  const std::string path_;
};

}  // namespace finder

#endif  // FINDER_FINDER_CACHE_DISK_SIZE_LOG_H_
