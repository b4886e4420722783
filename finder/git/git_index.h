// Git's index: which paths a repository tracks. Reads versions 2, 3 and 4, with
// either object format, sparse and split ones
// (https://git-scm.com/docs/index-format). Our own reader, since a library for
// it would cost every run its loading; doc/design.md has the numbers.
//
// Pure; immutable once read, any thread.
#ifndef FINDER_FINDER_GIT_GIT_INDEX_H_
#define FINDER_FINDER_GIT_GIT_INDEX_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace finder {

class GitIndex {
 public:
  // An index that tracks nothing: that of a new repository.
  GitIndex() = default;

  // Fails with DataLoss if the bytes are no index, and with Unimplemented if
  // they hold what must be understood and is not.
  static absl::StatusOr<GitIndex> Parse(std::string_view bytes);

  // Of a split index: the hash in the name of the file with the rest,
  // "sharedindex.HASH". None: it is whole.
  const std::optional<std::string>& shared_hash() const { return shared_hash_; }
  // Puts in what the shared file holds. Fails if they do not go together.
  absl::Status Join(const GitIndex& shared);

  // Whether the path below the top of the repository is tracked: a file, a
  // symlink, or the directory of a submodule.
  bool Has(std::string_view path) const;
  // Whether anything below the directory is.
  bool HasBelow(std::string_view directory) const;

  size_t size() const { return paths_.size(); }

 private:
  class Reader;

  // As the file has them; the directories of a sparse index, of which nothing
  // is checked out, end in '/'. In byte order, several times if in conflict.
  std::vector<std::string> paths_;
  // Of a split index: which entries of the shared one are gone.
  std::optional<std::string> shared_hash_;
  std::vector<uint64_t> deleted_;
};

}  // namespace finder

#endif  // FINDER_FINDER_GIT_GIT_INDEX_H_
