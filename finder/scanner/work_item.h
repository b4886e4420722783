// One directory that waits to be listed. Internal to the scanner.
//
// Values, but for SharedDirectory, which any thread may release.
#ifndef FINDER_FINDER_SCANNER_WORK_ITEM_H_
#define FINDER_FINDER_SCANNER_WORK_ITEM_H_

#include <atomic>
#include <cstdint>
#include <string_view>
#include <utility>

#include "finder/tree/directory_tree.h"
#include "fs/file_system.h"

namespace finder {

// Why a directory waits to be listed.
enum class ListReason : uint8_t {
  kUnknown,  // never stamped
  kDevice,   // on another file system
  kInode,    // the stamp differs, first of all in this field
  kChangeTime,
  kUntrusted,
  kClockStep,  // the clock was set back since
  kUncovered,  // known, but not stamped in this run: the view hid it until now
  kNewLink,    // nothing to list: look where the symlinks in it lead
  kNamed,      // an update's caller says that it changed
};

std::string_view ReasonText(ListReason reason);

// Whether the directory was given another stamp than its listing has.
inline bool IsNewStamp(ListReason reason) {
  return reason == ListReason::kDevice || reason == ListReason::kInode ||
         reason == ListReason::kChangeTime;
}

// An open directory that items of work refer to, closed by the last of them.
class SharedDirectory {
 public:
  SharedDirectory(DirectoryHandle handle, uint32_t references,
                  std::atomic<int64_t>& open_count)
      : handle_(std::move(handle)),
        references_(references),
        open_count_(open_count) {}

  const DirectoryHandle& handle() const { return handle_; }

  void Release() {
    if (references_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    open_count_.fetch_sub(1, std::memory_order_relaxed);
    delete this;
  }

 private:
  ~SharedDirectory() = default;

  DirectoryHandle handle_;
  std::atomic<uint32_t> references_;
  std::atomic<int64_t>& open_count_;
};

// One directory to be listed, or stamped again.
struct WorkItem {
  Directory* directory = nullptr;
  SharedDirectory* parent = nullptr;  // null: open it by its path
  ListReason reason = ListReason::kUnknown;
};

}  // namespace finder

#endif  // FINDER_FINDER_SCANNER_WORK_ITEM_H_
