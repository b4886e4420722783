// What one update of a standing tree tells the next: the directories that are
// to be looked at though nobody says that they changed.
//
// A value; one thread.
#ifndef FINDER_FINDER_SCANNER_STANDING_NOTES_H_
#define FINDER_FINDER_SCANNER_STANDING_NOTES_H_

#include <vector>

#include "finder/tree/directory.h"

namespace finder {

struct StandingNotes {
  // Made by the first update after a scan or a repacking, by a walk.
  bool are_made = false;
  // Shown, but could not be read. Access may come without a word.
  std::vector<Directory*> unreadable;
  // May hold symlinks, whose targets lie anywhere. Some may hold none any more,
  // or be hidden or taken off the tree.
  std::vector<Directory*> with_links;
};

// Directories of a standing tree that may have changed since it was last
// brought up to date. What is below them, and what is hidden, need not be
// named.
struct TreeChanges {
  // To be listed again, whatever their stamps say.
  std::vector<const Directory*> changed;
  // To be listed again if their stamps say so.
  std::vector<const Directory*> doubtful;
};

}  // namespace finder

#endif  // FINDER_FINDER_SCANNER_STANDING_NOTES_H_
