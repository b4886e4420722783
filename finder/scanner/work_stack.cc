#include "finder/scanner/work_stack.h"

#include <algorithm>
#include <atomic>
#include <cstddef>

#include "finder/threads/trace.h"

namespace finder {
namespace {

// A stack this high is worth another worker's start.
constexpr size_t kWorthHelp = 8;

}  // namespace

WorkStack::WorkStack(ScanState& state, unsigned thread)
    : state_(state), thread_(thread) {
  absl::MutexLock lock(&state_.mutex);
  ++state_.working;
}

bool WorkStack::Take(WorkItem& item) {
  if (items_.empty() && !TakeShared()) return false;
  if (!state_.SpendBudget()) {
    absl::MutexLock lock(&state_.mutex);
    state_.left.insert(state_.left.end(), items_.begin(), items_.end());
    items_.clear();
    --state_.working;
    return false;
  }
  item = items_.back();
  items_.pop_back();
  return true;
}

bool WorkStack::TakeShared() {
  absl::MutexLock lock(&state_.mutex);
  if (state_.queue.empty()) {
    --state_.working;
    state_.idle.fetch_add(1, std::memory_order_relaxed);
    const auto changed = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(state_.mutex) {
      return !state_.queue.empty() || state_.working == 0;
    };
    {
      const TraceSpan span(state_.pool.trace(), thread_, Trace::Kind::kDetail,
                           "wait");
      state_.mutex.Await(absl::Condition(&changed));
    }
    state_.idle.fetch_sub(1, std::memory_order_relaxed);
    if (state_.queue.empty()) return false;
    ++state_.working;
  }
  // Leave a part for each that waits, and for those about to start.
  std::vector<WorkItem>& queue = state_.queue;
  const size_t sharers = state_.idle.load(std::memory_order_relaxed) + 2;
  const size_t take = std::min<size_t>(queue.size() / sharers + 1, 256);
  items_.insert(items_.end(), queue.end() - take, queue.end());
  queue.resize(queue.size() - take);
  return true;
}

void WorkStack::Share() {
  if (items_.size() >= kWorthHelp) AskForHelp();
  if (items_.size() < 2) return;
  if (state_.idle.load(std::memory_order_relaxed) == 0) return;
  const auto half = items_.begin() + static_cast<int64_t>(items_.size() / 2);
  absl::MutexLock lock(&state_.mutex);
  if (!state_.queue.empty()) return;
  state_.queue.insert(state_.queue.end(), items_.begin(), half);
  items_.erase(items_.begin(), half);
}

// One worker for each processor, once there is work for it.
void WorkStack::AskForHelp() {
  const unsigned wanted = state_.request.processors;
  if (state_.explorers.load(std::memory_order_relaxed) >= wanted) return;
  if (state_.explorers.fetch_add(1, std::memory_order_relaxed) < wanted) {
    state_.pool.AddWorker();
  }
}

}  // namespace finder
