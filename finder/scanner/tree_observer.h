// Who keeps something for each directory of a standing tree, say a watch, and
// so must hear of those that come, go and change their place in memory.
//
// A directory is known by its address, which stays as long as nothing says
// otherwise: Moved gives another one, Dropped ends it.
#ifndef FINDER_FINDER_SCANNER_TREE_OBSERVER_H_
#define FINDER_FINDER_SCANNER_TREE_OBSERVER_H_

#include <string_view>

#include "finder/tree/directory.h"
#include "fs/file_system.h"

namespace finder {

class TreeObserver {
 public:
  virtual ~TreeObserver() = default;

  // The stamp of `d` is about to be taken, and then perhaps its listing read:
  // what changes from here on, the scan may miss. `path` leads there from
  // `base`; empty: `base` is `d` itself. Called by any worker, at each look at
  // a directory; that which bore the name before may have been another one.
  virtual void BeforeStamp(const Directory& d, const DirectoryHandle& base,
                           std::string_view path) = 0;

  // The rest is called by the thread that called for the scan, while no worker
  // runs. It must not call the Finder.

  // What happens in `d` matters no more, if it ever did: it was taken off the
  // tree, or the view hides it. In the latter case BeforeStamp tells when it
  // shows again. `d` and the names above it may still be read during this call.
  virtual void Dropped(const Directory& d) = 0;

  // `from` is `to` from now on. Told of each directory there is, shown or not;
  // no old address is a new one of the same time.
  virtual void Moved(const Directory& from, const Directory& to) = 0;
};

}  // namespace finder

#endif  // FINDER_FINDER_SCANNER_TREE_OBSERVER_H_
