// Which ignore files count in a directory: those in it, and those above it as
// far as the repository goes. doc/ignore_files.md says which goes first.
//
// A scope is what holds in one directory and, as long as none below it has
// ignore files or a repository of its own, in all below. Directories name their
// scope by a number.
//
// Thread-safety: scopes and files may be added by any thread, and are never
// changed or removed. A scope may be asked by whoever was told its number.
#ifndef FINDER_FINDER_IGNORE_IGNORE_SCOPES_H_
#define FINDER_FINDER_IGNORE_IGNORE_SCOPES_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "finder/ignore/ignore_rules.h"
#include "finder/view/ascii_case.h"

namespace finder {

// An ignore file that was read.
struct IgnoreFile {
  std::string path;
  IgnoreRules rules;
};

// What decides about a path, and how.
struct IgnoreDecision {
  const IgnoreFile* file = nullptr;
  const IgnoreRule* rule = nullptr;
};

// Where rules lie, as seen from the paths below a root that they are asked
// about: `lead` comes before such a path, or its first `skip` bytes do not
// count.
struct IgnoreBase {
  size_t skip = 0;
  std::string lead;  // ends with '/' if not empty
};

class IgnoreScope {
 public:
  // Outside of all repositories, without any rule.
  IgnoreScope() = default;

  // As the rest, but for a repository that begins here; `files` are about all
  // of it, the first of them first.
  void BeginRepository(const std::vector<const IgnoreFile*>& files,
                       const IgnoreBase& base, CaseRule case_rule);
  // A `.gitignore` of this directory, and a `.ignore`.
  void AddGitignore(const IgnoreFile& file, const IgnoreBase& base);
  void AddIgnore(const IgnoreFile& file, const IgnoreBase& base);

  bool in_repository() const { return in_repository_; }
  CaseRule case_rule() const { return case_rule_; }

  // Whether some rule may be about an entry of that name.
  bool MayDecide(std::string_view name) const { return ends_.MayHold(name); }
  bool needs_path() const { return needs_path_; }
  // The rule that decides about an entry whose directory is not hidden; null if
  // there is none. `path` is below the root; its last component is enough if no
  // path is needed.
  IgnoreDecision Decide(std::string_view path, bool is_directory) const;

 private:
  struct Layer {
    const IgnoreFile* file;
    IgnoreBase base;
  };
  void Insert(size_t at, const IgnoreFile& file, const IgnoreBase& base);
  void Summarize();

  // Those called `.ignore`, the nearest first; then those called `.gitignore`,
  // likewise; then those of the repository.
  std::vector<Layer> layers_;
  size_t ignores_ = 0;
  size_t gitignores_ = 0;
  bool in_repository_ = false;
  bool needs_path_ = false;
  CaseRule case_rule_ = CaseRule::kSensitive;
  NameEnds ends_;
};

class IgnoreScopes {
 public:
  static constexpr std::string_view kGitName = ".git";

  IgnoreScopes();
  ~IgnoreScopes();
  IgnoreScopes(const IgnoreScopes&) = delete;
  IgnoreScopes& operator=(const IgnoreScopes&) = delete;

  // Number 0 is IgnoreScope().
  const IgnoreScope& Get(uint32_t number) const {
    return chunks_[number / kChunk].load(
        std::memory_order_acquire)[number % kChunk];
  }
  uint32_t Add(IgnoreScope scope) ABSL_LOCKS_EXCLUDED(mutex_);
  const IgnoreFile& AddFile(std::string path, IgnoreRules rules)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // A file that was read, whether rules were in it or where they are.
  void NoteRead(std::string printed, std::string absolute)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // Those files, sorted; each once.
  enum class Spelling : uint8_t { kPrinted, kAbsolute };
  std::vector<std::string> FilesRead(Spelling spelling) const
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Whether an entry of that name is git's own.
  bool IsGit(uint32_t number, std::string_view name) const {
    return EqualsFolded(name, kGitName, Get(number).case_rule());
  }

  // Whether the scope hides an entry whose directory is not hidden; `.git`
  // always is. `make_path` returns the path below the root, and is called only
  // if that matters.
  template <typename MakePath>
  bool Hides(uint32_t number, std::string_view name, bool is_directory,
             MakePath&& make_path) const {
    if (IsGit(number, name)) return true;
    const IgnoreScope& scope = Get(number);
    if (!scope.MayDecide(name)) return false;
    const IgnoreRule* rule = scope.needs_path()
                                 ? scope.Decide(make_path(), is_directory).rule
                                 : scope.Decide(name, is_directory).rule;
    return rule != nullptr && !rule->shows;
  }

 private:
  static constexpr size_t kChunk = 1024;
  static constexpr size_t kMostChunks = 16384;  // memory ends before

  std::array<std::atomic<IgnoreScope*>, kMostChunks> chunks_ = {};
  mutable absl::Mutex mutex_;
  uint32_t count_ ABSL_GUARDED_BY(mutex_) = 0;
  std::deque<IgnoreFile> files_ ABSL_GUARDED_BY(mutex_);
  // As printed, and absolute.
  std::vector<std::pair<std::string, std::string>> read_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace finder

#endif  // FINDER_FINDER_IGNORE_IGNORE_SCOPES_H_
