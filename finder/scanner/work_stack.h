// What one worker has still to explore, the next on top, and how it shares that
// with the others. Internal to the scanner.
//
// Only when another worker is idle does a worker give away the older half of
// its stack, under the lock; otherwise it takes none.
//
// Thread-safety: one thread each; they share ScanState only.
#ifndef FINDER_FINDER_SCANNER_WORK_STACK_H_
#define FINDER_FINDER_SCANNER_WORK_STACK_H_

#include <vector>

#include "finder/scanner/scan_state.h"

namespace finder {

class WorkStack {
 public:
  // `thread`: its index in the pool.
  WorkStack(ScanState& state, unsigned thread);

  void Push(const WorkItem& item) { items_.push_back(item); }
  // The next item; waits for one of another worker's if there is none. False
  // when no worker can make any more, or when the step's budget is used up.
  bool Take(WorkItem& item);
  // To be called after each item. Starts another worker, or gives items to one
  // that is idle, if there is work for it.
  void Share();

 private:
  bool TakeShared();
  void AskForHelp();

  ScanState& state_;
  const unsigned thread_;
  std::vector<WorkItem> items_;
};

}  // namespace finder

#endif  // FINDER_FINDER_SCANNER_WORK_STACK_H_
