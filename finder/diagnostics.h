// What a scan could not see: one record a path, collected while the scan goes
// on and reported when it is over.
//
// Thread-safety: Add may be called from any thread; the rest while no scan is
// under way.
#ifndef FINDER_FINDER_DIAGNOSTICS_H_
#define FINDER_FINDER_DIAGNOSTICS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace finder {

struct Diagnostic {
  std::string path;    // as printed
  std::string reason;  // e.g. "Permission denied"
  friend bool operator==(const Diagnostic&, const Diagnostic&) = default;
};

class Diagnostics {
 public:
  // Keeps the record unless there are kMostKept already; counts it always.
  void Add(std::string_view path, std::string_view reason);

  void Clear();

  // How many were added.
  size_t count() const;
  // Those kept, sorted by path.
  std::vector<Diagnostic> Sorted() const;

  // Bounds the memory of a scan that can read nothing.
  static constexpr size_t kMostKept = 10'000;

 private:
  mutable absl::Mutex mutex_;
  size_t count_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<Diagnostic> kept_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace finder

#endif  // FINDER_FINDER_DIAGNOSTICS_H_
