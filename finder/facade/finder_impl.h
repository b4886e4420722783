// What a Finder knows and does; its parts are in finder.cc (answers), and in
// finder_scan.cc, finder_scope.cc, finder_roots.cc, finder_update.cc and
// finder_save.cc. Used by these alone.
#ifndef FINDER_FINDER_FACADE_FINDER_IMPL_H_
#define FINDER_FINDER_FACADE_FINDER_IMPL_H_

#include <atomic>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "finder/database/database.h"
#include "finder/facade/finder.h"
#include "finder/facade/phase_timer.h"
#include "finder/ignore/ignore_reader.h"
#include "finder/scanner/scanner.h"
#include "finder/threads/thread_pool.h"
#include "finder/tree/tree_repacking.h"

namespace finder {

class Finder::Impl {
 public:
  Impl(Environment environment, Options options);

  absl::Status Scan(const ScanScope& scope);
  absl::Status Update(const TreeChanges& changes, const ScanScope& scope);
  std::vector<const Directory*> FindDirectories(
      std::string_view absolute) const;
  uint64_t Answer(const CompiledQuery& query, Format format, Write write);
  void AnswerAll(std::span<QueryOutput> outputs);
  absl::Status Save();
  bool NeedsSaving() const;
  absl::StatusOr<StoredCounts> WriteDatabase(const std::string& path);
  void NoteSaved();
  const Metrics& metrics();

  const DirectoryTree& tree() const { return *tree_; }
  const Diagnostics& diagnostics() const { return diagnostics_; }
  void SetProgress(ProgressCallback callback) {
    progress_ = std::move(callback);
  }
  void SetCancelled(const std::atomic<bool>* cancelled) {
    cancelled_ = cancelled;
  }
  void SetObserver(TreeObserver* observer) { observer_ = observer; }

 private:
  PhaseTimer TimePhase(std::string_view name, std::string_view work) {
    return PhaseTimer(*environment_.clock, environment_.trace, metrics_, name,
                      work);
  }

  void BeginPass();
  void TellDropped(const DirectoryTree& tree) const;
  void TellHidden();
  void Forget();
  void GoOn();
  void RepackTree(Repacking what);
  bool CanUpdate() const;
  absl::Status TryUpdate(const TreeChanges& changes);
  void Load();
  LoadRequest MakeLoadRequest() const;
  KeepRules StoredKeep() const;
  ScanRequest MakeScanRequest();
  std::optional<uint64_t> ExpectedDirectories() const;
  void PlaceRoots();
  bool LeavesOut(const Root& root, SystemError error);
  std::optional<EntryKind> KindOfEntry(const std::string& path,
                                       uint64_t& stat_calls) const;
  absl::Status CheckOtherRoots() const;
  void PlaceOtherRoots();
  absl::Status Compile();
  absl::Status Begin();
  bool NeedsDatabase() const;
  uint64_t AffordableWithoutDatabase() const;
  absl::StatusOr<bool> StartWithoutDatabase();
  absl::Status ScanWithDatabase();
  bool ExploreUntilEnough(uint64_t most);
  bool HasEnough();
  std::optional<AnswerPlace> GuessLimit();
  absl::Status Explore();
  absl::Status CheckGivenUp() const;
  bool Finish();
  void NoteChanges(bool ended_early);
  ScanTime Now() const;
  void ForgetDistrusted(int64_t latest_change_ns);
  Directory* FindKnown(std::string_view absolute,
                       absl::FunctionRef<bool(const Directory&)> will_do) const;
  bool IsFree(const Directory& d) const;
  unsigned Workers(uint64_t directories) const;
  // Whose database is believed; none: anybody's.
  std::optional<uint32_t> Owner() const {
    if (options_.audience == Audience::kGroup) return std::nullopt;
    return environment_.host.user_id;
  }
  uint32_t Permissions() const {
    return options_.audience == Audience::kGroup ? 0660 : 0600;
  }
  absl::StatusOr<StoredCounts> SaveNative(const std::string& path);
  absl::StatusOr<StoredCounts> SaveSoong(const std::string& path);
  void CountEntries();
  bool IsIgnored(const Directory& d, std::string_view name) const;

  const Environment environment_;
  Options options_;
  ThreadPool pool_;
  std::optional<ViewRules> rules_;
  std::vector<std::string> absolute_roots_;
  // Roots that are no directories, and what there is instead; none: nothing.
  struct OtherRoot {
    Root root;
    std::optional<EntryKind> kind;
    SystemError error;
    uint64_t stat_calls = 0;
  };
  std::vector<OtherRoot> other_roots_;
  ScanTime began_;
  ScanTime ended_;
  ScanScope scope_;
  LoadResult loaded_;
  DirectoryTree own_tree_;  // when there is no database
  DirectoryTree* tree_ = &own_tree_;
  std::optional<IgnoreReader> ignores_;  // if ignore files count
  std::optional<Scanner> scanner_;       // during Scan
  ScanCounts tried_;                     // what the database made superfluous
  bool progress_is_due_ = true;
  Diagnostics diagnostics_;
  Metrics metrics_;
  bool entries_counted_ = false;
  // Whether facts are not in any database yet, or in one of another format; and
  // whether there is a database that the tree came from or was saved in.
  bool facts_changed_ = false;
  bool other_format_ = false;
  bool is_stored_ = false;
  bool is_saved_ = false;  // by this Finder
  // The tree is what a scan has left, to go on with.
  bool standing_ = false;
  bool is_update_ = false;  // the pass under way
  StandingNotes notes_;
  // Of the tree before this pass: which change times prove nothing, and the
  // latest of all.
  int64_t distrusted_from_ns_ = std::numeric_limits<int64_t>::max();
  int64_t latest_change_ns_ = std::numeric_limits<int64_t>::min();
  uint64_t directories_ = 0;  // about how many the tree has
  size_t devices_ = 0;        // how many it had when unused ones were freed
  ProgressCallback progress_;
  const std::atomic<bool>* cancelled_ = nullptr;
  TreeObserver* observer_ = nullptr;
};

}  // namespace finder

#endif  // FINDER_FINDER_FACADE_FINDER_IMPL_H_
