// Marks what ignore files hide, for one scan. Internal to the scanner;
// doc/ignore_files.md, "How".
//
// What is known before the scan is marked first, by the files as they are now
// and the directories as they were. A directory that is listed brings its own
// files with it. If it was known with other files, what hangs below it is
// stale, and all is marked again once the workers are done.
//
// Thread-safety: as each method says.
#ifndef FINDER_FINDER_SCANNER_IGNORE_MARKS_H_
#define FINDER_FINDER_SCANNER_IGNORE_MARKS_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/synchronization/mutex.h"
#include "finder/ignore/ignore_reader.h"
#include "finder/threads/thread_pool.h"
#include "finder/tree/directory_tree.h"

namespace finder {

struct ScanState;

class IgnoreMarks {
 public:
  // `state` outlives this.
  IgnoreMarks(IgnoreReader& reader, ScanState& state);

  // Before any worker: what counts above the roots, and in those that are
  // known.
  void EnterRoots();
  // Marks the directories of the pieces. The pool's threads work, no others.
  void MarkKnown(std::span<const Piece> pieces, unsigned workers);

  // By the owner of a directory that was just listed, before its children are
  // made. `has_git`: whether a directory of that name is among them.
  void EnterListed(Directory& d, bool has_git);
  // Whether a new child of a directory is hidden. By its owner.
  bool HidesChild(const Directory& parent, std::string_view name) const;

  // Once no worker is left: whether MarkAgain is due, and that.
  bool stale() const { return stale_; }
  void MarkAgain();
  // Once idle: each file that matters and could not be read, by path.
  void VisitProblems(absl::FunctionRef<void(const IgnoreProblem&)> visit) const;

 private:
  // A directory with ignore files, or a root.
  struct Candidate {
    Directory* directory = nullptr;
    IgnoreSources sources;
    size_t outer = kNone;  // the candidate above it
    uint32_t generation = 0;
    bool hidden = false;
  };
  // What was made of a directory's files.
  struct Entered {
    uint32_t outer = 0;
    IgnoreSources sources;
    uint32_t scope = 0;
  };
  struct PieceMarker;
  class Marker;
  static constexpr size_t kNone = SIZE_MAX;

  std::vector<Candidate> FindCandidates(std::span<const Piece> pieces,
                                        unsigned workers);
  void EnterCandidate(std::vector<Candidate>& candidates, Candidate& one);
  void MarkPiece(const Piece& piece);
  // The scope inside of the nearest directory above `d` that has one of its
  // own; false if no root is above it.
  bool ScopeAbove(const Directory& d, uint32_t& scope) const;
  // The same, as the tree says.
  uint32_t OuterScope(const Directory& d) const;
  uint32_t Enter(const Directory& d, uint32_t outer,
                 const IgnoreSources& sources) ABSL_LOCKS_EXCLUDED(mutex_);
  bool Hides(uint32_t scope, const Directory& d) const;

  IgnoreReader& reader_;
  ScanState& state_;
  absl::flat_hash_map<const Directory*, uint32_t> above_roots_;
  // Those of the candidates; const while workers run.
  absl::flat_hash_map<const Directory*, uint32_t> known_;
  std::atomic<bool> stale_ = false;
  absl::Mutex mutex_;
  absl::flat_hash_map<const Directory*, Entered> entered_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace finder

#endif  // FINDER_FINDER_SCANNER_IGNORE_MARKS_H_
