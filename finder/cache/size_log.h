// `cache.size`: what the entries of a cache take, as a log of changes that is
// never under the truth. doc/cache_directory.md, "Accounts".
//
// A store adds its line before the entry appears, a removal after the entry is
// gone. Who adds holds the file's lock shared, who rewrites it exclusively.
//
// Thread-safe.
#ifndef FINDER_FINDER_CACHE_SIZE_LOG_H_
#define FINDER_FINDER_CACHE_SIZE_LOG_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "finder/cache/cache_environment.h"
#include "finder/cache/cache_info.h"
#include "fs/result.h"

namespace finder {

struct AccountedSize {
  uint64_t bytes = 0;
  uint64_t entries = 0;
  // False if the log was lost, and tells only of what came since.
  bool counted = false;
  uint64_t serial = 0;  // counts the rewritings of the log
};

// What an entry with a database of this size counts: whole blocks, and three
// for its two directories and its object.info, as on ext4. The same on every
// file system, so that limits mean the same.
uint64_t AccountedBytes(int64_t database_bytes);

// A line "BYTES ENTRIES", with newlines before and after.
std::string SizeChange(int64_t bytes, int64_t entries);
// The line "=BYTES ENTRIES SERIAL" that stands for all before it.
std::string SizeBase(const AccountedSize& size);
// Adds up the lines. A malformed line is the torn one of a change that did not
// happen, and skipped.
AccountedSize SumSizes(std::string_view text);
// Adds up the lines that add.
AccountedSize SumAdditions(std::string_view text);

class SizeLog {
 public:
  // A log that has grown to this is rewritten by the store that finds it so:
  // 200 stores later, and read in some microseconds.
  static constexpr size_t kRewriteBytes = size_t{8} << 10;
  // A longer one was not written by us.
  static constexpr size_t kMaxBytes = size_t{4} << 20;

  // `environment` and `layout` must outlive it.
  SizeLog(const CacheEnvironment& environment, const CacheLayout& layout,
          CacheSharing sharing);

  // Adds a line and returns the sum with it. EAGAIN if the log is being
  // rewritten for longer than it ever takes.
  Result<AccountedSize> Add(int64_t bytes, int64_t entries);
  // All of the text; ENOENT if there is none.
  Result<std::string> Read() const;
  // Replaces the text by what `rewrite` makes of it, while nobody adds to it;
  // nothing: leaves it. EAGAIN if others were always faster.
  Outcome Rewrite(
      absl::FunctionRef<std::optional<std::string>(std::string_view)> rewrite);

 private:
  Outcome RewriteOnce(
      absl::FunctionRef<std::optional<std::string>(std::string_view)> rewrite);

  const CacheEnvironment& environment_;
  const CacheLayout& layout_;
  const CacheSharing sharing_;
  const std::string path_;
};

}  // namespace finder

#endif  // FINDER_FINDER_CACHE_SIZE_LOG_H_
