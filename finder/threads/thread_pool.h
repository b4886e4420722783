// Worker threads, started when first needed and kept until the pool goes.
//
// Small work must not pay for threads: a Run with one worker starts none. If
// the kernel refuses a thread (ulimit -u), the others do the work.
//
// Thread-safety: one thread at a time calls Run; the work calls AddWorker.
#ifndef FINDER_FINDER_THREADS_THREAD_POOL_H_
#define FINDER_FINDER_THREADS_THREAD_POOL_H_

#include <pthread.h>

#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/synchronization/mutex.h"
#include "finder/threads/trace.h"

namespace finder {

class ThreadPool {
 public:
  // `most` >= 1 counts the calling thread. The threads note their work in
  // `trace`, unless that is null; it must outlive the pool.
  explicit ThreadPool(unsigned most, Trace* trace = nullptr)
      : most_(most), trace_(trace) {}
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  unsigned most() const { return most_; }
  Trace* trace() const { return trace_; }
  // How many threads there have been so far, the calling one included.
  unsigned started() const;

  // Calls `work(0)` on this thread and `work(1)` ... `work(workers - 1)` on
  // others, and returns when all have returned. A worker that could not be
  // started is simply missing, so no work may wait for a given index.
  void Run(unsigned workers, absl::FunctionRef<void(unsigned)> work);

  // From inside the work: has one more thread call it, under the next index.
  // False if there are `most` already, or the kernel refuses.
  bool AddWorker();

 private:
  using Work = absl::FunctionRef<void(unsigned)>;

  static void* ThreadMain(void* pool);
  void Serve();
  // Memory that runs out ends the process: others are at the same work.
  void DoWork(Work work, unsigned index) const noexcept;
  bool AddWorkerLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const unsigned most_;
  Trace* const trace_;
  mutable absl::Mutex mutex_;
  std::vector<pthread_t> threads_ ABSL_GUARDED_BY(mutex_);
  const Work* work_ ABSL_GUARDED_BY(mutex_) = nullptr;
  unsigned wanted_ ABSL_GUARDED_BY(mutex_) = 0;   // indexes given out or due
  unsigned started_ ABSL_GUARDED_BY(mutex_) = 0;  // indexes given out
  unsigned running_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace finder

#endif  // FINDER_FINDER_THREADS_THREAD_POOL_H_
