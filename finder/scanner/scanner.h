// Brings a tree up to date with the disk: stamps every directory the view
// shows, lists those that are new, changed or not yet trusted, and leaves the
// rest alone. doc/design.md, "A scan", explains the order of things and why it
// is right; doc/consistency.md what is promised.
//
// A scanner serves one scan. Its steps are taken one after the other:
// OpenRoots, Verify, Explore for a tree of facts alone (just loaded, repacked
// or empty); OpenRoots, Update for one that an earlier scanner has left
// verified.
//
// Thread-safety: the steps are called by one thread and use the pool's. What
// the workers share is either const during a step or guarded here.
#ifndef FINDER_FINDER_SCANNER_SCANNER_H_
#define FINDER_FINDER_SCANNER_SCANNER_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "finder/diagnostics.h"
#include "finder/ignore/ignore_reader.h"
#include "finder/metrics.h"
#include "finder/query/reach.h"
#include "finder/query/scan_scope.h"
#include "finder/scanner/standing_notes.h"
#include "finder/scanner/tree_observer.h"
#include "finder/threads/thread_pool.h"
#include "finder/tree/directory_tree.h"
#include "finder/view/view.h"
#include "fs/clock.h"
#include "fs/file_system.h"

namespace finder {

// Nothing is owned; all must outlive the Scanner.
struct ScanRequest {
  FileSystem* files = nullptr;
  Clock* clock = nullptr;
  const View* view = nullptr;
  const ViewRules* rules = nullptr;
  IgnoreReader* ignores = nullptr;  // null: ignore files do not count
  // Outside of it nothing is looked at. Roots always are.
  Reach reach;
  // As ScanScope has it.
  std::function<bool(std::string_view name)> asks_target;
  // Which names go into listings; covers view->StoredKeep().
  KeepRules stored_keep;
  // The moment before anything was stamped.
  int64_t now_ns = 0;
  // From the database: when its stamps were seen, and which prove nothing.
  std::optional<int64_t> seen_ns;
  int64_t distrusted_from_ns = std::numeric_limits<int64_t>::max();
  unsigned processors = 1;
  uint64_t max_open_files = 1024;
  bool fixed_threads = false;  // the user chose: neither fewer nor more
  bool explain = false;        // fill ScanCounts::relisted
  Diagnostics* diagnostics = nullptr;
  // Called from any worker, once for some dozen directories and at its end.
  // Counts each directory once, when nothing is left to be done with it but
  // what is below it.
  std::function<void(uint64_t directories)> progress;
  // Asked about each root that cannot be opened as a directory: whether the
  // scan goes on without it. Empty: it fails.
  std::function<bool(const Root& root, SystemError error)> leaves_out;
  // Hears of each directory; null: nobody does.
  TreeObserver* observer = nullptr;
  // The tree is one that an earlier scan left, and Update follows.
  bool is_update = false;
  // The scan is given up when about so many directories are done.
  std::optional<uint64_t> most_directories;
  // So it is soon after this is true; null: never.
  const std::atomic<bool>* cancelled = nullptr;
};

struct ScanCounts {
  uint64_t stat_calls = 0;
  uint64_t list_calls = 0;
  ListReasons listed;
  std::vector<Relisted> relisted;  // up to kMostRelisted of each worker

  static constexpr size_t kMostRelisted = 20;
  void Add(const ScanCounts& other);
};

struct ScanState;
enum class ListReason : uint8_t;

class Scanner {
 public:
  Scanner(ScanRequest request, DirectoryTree& tree, ThreadPool& pool);
  ~Scanner();
  Scanner(const Scanner&) = delete;
  Scanner& operator=(const Scanner&) = delete;

  // Opens and stamps the tree's roots, following symlinks. Maps device numbers
  // that changed since the database was written. Fails with "PATH: reason" if
  // one is missing or no directory and is not left out. What is left out is no
  // root of the tree any more; facts known of it stay, unverified.
  absl::Status OpenRoots();

  // Marks which of them ignore files hide, if these count. Before Verify.
  void MarkIgnored(std::span<const Piece> pieces, unsigned workers);

  // Stamps the directories of the pieces that the view shows, and queues those
  // that must be listed. With a limit only those are looked at to whose
  // contents the output comes before it comes to the limit.
  void Verify(std::span<const Piece> pieces, unsigned workers,
              const std::optional<AnswerPlace>& limit = std::nullopt);

  // Lists what is queued and all that is found below it, until idle.
  void Explore(unsigned workers);

  // The same for about as many directories as `budget` says, in the order of
  // the output as far as one worker goes. With kAlone no others help it.
  enum class Help : uint8_t { kAlone, kWanted };
  void ExploreSome(unsigned workers, Help help, uint64_t budget);
  // Of what is queued or behind the limit, the directory to whose contents the
  // output comes first; null if there is none that could be part of an answer.
  const Directory* FirstPending();
  bool has_limit() const;
  // Queues what is behind the limit.
  void LiftLimit();
  // Leaves alone what is queued: it stays known as it was, unverified, or by
  // its name. Returns whether there was anything.
  bool Abandon();

  // Once idle: prepares the tree for updates, by a walk. The first update does
  // so if nobody has.
  void MakeNotes(StandingNotes& notes);

  // After OpenRoots, for a tree that an earlier scanner left: looks again at
  // what may have changed since, at what could not be read, at the targets of
  // symlinks, and at all that is found below. With a request for an update.
  void Update(const TreeChanges& changes, StandingNotes& notes,
              unsigned workers);

  // Once idle: adds to the diagnostics what the view shows but could not be
  // read.
  void ReportUnreadable();

  // Once idle: whether the scan was given up, so that the tree is not whole.
  bool given_up() const;
  // Once idle.
  const ScanCounts& counts() const;
  // Whether the tree differs from what was loaded.
  bool facts_changed() const;
  // The latest change time of the directories stamped anew; the least there is
  // if there are none.
  int64_t latest_change_ns() const;

 private:
  void LeaveOut(size_t root);
  void Queue(Directory& d, ListReason reason);
  void Settle(StandingNotes& notes);
  void ResolveLinks(const StandingNotes& notes);
  void Explore(unsigned workers, Help help);
  bool MarkStale();
  void MergeLandmarks();
  void SortQueue(size_t most);
  const Directory* FirstQueued();
  // Calls `visit` for each directory behind the limit whose parent is not, in
  // the order of the output, until it returns false.
  void VisitUncovered(absl::FunctionRef<bool(Directory&)> visit);

  std::unique_ptr<ScanState> state_;
  bool queue_is_sorted_ = false;
  std::vector<Directory*> queued_;  // marked so, in an update
};

}  // namespace finder

#endif  // FINDER_FINDER_SCANNER_SCANNER_H_
