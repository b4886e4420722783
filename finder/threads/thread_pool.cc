#include "finder/threads/thread_pool.h"

#include <algorithm>
#include <cstddef>

namespace finder {
namespace {

// Our deepest stack is a few hundred KB (RE2 and the listing buffer); the
// default of 8 MB a thread would run into `ulimit -v`.
constexpr size_t kStackBytes = size_t{1} << 20;

}  // namespace

ThreadPool::~ThreadPool() {
  std::vector<pthread_t> threads;
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    threads.swap(threads_);
  }
  for (pthread_t thread : threads) pthread_join(thread, nullptr);
}

unsigned ThreadPool::started() const {
  absl::MutexLock lock(&mutex_);
  return static_cast<unsigned>(threads_.size()) + 1;
}

void ThreadPool::Run(unsigned workers, absl::FunctionRef<void(unsigned)> work) {
  {
    absl::MutexLock lock(&mutex_);
    work_ = &work;
    wanted_ = started_ = 1;
    for (unsigned i = 1; i < workers && AddWorkerLocked(); ++i) {
    }
  }
  DoWork(work, 0);
  absl::MutexLock lock(&mutex_);
  // What no thread has begun by now would find nothing left to do.
  wanted_ = started_;
  mutex_.Await(absl::Condition(
      +[](unsigned* running) { return *running == 0; }, &running_));
  work_ = nullptr;
}

void ThreadPool::DoWork(Work work, unsigned index) const noexcept {
  const TraceSpan span(trace_, index, Trace::Kind::kWork,
                       trace_ == nullptr ? "" : trace_->work());
  work(index);
}

bool ThreadPool::AddWorker() {
  absl::MutexLock lock(&mutex_);
  return AddWorkerLocked();
}

bool ThreadPool::AddWorkerLocked() {
  if (wanted_ >= most_) return false;
  if (threads_.size() < wanted_) {
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, kStackBytes);
    pthread_t thread;
    const int error =
        pthread_create(&thread, &attributes, &ThreadPool::ThreadMain, this);
    pthread_attr_destroy(&attributes);
    if (error != 0) return false;
    threads_.push_back(thread);
  }
  ++wanted_;
  return true;
}

void* ThreadPool::ThreadMain(void* pool) {
  static_cast<ThreadPool*>(pool)->Serve();
  return nullptr;
}

void ThreadPool::Serve() {
  absl::MutexLock lock(&mutex_);
  const auto due = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || started_ < wanted_;
  };
  while (true) {
    mutex_.Await(absl::Condition(&due));
    if (stopping_) return;
    const Work* work = work_;
    const unsigned index = started_++;
    ++running_;
    mutex_.Unlock();
    DoWork(*work, index);
    mutex_.Lock();
    --running_;
  }
}

}  // namespace finder
