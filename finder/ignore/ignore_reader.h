// Reads ignore files, and the repositories and configurations that they belong
// to, and makes scopes of them. doc/ignore_files.md says which files count.
//
// Nothing is remembered from one run to the next: an edit of a file moves no
// directory's stamp, so each run reads what it needs.
//
// Thread-safety: any thread.
#ifndef FINDER_FINDER_IGNORE_IGNORE_READER_H_
#define FINDER_FINDER_IGNORE_IGNORE_READER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "finder/ignore/git_config.h"
#include "finder/ignore/ignore_scopes.h"
#include "finder/ignore/ignore_settings.h"
#include "fs/file_system.h"
#include "fs/shared_files.h"

namespace finder {

struct Directory;

// What of a directory's entries matters.
struct IgnoreSources {
  bool git = false;        // a directory, a file or a symlink
  bool gitignore = false;  // a file
  bool ignore = false;     // a file or a symlink

  // An entry of the directory.
  void Note(std::string_view name, EntryKind kind);
  bool any() const { return git || gitignore || ignore; }
  friend bool operator==(const IgnoreSources&, const IgnoreSources&) = default;
};

// A directory that has sources.
struct IgnoreDirectory {
  std::string absolute;
  std::string printed;  // for messages
  IgnoreBase base;
  const Directory* directory = nullptr;  // handed back in problems
};

// A file that could not be read.
struct IgnoreProblem {
  std::string path;  // for messages
  SystemError error;
  // For whose sake it was read; null for what the user has configured, and for
  // what lies above the roots.
  const Directory* directory = nullptr;
};

class IgnoreReader {
 public:
  // All must outlive this; `shared_files` may be null, which costs system
  // calls.
  IgnoreReader(FileSystem& files, SharedFiles* shared_files,
               IgnoreSettings settings);

  // The number of the scope in a directory, given that of the one above it.
  // Sources that are not there are none.
  uint32_t Enter(uint32_t outer, const IgnoreDirectory& directory,
                 const IgnoreSources& sources);
  // That of what is above `root`, an absolute path: from / downwards.
  uint32_t EnterAbove(const std::string& root);

  const IgnoreScopes& scopes() const { return scopes_; }
  // By path; each path once for each directory.
  std::vector<IgnoreProblem> Problems() const ABSL_LOCKS_EXCLUDED(mutex_);

  // Larger files are told and not read.
  static constexpr size_t kMostBytes = size_t{16} << 20;

 private:
  struct Repository {
    std::string common;  // the directory of info/exclude and config
  };
  enum class Links : uint8_t { kFollowed, kRefused };

  std::optional<std::string> Read(const std::string& path, Links links,
                                  const std::string& printed,
                                  const Directory* directory)
      ABSL_LOCKS_EXCLUDED(mutex_);
  Result<std::string> ReadWhole(const std::string& path, Links links);
  std::optional<Repository> FindRepository(const std::string& directory);
  const IgnoreFile* ReadIgnoreFile(const std::string& path,
                                   const std::string& printed, Links links,
                                   CaseRule case_rule,
                                   const Directory* directory);
  void BeginRepository(const Repository& repository,
                       const IgnoreDirectory& directory, IgnoreScope& scope);
  const GitConfig& UserConfig() ABSL_LOCKS_EXCLUDED(user_mutex_);
  void ReadConfig(const std::string& path, GitConfig& config,
                  const Directory* directory, int depth = 0);
  // The path that a configuration names; none if it cannot be told.
  std::optional<std::string> Expand(const std::string& path,
                                    std::string_view directory) const;
  std::string ConfigHome() const;
  const IgnoreFile* GlobalExcludes(const std::string& path, CaseRule case_rule)
      ABSL_LOCKS_EXCLUDED(user_mutex_);
  std::string RealPath(const std::string& absolute);

  FileSystem& files_;
  SharedFiles* const shared_files_;
  const IgnoreSettings settings_;
  IgnoreScopes scopes_;
  absl::Mutex user_mutex_;  // held while the user's files are read
  std::optional<GitConfig> user_config_ ABSL_GUARDED_BY(user_mutex_);
  absl::flat_hash_map<std::pair<std::string, CaseRule>, const IgnoreFile*>
      excludes_ ABSL_GUARDED_BY(user_mutex_);
  mutable absl::Mutex mutex_;
  std::vector<IgnoreProblem> problems_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace finder

#endif  // FINDER_FINDER_IGNORE_IGNORE_READER_H_
