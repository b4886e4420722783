// Indexes that several threads work through.
//
// Internal to finder/results/hashes/file_hashes.h. Thread-safe.
#ifndef FINDER_FINDER_RESULTS_HASHES_WORK_SHARE_H_
#define FINDER_FINDER_RESULTS_HASHES_WORK_SHARE_H_

#include <algorithm>
#include <atomic>
#include <cstddef>

#include "finder/threads/thread_pool.h"

namespace finder {

// Hands out indexes below `count`, some at a time, to several threads.
class WorkShare {
 public:
  WorkShare(size_t count, size_t at_a_time)
      : count_(count), at_a_time_(at_a_time) {}
  // False: there are no more.
  bool Next(size_t& begin, size_t& end) {
    begin = next_.fetch_add(at_a_time_, std::memory_order_relaxed);
    end = std::min(count_, begin + at_a_time_);
    return begin < count_;
  }
  unsigned WorkersFor(const ThreadPool& pool) const {
    const size_t pieces = (count_ + at_a_time_ - 1) / at_a_time_;
    return static_cast<unsigned>(
        std::clamp<size_t>(pieces, 1, std::max(1u, pool.most())));
  }

 private:
  const size_t count_;
  const size_t at_a_time_;
  std::atomic<size_t> next_{0};
};

}  // namespace finder

#endif  // FINDER_FINDER_RESULTS_HASHES_WORK_SHARE_H_
