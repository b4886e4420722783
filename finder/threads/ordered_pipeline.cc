#include "finder/threads/ordered_pipeline.h"

#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace finder {
namespace {

using Find = absl::FunctionRef<bool(size_t)>;
using Produce = absl::FunctionRef<void(size_t, std::string&,
                                       absl::FunctionRef<void()> hand_on)>;
using Consume = absl::FunctionRef<bool(size_t, std::string&)>;

class Pipeline {
 public:
  Pipeline(Find find, unsigned workers, Produce produce, Consume consume)
      : find_(find),
        produce_(produce),
        consume_(consume),
        window_(size_t{4} * workers) {}

  void Work() {
    std::string buffer;
    while (const std::optional<size_t> piece = Take()) {
      buffer.clear();
      produce_(*piece, buffer, [&] { HandOn(*piece, buffer); });
      Deliver(*piece, buffer);
    }
  }

 private:
  // The next piece to make; none when all are taken.
  std::optional<size_t> Take() {
    absl::MutexLock lock(&mutex_);
    const auto may_take = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return stopped_ || all_found_ || next_ < consumed_ + window_.size();
    };
    mutex_.Await(absl::Condition(&may_take));
    if (stopped_ || all_found_) return std::nullopt;
    all_found_ = !find_(next_);
    if (all_found_) return std::nullopt;
    return next_++;
  }

  // Consumes the beginning of a piece whose turn it is. While it is, no other
  // thread consumes, since this piece is not ready.
  void HandOn(size_t piece, std::string& buffer) {
    {
      absl::MutexLock lock(&mutex_);
      if (stopped_) buffer.clear();
      if (stopped_ || consuming_ || consumed_ != piece) return;
      consuming_ = true;
    }
    const bool go_on = consume_(piece, buffer);
    buffer.clear();
    absl::MutexLock lock(&mutex_);
    consuming_ = false;
    if (!go_on) stopped_ = true;
  }

  // Stores a piece and, unless another thread is at it, hands on all that are
  // due.
  void Deliver(size_t piece, std::string& buffer) {
    absl::MutexLock lock(&mutex_);
    Slot& slot = window_[piece % window_.size()];
    slot.buffer.swap(buffer);
    slot.ready = true;
    if (consuming_) return;
    consuming_ = true;
    std::string due;
    while (!stopped_ && window_[consumed_ % window_.size()].ready) {
      Slot& next = window_[consumed_ % window_.size()];
      due.swap(next.buffer);
      const size_t index = consumed_;
      mutex_.Unlock();
      const bool go_on = consume_(index, due);
      mutex_.Lock();
      next.buffer.swap(due);  // its memory serves a later piece
      next.ready = false;
      ++consumed_;
      if (!go_on) stopped_ = true;
    }
    consuming_ = false;
  }

  struct Slot {
    std::string buffer;
    bool ready = false;
  };

  const Find find_;
  const Produce produce_;
  const Consume consume_;
  absl::Mutex mutex_;
  std::vector<Slot> window_ ABSL_GUARDED_BY(mutex_);
  size_t next_ ABSL_GUARDED_BY(mutex_) = 0;
  bool all_found_ ABSL_GUARDED_BY(mutex_) = false;
  size_t consumed_ ABSL_GUARDED_BY(mutex_) = 0;
  bool consuming_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
};

// A piece that is made whole before any of it is handed on.
auto Whole(absl::FunctionRef<void(size_t, std::string&)> produce) {
  return [produce](size_t piece, std::string& buffer,
                   absl::FunctionRef<void()>) { produce(piece, buffer); };
}

void Run(ThreadPool& pool, unsigned workers, Find find, Produce produce,
         Consume consume) {
  Pipeline pipeline(find, workers, produce, consume);
  pool.Run(workers, [&pipeline](unsigned) { pipeline.Work(); });
}

}  // namespace

void RunInOrder(ThreadPool& pool, unsigned workers, size_t count,
                absl::FunctionRef<void(size_t, std::string&)> produce,
                Consume consume) {
  StreamInOrder(pool, workers, count, Whole(produce), consume);
}

void FindAndRunInOrder(ThreadPool& pool, unsigned workers, Find find,
                       absl::FunctionRef<void(size_t, std::string&)> produce,
                       Consume consume) {
  Run(pool, workers, find, Whole(produce), consume);
}

void StreamInOrder(ThreadPool& pool, unsigned workers, size_t count,
                   Produce produce, Consume consume) {
  Run(
      pool, workers, [count](size_t piece) { return piece < count; }, produce,
      consume);
}

}  // namespace finder
