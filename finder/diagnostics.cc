#include "finder/diagnostics.h"

#include <algorithm>
#include <tuple>

namespace finder {

void Diagnostics::Add(std::string_view path, std::string_view reason) {
  absl::MutexLock lock(&mutex_);
  ++count_;
  if (kept_.size() < kMostKept) {
    kept_.push_back({std::string(path), std::string(reason)});
  }
}

void Diagnostics::Clear() {
  absl::MutexLock lock(&mutex_);
  count_ = 0;
  kept_.clear();
}

size_t Diagnostics::count() const {
  absl::MutexLock lock(&mutex_);
  return count_;
}

std::vector<Diagnostic> Diagnostics::Sorted() const {
  std::vector<Diagnostic> sorted;
  {
    absl::MutexLock lock(&mutex_);
    sorted = kept_;
  }
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
    return std::tie(a.path, a.reason) < std::tie(b.path, b.reason);
  });
  return sorted;
}

}  // namespace finder
