// --tracked: whether the index of git knows an entry. An entry belongs to the
// innermost repository that it is in: a nested one, a worktree or a submodule
// has an index of its own. Nothing is kept; the index is read in each run that
// asks.
//
// Thread-safe.
#ifndef FINDER_FINDER_GIT_TRACKED_FILTER_H_
#define FINDER_FINDER_GIT_TRACKED_FILTER_H_

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "finder/diagnostics.h"
#include "finder/git/git_index.h"
#include "finder/query/entry_filter.h"
#include "finder/query/query.h"
#include "finder/tree/directory.h"
#include "finder/view/view.h"
#include "fs/file_system.h"

namespace finder {

class TrackedFilter final : public EntryFilter {
 public:
  // `files` must outlive the filter. `working_directory` is absolute. With keep
  // rules a tree does not tell all names, so that the disk is asked. Indexes
  // that cannot be read go to `diagnostics`.
  TrackedFilter(FileSystem& files, const View& view,
                std::string working_directory, Diagnostics& diagnostics);

  std::unique_ptr<EntryProbe> NewProbe() const override;

  // The same for one entry, whose directory is printed with '/' or "", by the
  // disk alone.
  bool Accepts(std::string_view directory, std::string_view name,
               EntryKind kind) const;

 private:
  class Probe;
  // Where paths of a directory stand in an index.
  struct Place {
    const GitIndex* index = nullptr;  // null: in no repository
    // Of a printed path, so many bytes are replaced by this.
    size_t strip = 0;
    std::string prepend;
  };

  // The repository whose top is at `path`, which is printed with '/' or "";
  // null if that is none.
  const GitIndex* RepositoryAt(const std::string& path) const
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<GitIndex> ReadRepository(const std::string& path) const;
  absl::StatusOr<GitIndex> ReadIndex(const std::string& git_directory) const;
  Result<std::string> ReadFile(const std::string& path) const;
  // The place of what is in the directory of that printed path, by the disk.
  Place FindPlace(const std::string& path) const;
  static bool IsTracked(const Place& place, std::string_view directory,
                        std::string_view name, EntryKind kind);

  FileSystem& files_;
  const bool tree_tells_;
  const std::string working_directory_;
  Diagnostics& diagnostics_;
  mutable absl::Mutex mutex_;
  // By the path of the top; null if there is none.
  mutable std::map<std::string, std::unique_ptr<const GitIndex>, std::less<>>
      repositories_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace finder

#endif  // FINDER_FINDER_GIT_TRACKED_FILTER_H_
