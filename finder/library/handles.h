// What stands behind the opaque handles of finder.h.
//
// Thread-safety: as finder.h has it.
#ifndef FINDER_FINDER_LIBRARY_HANDLES_H_
#define FINDER_FINDER_LIBRARY_HANDLES_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

#include "finder/explain/explanation.h"
#include "finder/library/finder.h"
#include "finder/library/named_options.h"
#include "finder/library/standing_view.h"
#include "fs/posix/posix_machine.h"

struct finder_view {
  explicit finder_view(finder::ViewVariables variables);

  finder::PosixMachine machine;
  finder::StandingView view;
  std::atomic<bool> busy = false;
  std::string cache_reason;  // that finder_stats points to
};

struct finder_query {
  finder::QueryOptions options;
};

struct finder_canceller {
  std::atomic<bool> cancelled = false;
};

struct finder_answers {
  std::string paths;  // each with a NUL
  std::string kinds;  // a finder_kind each
  size_t next = 0;
  size_t next_byte = 0;
};

struct finder_explanation {
  finder::Explanation explanation;
};

namespace finder {

// The right to work on a view; false if another call has it.
class Turn {
 public:
  explicit Turn(finder_view& view)
      : view_(view),
        taken_(!view.busy.exchange(true, std::memory_order_acquire)) {}
  ~Turn() {
    if (taken_) view_.busy.store(false, std::memory_order_release);
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  explicit operator bool() const { return taken_; }

 private:
  finder_view& view_;
  const bool taken_;
};

}  // namespace finder

#endif  // FINDER_FINDER_LIBRARY_HANDLES_H_
