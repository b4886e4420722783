// The second half of a scan: listing what is new or changed, and all that is
// found below it. Internal to the scanner. doc/design.md, "A scan".
//
// A worker works depth first from a stack of its own (work_stack.h), and opens
// each directory relative to its parent, which stays open until its last child
// is open.
//
// Thread-safety: one thread each; workers share ScanState only. A directory is
// written by the worker that took its item, its children's links as well.
#ifndef FINDER_FINDER_SCANNER_EXPLORE_WORKER_H_
#define FINDER_FINDER_SCANNER_EXPLORE_WORKER_H_

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "finder/scanner/directory_reader.h"
#include "finder/scanner/scan_state.h"
#include "finder/scanner/work_stack.h"

namespace finder {

class ExploreWorker {
 public:
  // `thread`: its index in the pool.
  ExploreWorker(ScanState& state, unsigned thread);

  // Works until no worker has anything left.
  void Run();

 private:
  void Tick();
  void Process(const WorkItem& item);
  bool ReuseListing(Directory& d, const WorkItem& item);
  Result<DirectoryHandle> Open(const Directory& d, const WorkItem& item);
  bool IsBeyond(const Directory& d, const WorkItem& item);
  bool StampAgain(Directory& d, const DirectoryHandle& handle,
                  ListReason& reason);
  bool Stamp(Directory& d, const DirectoryHandle& handle);
  bool ShutOut(Directory& d);
  void List(Directory& d, DirectoryHandle handle, ListReason reason);
  bool SetTrust(Directory& d, ListReason reason);
  std::optional<ListReason> DoubtByName(const Directory& c,
                                        const DirectoryHandle& parent);
  // Whether a directory's listing was just read, or is what was known.
  enum class Parent : uint8_t { kListed, kHolds };
  std::optional<ListReason> ReasonToPush(const Directory& c, Parent parent,
                                         const DirectoryHandle& handle);
  void PushChildren(Directory& d, DirectoryHandle handle, Parent state);
  void MarkForeign(Directory& d);
  void NoteClosed(Directory& d);
  void NoteLinks(Directory& d);
  void AdoptLinks(Directory& d, DirectoryHandle handle);
  void Fail(Directory& d, SystemError error);
  void Changed(Directory& d);
  void PlaceLandmark(const Directory& d);
  void Count(const Directory& d, ListReason reason);
  void Explain(const Directory& d, ListReason reason);
  const Directory& RootOf(const Directory& d) const;

  ScanState& state_;
  WorkStack work_;
  Arena& arena_;
  DirectoryReader reader_;
  FileStat stat_;  // of the directory stamped last
  std::vector<WorkItem> pending_;
  std::vector<Directory*> closed_;
  std::vector<Directory*> with_links_;
  uint64_t dead_bytes_ = 0;
  ScanCounts counts_;
  uint32_t processed_ = 0;
  uint32_t done_ = 0;  // and not counted yet
  // Some of what was listed, and what was passed since the last of them.
  std::vector<Landmark> landmarks_;
  uint64_t weight_ = 0;
  uint32_t since_landmark_ = 0;
  int64_t latest_change_ns_ = std::numeric_limits<int64_t>::min();
};

}  // namespace finder

#endif  // FINDER_FINDER_SCANNER_EXPLORE_WORKER_H_
