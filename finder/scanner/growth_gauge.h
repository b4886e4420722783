// Decides during a scan whether more workers would help.
//
// With everything in the page cache a scan is bound by the processor, and more
// workers than processors only get in each other's way. When the disk must be
// read, workers sleep, and dozens of them keep the disk busy. Which it is shows
// within milliseconds: the processor time used against the time that passed,
// and how often a worker went to sleep (on a machine that is busy with other
// things we get little time without ever sleeping). So a scan starts
// with as many workers as there are processors and grows while these sleep;
// doc/benchmarks.md has the measurements.
//
// Thread-safety: Tick may be called from any thread.
#ifndef FINDER_FINDER_SCANNER_GROWTH_GAUGE_H_
#define FINDER_FINDER_SCANNER_GROWTH_GAUGE_H_

#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "finder/threads/thread_pool.h"
#include "fs/clock.h"

namespace finder {

class GrowthGauge {
 public:
  GrowthGauge(Clock& clock, ThreadPool& pool, unsigned processors);

  // To be called by a worker every some dozen system calls. Doubles the
  // pool's workers if they have slept for long enough.
  void Tick();

 private:
  Clock& clock_;
  ThreadPool& pool_;
  const unsigned processors_;
  absl::Mutex mutex_;
  int64_t sampled_ns_ ABSL_GUARDED_BY(mutex_);
  ProcessUsage used_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace finder

#endif  // FINDER_FINDER_SCANNER_GROWTH_GAUGE_H_
