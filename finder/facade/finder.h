// The facade: one object that loads what is known of a view, brings it up to
// date, answers queries and saves. This is what cmd/ uses and what other
// programs link; nothing below it prints, exits or keeps global state.
//
//   Finder finder(environment, options);
//   if (absl::Status s = finder.Scan(); !s.ok()) ...   // a root is missing
//   finder.Answer(query, format, write);               // then close stdout
//   finder.Save();
//
// A Finder may stand for days, and go on with what it knows: each further pass,
// a Scan or an Update, brings the tree up to date, after which it may be asked
// and saved again. A pass that fails leaves nothing; the next one begins anew.
//
// Thread-safety: one thread calls; the Finder uses as many as it was told to.
#ifndef FINDER_FINDER_FACADE_FINDER_H_
#define FINDER_FINDER_FACADE_FINDER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "finder/answer/answer_many.h"
#include "finder/diagnostics.h"
#include "finder/ignore/ignore_settings.h"
#include "finder/metrics.h"
#include "finder/query/query.h"
#include "finder/query/scan_scope.h"
#include "finder/scanner/standing_notes.h"
#include "finder/scanner/tree_observer.h"
#include "finder/threads/trace.h"
#include "finder/tree/directory_tree.h"
#include "finder/view/view.h"
#include "fs/clock.h"
#include "fs/file_system.h"
#include "fs/host.h"
#include "fs/shared_files.h"

namespace finder {

enum class DatabaseFormat : uint8_t {
  kNative,  // "finder database 3", doc/database_format.md
  kSoong,   // "Android finder version 1"
};

enum class CacheUse : uint8_t {
  kNone,     // neither read nor written
  kUse,      // read if fit, written if anything changed
  kRefresh,  // not read, written
};

// What a run works with. Nothing is owned; all must outlive the Finder.
struct Environment {
  FileSystem* files = nullptr;
  Clock* clock = nullptr;
  Host host;
  std::string working_directory;        // absolute
  Trace* trace = nullptr;               // takes notes if there is one
  SharedFiles* shared_files = nullptr;  // may be null: ignore files cost more
};

// Who shares a database.
enum class Audience : uint8_t {
  kOwner,  // mode 0600; one of another user is not believed
  kGroup,  // mode 0660; the directory's own rules say who may write there
};

// What becomes of a root that is no directory, though there is something.
enum class EntryRoots : uint8_t {
  kRefused,
  kAnswers,  // it is an entry of depth 0, looked at in every run
};

// What becomes of a root that is missing or cannot be opened.
enum class MissingRoots : uint8_t {
  kRefused,
  kLeftOut,  // and in diagnostics(), if there is another root
};

// What a database holds.
struct StoredCounts {
  uint64_t directories = 0;
  uint64_t files = 0;
};

struct Options {
  View view;
  CacheUse cache = CacheUse::kNone;
  std::string database;  // path; for kUse and kRefresh
  Audience audience = Audience::kOwner;
  // `database` is only where this run starts from: what is known is to be saved
  // elsewhere, by WriteDatabase, even if nothing has changed.
  bool store_unchanged = false;
  DatabaseFormat format = DatabaseFormat::kNative;  // of what is written
  std::string view_id;                              // empty: user@host
  std::optional<unsigned> threads;  // none: chosen by measurement
  IgnoreSettings ignore;            // for View::ignore_files
  EntryRoots entry_roots = EntryRoots::kRefused;
  MissingRoots missing_roots = MissingRoots::kRefused;
  // A scan of about more fails, for the sake of memory.
  std::optional<uint64_t> most_directories;
  bool explain = false;           // fill Metrics::relisted, for -v and --stats
  std::string writer = "finder";  // goes into the database's header
};

// Called during a scan, from any thread and from several at once, with what was
// done and about how much there is (none if that is not known). Once for some
// dozen directories, and by each thread at its end.
using ProgressCallback =
    std::function<void(uint64_t directories, std::optional<uint64_t> total)>;

class Finder {
 public:
  Finder(Environment environment, Options options);
  ~Finder();
  Finder(const Finder&) = delete;
  Finder& operator=(const Finder&) = delete;

  // Loads, verifies and scans. Fails only if the view is malformed or cannot be
  // stored in the format asked for (InvalidArgument), if a root is missing, is
  // no directory or cannot be stamped (NotFound, FailedPrecondition,
  // PermissionDenied; the message is "PATH: reason") and the options do not
  // allow for it, or if there are more directories than the options allow
  // (ResourceExhausted). Everything else is in diagnostics() and metrics().
  //
  // With a scope no more is looked at than its queries need, and none but these
  // may be asked. --refresh and a Soong database need everything all the same.
  absl::Status Scan() { return Scan(ScanScope()); }
  absl::Status Scan(const ScanScope& scope);

  // Brings the tree of the last pass up to date by a look at what may have
  // changed since, at the roots, at what could not be read, and at the targets
  // of the symlinks that the scope asks for. Of the rest the caller says that
  // it has not changed: no entry was made, removed or renamed there, no file
  // system mounted or unmounted, and access to it is as it was. The cost is
  // that of these looks. Directories are those of tree(), as they are now; what
  // the view hides, or what was dropped, may be named and is left alone.
  //
  // Scans if there is nothing to go on with: before the first scan, after one
  // with a narrower scope, or where roots are missing or no directories; and
  // under kFollow, where nothing tells of changes behind symlinks, or where
  // ignore files count, of whose contents nothing tells. Fails as Scan() does.
  absl::Status Update(const TreeChanges& changes,
                      const ScanScope& scope = ScanScope());

  // Hears of the directories of the tree in each pass; see TreeObserver. To be
  // called before the first scan; must outlive the Finder. A scan moves all
  // directories that stay, an update hardly ever: when more than half of the
  // tree's memory belongs to what was replaced or removed.
  void SetObserver(TreeObserver* observer);

  // The directories known at a cleaned absolute path, whether the view shows
  // them or not: none, or more than one where a root lies within another.
  std::vector<const Directory*> FindDirectories(
      std::string_view absolute) const;

  // Appends the printed form of a match to the output.
  using Format = absl::FunctionRef<void(const Match&, std::string& out)>;
  // Takes the output piece by piece, in order, from one thread at a time;
  // false stops.
  using Write = absl::FunctionRef<bool(std::string_view)>;

  // Answers one query over the scanned tree. Returns the number of answers
  // formatted (all of them, unless `write` stopped).
  uint64_t Answer(const CompiledQuery& query, Format format, Write write);

  // Answers several queries in one pass over the tree, which costs little more
  // than one. The pieces of different queries come in any order.
  void AnswerAll(std::span<QueryOutput> outputs);

  // Writes `Options::database`, if NeedsSaving(). To be called when the answers
  // are out, so that no reader waits for it. A failure ("PATH: reason") is not
  // a failure of the run.
  absl::Status Save();

  // The steps of Save, for who keeps databases elsewhere. Whether facts changed
  // and the options ask for a cache.
  bool NeedsSaving() const;
  // Writes what is known as the file `path`.
  absl::StatusOr<StoredCounts> WriteDatabase(const std::string& path);
  // What was written is in its place.
  void NoteSaved();

  const DirectoryTree& tree() const;
  const Diagnostics& diagnostics() const;
  // What the last pass did, and what came after it. Counts the tree's entries
  // on the first call after a scan, which takes some milliseconds for a million
  // files.
  const Metrics& metrics();

  // To be called before Scan. Without it nothing is counted for it.
  void SetProgress(ProgressCallback callback);
  // Likewise: a pass fails with Cancelled soon after this is true. Null: none
  // does.
  void SetCancelled(const std::atomic<bool>* cancelled);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace finder

#endif  // FINDER_FINDER_FACADE_FINDER_H_
