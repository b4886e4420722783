// Where the answer of a question is kept for --check and --since-last: the one
// place, wherever the facts come from. In the cache directory that is an entry
// of its own (doc/cache_directory.md, "Answers"); beside a database named by
// --db, the file "FILE.answers" with all its questions (doc/answers_format.md).
//
//   auto home = OpenAnswerHome(...);             // before the scan; waits
//   ... (*home)->kept() ... is what was told last
//   (*home)->Prepare(next);                      // all that may fail
//   ... print ...
//   (*home)->Publish();                          // now it is told
//
// Who has a home has it alone, so that runs of one question come one after the
// other. What is told and not published is told again; what is lost is
// "changed".
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

// How long a run waits for another that is at the same home. Longer than a walk
// of a large tree from a cold disk takes, since the other one may be at that;
// and short enough for a script to hear of one that was stopped.
inline constexpr int64_t kAnswerWaitNs = int64_t{60} * 1'000'000'000;

class AnswerHome {
 public:
  AnswerHome(const AnswerHome&) = delete;
  AnswerHome& operator=(const AnswerHome&) = delete;
  // Gives the home to the next. What was not published is forgotten.
  virtual ~AnswerHome() = default;

  // What is kept there, of this question and perhaps of others. What cannot be
  // read is not kept.
  const AnswerStates& kept() const { return kept_; }

  // Writes what is to be kept from now on, where nobody sees it. Whatever can
  // fail does so here. "PATH: reason".
  absl::Status Prepare(const AnswerStates& next) {
    return Stage(next.Encode());
  }
  // Makes it what is kept, in one step. At most once, after Prepare.
  virtual absl::Status Publish() = 0;
  // Notes that the answer was looked at and had not changed.
  virtual void NoteUse() {}

 protected:
  explicit AnswerHome(AnswerStates kept) : kept_(std::move(kept)) {}

 private:
  virtual absl::Status Stage(const std::string& text) = 0;

  const AnswerStates kept_;
};

// In a cache. `question` is an AnswerKey, `description` what `finder cache
// list` says of the entry. Waits for whoever has it; Unavailable if that takes
// too long or the disk forbids it. `cache` must outlive the home.
absl::StatusOr<std::unique_ptr<AnswerHome>> OpenAnswerHome(
    CacheDirectory& cache, const std::string& question,
    EntryDescription description);

// Beside a database, whether that exists or not. FailedPrecondition if
// something else bears the name; else the same. `environment` is copied, not
// what it points to.
absl::StatusOr<std::unique_ptr<AnswerHome>> OpenAnswerHome(
    const CacheEnvironment& environment, const std::string& database);

}  // namespace finder

#endif  // FINDER_FINDER_KEPT_ANSWER_HOME_H_
