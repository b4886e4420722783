#include "finder/scanner/growth_gauge.h"

namespace finder {
namespace {

// Long enough to see a few disk reads, short enough not to waste them.
constexpr int64_t kSampleNs = 3'000'000;
// Below this share of the processors' time they count as idle. A hot scan uses
// over nine tenths, one from a cold disk a third.
constexpr int64_t kBusyPercent = 70;
// Between two ticks lie dozens of system calls, each of which sleeps if it has
// to read the disk. Waiting for a lock a few times is no sign of that.
constexpr int64_t kManySleeps = 8;

}  // namespace

GrowthGauge::GrowthGauge(Clock& clock, ThreadPool& pool, unsigned processors)
    : clock_(clock),
      pool_(pool),
      processors_(processors),
      sampled_ns_(clock.BoottimeNs()),
      used_(clock.Usage()) {}

void GrowthGauge::Tick() {
  if (!mutex_.TryLock()) return;
  const int64_t now_ns = clock_.BoottimeNs();
  const int64_t passed_ns = now_ns - sampled_ns_;
  bool idle = false;
  if (passed_ns >= kSampleNs) {
    const ProcessUsage used = clock_.Usage();
    const int64_t cpu_ns = used.cpu_ns - used_.cpu_ns;
    idle = used.sleeps - used_.sleeps >= kManySleeps &&
           cpu_ns * 100 < passed_ns * processors_ * kBusyPercent;
    sampled_ns_ = now_ns;
    used_ = used;
  }
  mutex_.Unlock();
  if (!idle) return;
  // Twice as many each time are sixty-four within six samples, or 20 ms.
  unsigned more = pool_.started();
  while (more > 0 && pool_.AddWorker()) --more;
}

}  // namespace finder
