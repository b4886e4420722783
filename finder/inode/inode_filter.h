// --size, --newer, --changed-within and --changed-before: asks the inodes of
// entries that have matched. What they say is never stored.
//
// Thread-safe.
#ifndef FINDER_FINDER_INODE_INODE_FILTER_H_
#define FINDER_FINDER_INODE_INODE_FILTER_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "finder/diagnostics.h"
#include "finder/inode/size_text.h"
#include "finder/query/entry_filter.h"
#include "finder/query/query.h"
#include "finder/view/view.h"
#include "fs/clock.h"
#include "fs/file_system.h"
#include "fs/result.h"

namespace finder {

// What a query asks of an inode.
struct InodeRules {
  std::vector<SizeBound> sizes;         // all hold; of regular files only
  std::vector<int64_t> modified_after;  // ns since the epoch; all hold
  std::vector<int64_t> modified_before;

  // Fails if a text is malformed, or if a FILE to compare with is missing.
  static absl::StatusOr<InodeRules> Of(const Query& query, FileSystem& files,
                                       Clock& clock);

  // Whether sizes and times are right. A symlink has a time of its own and no
  // size, unless symlinks are followed.
  Result<bool> Hold(FileSystem& files, const DirectoryHandle& base,
                    std::string_view path, EntryKind kind,
                    LinkPolicy links) const;
};

class InodeFilter final : public EntryFilter {
 public:
  // All must outlive the filter and its probes. Entries that are there and
  // cannot be asked go to `diagnostics`. `remembers`: the same entries are
  // asked about again and again in this run.
  InodeFilter(InodeRules rules, LinkPolicy links, FileSystem& files,
              Diagnostics& diagnostics, bool remembers)
      : rules_(std::move(rules)),
        links_(links),
        files_(files),
        diagnostics_(diagnostics),
        remembers_(remembers) {}

  std::unique_ptr<EntryProbe> NewProbe() const override;

  // How many entries were asked.
  uint64_t asked() const { return asked_; }

 private:
  class Probe;
  bool Ask(const DirectoryHandle& base, std::string_view path_from_base,
           const Match& match) const;

  const InodeRules rules_;
  const LinkPolicy links_;
  FileSystem& files_;
  Diagnostics& diagnostics_;
  const bool remembers_;
  mutable std::atomic<uint64_t> asked_ = 0;
  mutable absl::Mutex mutex_;
  mutable absl::flat_hash_map<std::string, bool> remembered_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace finder

#endif  // FINDER_FINDER_INODE_INODE_FILTER_H_
