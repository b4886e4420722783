// The home of a question: the one place where its answer is kept for --check
// and --since-last, whatever the source of the facts. In the cache directory
// that is an entry of its own (doc/cache_directory.md, "Answers"); beside a
// database named by --db, the file "FILE.answers" with all its questions
// (doc/answers_format.md).
//
//   auto home = OpenAnswerHome(...);             // before the scan; waits
//   ... (*home)->kept() ... is what was told last
//   (*home)->Prepare(next);                      // all that may fail
//   ... print ...
//   (*home)->Publish();                          // now it is told
//
// An AnswerHome is locked for its owner, so that runs of one question come one
// after the other. A run that is told but not published is told again; a lost
// home means "changed".
//
// Thread-compatible.
#ifndef FINDER_FINDER_KEPT_ANSWER_HOME_H_
#define FINDER_FINDER_KEPT_ANSWER_HOME_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "finder/answer/answer_state.h"
#include "finder/cache/cache_directory.h"
#include "finder/cache/disk/cache_environment.h"
#include "finder/kept/entry_description.h"

namespace finder {

// How long a run waits for another that has the same home. Longer than a walk
// of a large tree from a cold disk, which the other one may be doing; and short
// enough for a script to hear of a run that was stopped.
inline constexpr int64_t kAnswerWaitNs = int64_t{60} * 1'000'000'000;

class AnswerHome {
 public:
  AnswerHome(const AnswerHome&) = delete;
  AnswerHome& operator=(const AnswerHome&) = delete;
  // Unlocks the home. Drops text that was not published.
  virtual ~AnswerHome() = default;

  // The kept answers of this question and perhaps of others. Empty if they
  // cannot be read.
  const AnswerStates& kept() const { return kept_; }

  // Writes `next`, the answers to keep from now on, where nobody sees them. All
  // that can fail fails here, with "PATH: reason".
  absl::Status Prepare(const AnswerStates& next) {
    return Stage(next.Encode());
  }
  // Puts the prepared answers in place, in one step. At most once, after
  // Prepare.
  virtual absl::Status Publish() = 0;
  // Notes that the answer was looked at and had not changed.
  virtual void NoteUse() {}

 protected:
  explicit AnswerHome(AnswerStates kept) : kept_(std::move(kept)) {}

 private:
  virtual absl::Status Stage(const std::string& text) = 0;

  const AnswerStates kept_;
};

// In a cache. `question` is an AnswerKey, `description` the text of `finder
// cache list` about the entry. Waits for a run that has it, up to
// kAnswerWaitNs; Unavailable if that takes longer or the disk forbids it.
// `cache` must outlive the home.
absl::StatusOr<std::unique_ptr<AnswerHome>> OpenAnswerHome(
    CacheDirectory& cache, const std::string& question,
    EntryDescription description);

// Beside a database, whether that exists or not. FailedPrecondition if a file
// of another kind has the name; else the same. Copies `environment`, but not
// the objects that it points to.
absl::StatusOr<std::unique_ptr<AnswerHome>> OpenAnswerHome(
    const CacheEnvironment& environment, const std::string& database);

}  // namespace finder

#endif  // FINDER_FINDER_KEPT_ANSWER_HOME_H_
