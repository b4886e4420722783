// The entry of the cache that holds what is kept of the answer to one question.
// Other than with a database, losing it changes what a run tells, and so does
// working on it at the same time as another run: who has it has it alone, from
// before the scan until the new one is in its place. doc/cache_directory.md,
// "Answers".
//
// Thread-compatible.
#ifndef FINDER_FINDER_CACHE_ANSWER_ENTRY_H_
#define FINDER_FINDER_CACHE_ANSWER_ENTRY_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "finder/cache/cache_directory.h"
#include "finder/cache/cache_info.h"
#include "finder/cache/entry_publishing.h"
#include "finder/cache/file_lock.h"
#include "fs/result.h"
#include "fs/shared_file.h"

namespace finder {

// What the keys of such entries begin with.
inline constexpr std::string_view kAnswerKeyPrefix = "answer-";

class AnswerEntry {
 public:
  // Locks the entry of `question` (32 hexadecimal digits) against everybody,
  // and makes an empty one where there is none. Does not wait: EAGAIN if
  // another has it. `cache` must outlive it.
  static Result<AnswerEntry> TryLock(CacheDirectory& cache,
                                     std::string_view question);

  AnswerEntry(AnswerEntry&&) noexcept = default;
  AnswerEntry& operator=(AnswerEntry&&) = delete;
  // Leaves no empty entry behind.
  ~AnswerEntry();

  const std::string& path() const { return path_; }
  // What is kept; empty if nothing is.
  absl::StatusOr<std::string> Read() const;

  // Writes what is to be kept from now on, without anybody seeing it. All that
  // can fail for want of room or rights fails here: Unavailable,
  // ResourceExhausted.
  absl::Status Prepare(std::string_view text,
                       const EntryDescription& description);
  // Makes it what is kept, in one step, and unlocks the entry. Once, after
  // Prepare.
  absl::Status Publish();

  // Counts a use that changes nothing.
  void NoteUse();

 private:
  AnswerEntry(CacheDirectory* cache, std::string key, LockedFile lock);

  CacheDirectory* cache_;
  std::string key_;
  std::string path_;
  std::unique_ptr<SharedFile> lock_;  // null once it is handed on
  uint64_t uses_;
  std::unique_ptr<PreparedEntry> prepared_;
  // Whether anything was ever kept in it.
  bool used_;
};

// What is kept under a key, read without a lock, since it is never written
// again. NotFound if there is none.
absl::StatusOr<std::string> ReadAnswer(const CacheDirectory& cache,
                                       std::string_view key);

}  // namespace finder

#endif  // FINDER_FINDER_CACHE_ANSWER_ENTRY_H_
