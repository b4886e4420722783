// What happened when, and on which thread: spans of time that a run notes for
// --trace. Their written form is not known here.
//
// All code notes spans through a pointer that is null without --trace; that
// costs a comparison, and no look at the clock. Note a span only for work of at
// least some ten microseconds: phases, blocks, waits.
//
// Thread-safety: each thread adds to its own list, without a lock. A thread's
// number is the index that ThreadPool gives to it, 0 for the one that runs the
// pool; one index is one thread during a call of ThreadPool::Run. Read spans
// only while no thread works.
#ifndef FINDER_FINDER_THREADS_TRACE_H_
#define FINDER_FINDER_THREADS_TRACE_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "fs/clock.h"

namespace finder {

class Trace {
 public:
  enum class Kind : uint8_t {
    kPhase,  // a step of the run
    kWork,   // a thread's part of a phase
    kDetail,
  };

  struct Span {
    Kind kind = Kind::kDetail;
    std::string_view name;        // these live for ever
    std::string_view count_name;  // of what; empty: nothing was counted
    uint64_t count = 0;
    int64_t begin_ns = 0;  // of Clock::BoottimeNs
    int64_t end_ns = 0;
  };

  // `clock` must outlive this.
  explicit Trace(Clock& clock) : clock_(clock), threads_(kMostThreads) {}
  Trace(const Trace&) = delete;
  Trace& operator=(const Trace&) = delete;

  int64_t Now() { return clock_.BoottimeNs(); }
  // Adds a span; they come in the order in which they end. Threads beyond
  // kMostThreads note nothing.
  void Add(unsigned thread, const Span& span) {
    if (thread < kMostThreads) threads_[thread].spans.push_back(span);
  }

  // The work of a pool's threads, from the next ThreadPool::Run on.
  void set_work(std::string_view name) { work_ = name; }
  std::string_view work() const { return work_; }

  const std::vector<Span>& spans(unsigned thread) const {
    return threads_[thread].spans;
  }

  static constexpr unsigned kMostThreads = 512;

 private:
  // A line of the processor's cache each, so that threads do not disturb each
  // other.
  struct alignas(64) Thread {
    std::vector<Span> spans;
  };

  Clock& clock_;
  std::vector<Thread> threads_;
  std::string_view work_;
};

// Notes the time from its construction to its destruction; nothing if `trace`
// is null.
class TraceSpan {
 public:
  TraceSpan(Trace* trace, unsigned thread, Trace::Kind kind,
            std::string_view name)
      : trace_(trace), thread_(thread) {
    if (trace_ == nullptr) return;
    span_.kind = kind;
    span_.name = name;
    span_.begin_ns = trace_->Now();
  }
  ~TraceSpan() {
    if (trace_ == nullptr) return;
    span_.end_ns = trace_->Now();
    trace_->Add(thread_, span_);
  }
  TraceSpan(const TraceSpan&) = delete;
  TraceSpan& operator=(const TraceSpan&) = delete;

  // How much was done: "directories", 128.
  void SetCount(std::string_view name, uint64_t count) {
    span_.count_name = name;
    span_.count = count;
  }

 private:
  Trace* const trace_;
  const unsigned thread_;
  Trace::Span span_;
};

}  // namespace finder

#endif  // FINDER_FINDER_THREADS_TRACE_H_
