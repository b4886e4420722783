// The first half of a scan: stamping what is known. Internal to the scanner.
// doc/design.md, "A scan" and "The fast path".
//
// A worker takes a piece (some hundred directories in pre-order) at a time and
// stats each directory relative to an open one not far above it, which costs
// the kernel fewer path components than a path from the root.
//
// Invariant of levels and bases, between two directories of a piece: levels_ is
// the way from the root to the directory at hand, outermost first, and path_ is
// the names on that way, each with a '/'. bases_ is a part of that way, the
// open directories on it: a base's `start` is the path_size of its level, so
// that path_ from there on is the path relative to it, and the innermost base
// is the one used. With the piece a, a/b, a/b/c, a/d, at a/b/c and with a/b
// open:
//
//   path_ = "a/b/"        levels_ = root:0, a:2, b:4     bases_ = b:4
//   stat(b, "c")
//
// At a/d, PopTo cuts path_ back to "a/", which closes the base b (4 > 2); a/d
// is then stat'ed from the root. Since at most kMostBases are open, an outer
// base may have been closed meanwhile: PopTo drops it when it comes back to it.
//
// Thread-safety: one thread each; workers share ScanState only.
#ifndef FINDER_FINDER_SCANNER_VERIFY_WORKER_H_
#define FINDER_FINDER_SCANNER_VERIFY_WORKER_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "finder/scanner/scan_state.h"

namespace finder {

// Compares the stamps of the roots. Before any worker runs.
class RootStamper {
 public:
  explicit RootStamper(ScanState& state) : state_(state) {}
  void Stamp();

 private:
  void MarkBeyond(Directory& top, uint16_t device);

  ScanState& state_;
};

class VerifyWorker {
 public:
  // `thread`: its index in the pool.
  VerifyWorker(ScanState& state, unsigned thread)
      : state_(state), thread_(thread) {}

  // Takes pieces by the shared index until there are none.
  void Run(std::span<const Piece> pieces, std::atomic<size_t>& next);

 private:
  // A directory on the way down to the one at hand.
  struct Level {
    const Directory* directory;
    size_t path_size;  // of path_, with the directory's name and a '/'
    uint32_t components_below_base;
    bool hidden;  // the view does not show what is inside
  };
  // An open directory, and where paths relative to it begin in path_.
  struct Base {
    DirectoryHandle handle;
    size_t start;
  };

  void VerifyPiece(const Piece& piece);
  void CountSubtrees(const Piece& piece);
  void PopTo(const Directory* parent);
  void EnterOutside(const Directory* parent);
  void EnterRoot(const Directory& root);
  void Push(const Directory& d, bool hidden);
  void MaybeOpenBase(uint32_t directories_below);
  void Verify(Directory& d, std::string_view name);
  // These look at `d`, whose name ends path_.
  Result<FileStat> StatByPath(const Directory& d) const;
  Result<FileStat> StatOpened(const Directory& d) const;
  Result<DirectoryHandle> OpenByPath(const Directory& d) const;
  bool KnowsDevice(const Directory& d, uint64_t number) const;
  void VerifyStamp(Directory& d, const FileStat& stat);
  void CheckEntries(Directory& d);
  void Queue(Directory& d, ListReason reason);
  void MarkGone(Directory& d);
  void MarkUnreadable(Directory& d, SystemError error);
  void Flush();

  const DirectoryHandle& BaseHandle() const {
    return bases_.empty() ? *root_handle_ : bases_.back().handle;
  }
  std::string_view PathFromBase() const {
    return std::string_view(path_).substr(bases_.empty() ? 0
                                                         : bases_.back().start);
  }

  ScanState& state_;
  const unsigned thread_;
  const Directory* root_ = nullptr;
  const DirectoryHandle* root_handle_ = nullptr;
  std::string path_;  // below the root, of the innermost level
  std::vector<Level> levels_;
  std::vector<Base> bases_;
  std::vector<uint32_t> subtree_sizes_;
  std::vector<WorkItem> queue_;
  uint32_t not_done_ = 0;  // of this piece
  std::vector<Directory*> gone_;
  Arena* arena_ = nullptr;
  ScanCounts counts_;
};

}  // namespace finder

#endif  // FINDER_FINDER_SCANNER_VERIFY_WORKER_H_
