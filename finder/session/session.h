// One run's use of what is known: which cache, which entry of it, the scan, and
// what is saved in the end. Everything that scans goes through it, whether it
// prints, replays or serves; nothing here reads a command line or prints.
//
//   Session session(machine, options);
//   session.Choose(view);                    // which facts, and why none
//   session.Begin();                         // they are ours to read
//   Finder& finder = session.NewFinder(view, session.choice().use);
//   finder.Scan(); finder.Answer(...);
//   session.Save(finder);                    // when the answers are out
//   session.End();                           // whatever came of it
//
// Thread-safety: one thread calls; a Finder uses as many as it was told to.
#ifndef FINDER_FINDER_SESSION_SESSION_H_
#define FINDER_FINDER_SESSION_SESSION_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "finder/facade/finder.h"
#include "finder/kept/answer_home.h"
#include "finder/session/cache_settings.h"
#include "finder/session/entry_choice.h"
#include "finder/session/entry_use.h"
#include "finder/threads/trace.h"
#include "finder/view/view.h"
#include "fs/machine.h"

namespace finder {

struct SessionOptions {
  CacheSettings cache;
  CacheVariables variables;
  IgnoreSettings ignore;  // for View::ignore_files
  std::string writer;     // goes into what is stored: "finder 0.1.0"
  // How the program is told to do what upkeep starts. Null: none is started.
  UpkeepCommand upkeep = nullptr;
  // As in Options.
  std::optional<unsigned> threads;
  EntryRoots entry_roots = EntryRoots::kRefused;
  MissingRoots missing_roots = MissingRoots::kRefused;
  bool explain = false;
};

class Session {
 public:
  // `machine` must outlive this and all that it makes.
  Session(const Machine& machine, SessionOptions options);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Chooses where the facts about `view` are kept; choice() says where, or why
  // nowhere. Makes a cache that is missing. To be called once, first of all.
  const EntryChoice& Choose(const View& view);
  const EntryChoice& choice() const { return choice_; }
  // By which views are told apart where many users share a cache.
  std::string view_id() const;

  // Takes the place where the answer called `key` is kept, which no other run
  // has then; see finder/kept/answer_home.h. Fails if there is none, or if
  // another run is at it for too long. Before Begin, since this may wait.
  absl::StatusOr<std::unique_ptr<AnswerHome>> TakeHome(const View& view,
                                                       const std::string& key);

  // Locks the entry chosen, if there is one that is to be read.
  void Begin();

  // A Finder for `view`, which uses the facts chosen as `use` says, and takes
  // notes in `trace` if there is one. Never destroyed: the process ends soon,
  // and giving back the memory of a large tree piece by piece takes longer than
  // the kernel does.
  Finder& NewFinder(const View& view, CacheUse use, Trace* trace = nullptr);
  // The same for a process that goes on.
  std::unique_ptr<Finder> MakeFinder(const View& view, CacheUse use,
                                     Trace* trace = nullptr) const;

  // Writes what is known if facts changed and a cache is in use: to the file
  // named, or as a new entry of the cache. To be called when the answers are
  // out, so that no reader waits for it. A failure is not one of the run.
  absl::Status Save(Finder& finder);

  // What is done when all else is: notes the use and the statistics, and starts
  // upkeep if that is due. Without it the use is noted all the same.
  void End();

 private:
  absl::Status SaveInCache(Finder& finder);

  const Machine& machine_;
  const SessionOptions options_;
  EntryChoice choice_;
  std::optional<EntryUse> entry_;
};

}  // namespace finder

#endif  // FINDER_FINDER_SESSION_SESSION_H_
