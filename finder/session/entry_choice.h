// Where the database of a run is kept. Nothing here reads or writes one: that
// is the facade's business, and finder/session/session.h says when.
//
// Pure but for the cache it opens or makes; one thread.
#ifndef FINDER_FINDER_SESSION_ENTRY_CHOICE_H_
#define FINDER_FINDER_SESSION_ENTRY_CHOICE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "finder/cache/cache_directory.h"
#include "finder/facade/finder.h"
#include "finder/session/cache_settings.h"
#include "finder/view/view.h"
#include "fs/file_system.h"
#include "fs/machine.h"

namespace finder {

// How loudly to say that there is no place for a database.
enum class Severity : uint8_t {
  kRemark,   // with -v only: nobody asked for this place
  kWarning,  // always, but the run goes on
};

struct EntryChoice {
  CacheUse use = CacheUse::kNone;
  std::string database;  // unless kNone; where it is read
  // The cache that has the database as its entry `key`; null with --db.
  std::unique_ptr<CacheDirectory> cache;
  std::string key;
  // Whose facts the entry holds: the view asked for, or a wider one.
  View facts;
  bool wider = false;
  // `database` is no entry yet, and is to be stored as one.
  bool imported = false;
  std::string view_id;  // empty: user@host
  // Why there is none although one was wanted; empty otherwise.
  std::string problem;
  Severity severity = Severity::kRemark;
  // Why --import was of no use; empty otherwise.
  std::string import_problem;
  Severity import_severity = Severity::kRemark;

  // With whom the cache, if there is one, is shared.
  Audience audience() const {
    return cache != nullptr && cache->info().sharing == CacheSharing::kGroup
               ? Audience::kGroup
               : Audience::kOwner;
  }
};

// Chooses --db, unless there is a file that is no database, or else the view's
// entry of the cache in the first of
// --cache-dir, $FINDER_CACHE_DIR, $XDG_CACHE_HOME/finder, ~/.cache/finder.
// Makes that cache if it is missing; what CacheDirectory::Open refuses is not
// used. Without an entry of the view the run starts from the first of
//   --import, if that can be read;
//   an entry that is wider: of a directory above the root, or with all names
//   where the view keeps some. The run then works on that entry.
EntryChoice ChooseEntry(const CacheSettings& options, const View& view,
                        const CacheVariables& variables,
                        const Machine& machine);

// By which views are told apart where many users share a cache.
std::string ViewIdOf(const EntryChoice& choice, const Machine& machine);

// The view without those of its roots that are no directories: nothing is kept
// of them, so that they need not say where the rest is. As it is if nothing
// else is left. Costs a call for each root, if there are several.
View WithoutEntryRoots(const View& view, FileSystem& files);

}  // namespace finder

#endif  // FINDER_FINDER_SESSION_ENTRY_CHOICE_H_
