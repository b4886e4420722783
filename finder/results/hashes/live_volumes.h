// Which of the file systems that hashes were kept of are which now, by the
// numbers that they bear in this run. As finder/scanner/device_table.h, for
// files. doc/consistency.md, "Which file systems are believed".
//
// Internal to finder/results/hashes/file_hashes.h. Thread-safe.
#ifndef FINDER_FINDER_RESULTS_HASHES_LIVE_VOLUMES_H_
#define FINDER_FINDER_RESULTS_HASHES_LIVE_VOLUMES_H_

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "fs/file_system.h"
#include "fs/volume.h"

namespace finder {

// A file system that bears a number now.
struct LiveVolume {
  uint64_t number = 0;
  Volume volume;
  uint32_t index = 0;  // in LiveVolumes::volumes()
};

class LiveVolumes {
 public:
  // `stored` are those that hashes were kept of. `files` must outlive this, and
  // this all that it returns.
  LiveVolumes(FileSystem& files, std::vector<Volume> stored)
      : files_(files), volumes_(std::move(stored)) {}

  // The one that bears this number, if it was identified; else null.
  const LiveVolume* Find(uint64_t number) const ABSL_LOCKS_EXCLUDED(mutex_);
  // The one that the file at `path`, of this stat, lies on. Null if nothing is
  // known of it: the file is mounted as one, or of a layer of its own.
  const LiveVolume* Identify(const std::string& path, const FileStat& stat)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // The stored ones, and those of this run that were none of them.
  std::vector<Volume> volumes() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  const LiveVolume* FindLocked(uint64_t number) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::optional<uint32_t> FindStoredLocked(const Volume& volume) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  FileSystem& files_;
  mutable absl::Mutex mutex_;
  std::vector<Volume> volumes_ ABSL_GUARDED_BY(mutex_);
  std::deque<LiveVolume> live_ ABSL_GUARDED_BY(mutex_);  // they stay in place
};

}  // namespace finder

#endif  // FINDER_FINDER_RESULTS_HASHES_LIVE_VOLUMES_H_
