// Measures one phase of a run into its metrics and its trace, from construction
// to destruction. One thread.
#ifndef FINDER_FINDER_FACADE_PHASE_TIMER_H_
#define FINDER_FINDER_FACADE_PHASE_TIMER_H_

#include <cstdint>
#include <string_view>

#include "finder/metrics.h"
#include "finder/threads/trace.h"
#include "fs/clock.h"

namespace finder {

class PhaseTimer {
 public:
  // `work`: what the threads are at meanwhile, for the trace.
  // `trace`: may be null. All must outlive it.
  PhaseTimer(Clock& clock, Trace* trace, Metrics& metrics,
             std::string_view name, std::string_view work)
      : clock_(clock),
        metrics_(metrics),
        name_(name),
        span_(trace, 0, Trace::Kind::kPhase, name),
        start_ns_(clock_.BoottimeNs()) {
    if (trace != nullptr) trace->set_work(work);
  }
  ~PhaseTimer() {
    const int64_t duration_ns = clock_.BoottimeNs() - start_ns_;
    for (PhaseTime& phase : metrics_.phases) {
      if (phase.name != name_) continue;
      phase.duration_ns += duration_ns;
      return;
    }
    metrics_.phases.push_back({name_, duration_ns});
  }
  PhaseTimer(const PhaseTimer&) = delete;
  PhaseTimer& operator=(const PhaseTimer&) = delete;

 private:
  Clock& clock_;
  Metrics& metrics_;
  const std::string_view name_;
  const TraceSpan span_;
  const int64_t start_ns_;
};

}  // namespace finder

#endif  // FINDER_FINDER_FACADE_PHASE_TIMER_H_
