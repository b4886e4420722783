// What a Finder knows and does; its parts are in finder.cc (answers), and in
// finder_scan.cc and finder_save.cc. Used by these alone.
#ifndef FINDER_FINDER_FINDER_IMPL_H_
#define FINDER_FINDER_FINDER_IMPL_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "finder/database/database.h"
#include "finder/finder.h"
#include "finder/phase_timer.h"
#include "finder/scanner/scanner.h"
#include "finder/threads/thread_pool.h"

namespace finder {

class Finder::Impl {
 public:
  Impl(Environment environment, Options options);

  absl::Status Scan(const ScanScope& scope);
  uint64_t Answer(const CompiledQuery& query, Format format, Write write);
  void AnswerAll(std::span<QueryOutput> outputs);
  AnswerStates KeptAnswers() const;
  void KeepAnswer(AnswerState state, std::optional<AnswerPaths> paths) {
    kept_answers_.emplace_back(std::move(state), std::move(paths));
  }
  absl::Status Save();
  const Metrics& metrics();

  const DirectoryTree& tree() const { return *tree_; }
  const Diagnostics& diagnostics() const { return diagnostics_; }
  void SetProgress(ProgressCallback callback) {
    progress_ = std::move(callback);
  }

 private:
  PhaseTimer TimePhase(std::string_view name, std::string_view work) {
    return PhaseTimer(*environment_.clock, environment_.trace, metrics_, name,
                      work);
  }

  void Load();
  LoadRequest MakeLoadRequest() const;
  KeepRules StoredKeep() const;
  ScanRequest MakeScanRequest();
  std::optional<uint64_t> ExpectedDirectories() const;
  void PlaceRoots();
  absl::Status Begin();
  bool NeedsDatabase() const;
  uint64_t AffordableWithoutDatabase() const;
  absl::Status StartWithoutDatabase(bool& done);
  bool ExploreUntilEnough(uint64_t most);
  bool HasEnough();
  std::optional<AnswerPlace> GuessLimit();
  void Explore();
  void Finish();
  ScanTime Now() const;
  void ForgetDistrusted(int64_t latest_change_ns);
  Directory* FindKnown(std::string_view absolute);
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
  std::string StoredAnswers() const;
  std::string AnswersToStore() const;
  void CountEntries();

  const Environment environment_;
  Options options_;
  ThreadPool pool_;
  std::optional<ViewRules> rules_;
  std::vector<std::string> absolute_roots_;
  ScanTime began_;
  ScanTime ended_;
  ScanScope scope_;
  LoadResult loaded_;
  DirectoryTree own_tree_;  // when there is no database
  DirectoryTree* tree_ = &own_tree_;
  std::optional<Scanner> scanner_;
  // Whether enough was known before all was.
  bool stopped_early_ = false;
  bool progress_is_due_ = true;
  Diagnostics diagnostics_;
  Metrics metrics_;
  bool entries_counted_ = false;
  bool facts_changed_ = false;
  std::vector<std::pair<AnswerState, std::optional<AnswerPaths>>> kept_answers_;
  ProgressCallback progress_;
};

}  // namespace finder

#endif  // FINDER_FINDER_FINDER_IMPL_H_
