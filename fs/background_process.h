// Work that goes on after this process has ended, at the lowest priority, so
// that nobody waits for it or notices it.
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
  // Starts this very program with `arguments`, which do not include its name.
  // The new process has a session of its own, the working directory "/",
  // /dev/null for its standard streams, and no other descriptor open. Returns
  // when it runs, not when it is done; takes about a millisecond. Fails with
  // the errno of the call that could not start it.
  virtual Outcome StartSelf(const std::vector<std::string>& arguments) = 0;
  // Puts the calling process behind all others: nice 19 and the idle class of
  // input and output. REQUIRES: the process has one thread. Ignores what the
  // kernel refuses.
  virtual void LowerOwnPriority() = 0;
};

}  // namespace finder

#endif  // FINDER_FS_BACKGROUND_PROCESS_H_
