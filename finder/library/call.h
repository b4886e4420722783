// A call across the C boundary: whatever goes wrong inside becomes a code and a
// message, exceptions too.
//
// Pure; any thread.
#ifndef FINDER_FINDER_LIBRARY_CALL_H_
#define FINDER_FINDER_LIBRARY_CALL_H_

#include <new>
#include <string_view>

#include "absl/status/status.h"
#include "finder/library/finder.h"

namespace finder {

// Returns `code`, and hands out the error, if it is one and is wanted.
finder_code Report(finder_code code, std::string_view message,
                   finder_error** error) noexcept;
finder_code Report(const absl::Status& status, finder_error** error) noexcept;

// Calls `work`, which returns an absl::Status.
template <typename Work>
finder_code Guarded(finder_error** error, Work work) noexcept {
  try {
    return Report(work(), error);
  } catch (const std::bad_alloc&) {
    return Report(FINDER_NO_MEMORY, "out of memory", error);
  } catch (...) {
    return Report(FINDER_FAILED, "an exception was thrown", error);
  }
}

}  // namespace finder

#endif  // FINDER_FINDER_LIBRARY_CALL_H_
