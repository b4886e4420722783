// A call that works on a view: alone, and guarded as any other.
#ifndef FINDER_FINDER_LIBRARY_VIEW_CALL_H_
#define FINDER_FINDER_LIBRARY_VIEW_CALL_H_

#include "finder/library/call.h"
#include "finder/library/handles.h"

namespace finder {

// Calls `work` with the view, unless another call is at work on it.
template <typename Work>
finder_code CallView(finder_view* view, finder_error** error,
                     Work work) noexcept {
  const Turn turn(*view);
  if (!turn) {
    return Report(FINDER_BUSY, "another call is at work on the view", error);
  }
  return Guarded(error, [view, &work] { return work(*view); });
}

}  // namespace finder

#endif  // FINDER_FINDER_LIBRARY_VIEW_CALL_H_
