// Work that goes on when this process has ended, at the lowest priority, so
// that nobody waits for it or feels it.
//
// Thread-safety: one thread at a time.
#ifndef FINDER_FS_BACKGROUND_PROCESS_H_
#define FINDER_FS_BACKGROUND_PROCESS_H_

#include <string>
#include <vector>

#include "fs/result.h"

namespace finder {

class BackgroundProcesses {
 public:
  virtual ~BackgroundProcesses() = default;
  // Starts this very program with these arguments (its own name not among
  // them) in a session of its own, in "/", with /dev/null for its standard
  // streams and no other descriptor open. Returns when it runs, not when it is
  // done; takes about a millisecond.
  virtual Outcome StartSelf(const std::vector<std::string>& arguments) = 0;
  // Makes the calling process step back behind all others: nice 19 and the
  // idle class of input and output. To be called before threads are started.
  // What the kernel refuses is left as it is.
  virtual void LowerOwnPriority() = 0;
};

}  // namespace finder

#endif  // FINDER_FS_BACKGROUND_PROCESS_H_
