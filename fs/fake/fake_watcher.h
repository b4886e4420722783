// The DirectoryWatcher of a FakeFileSystem: tells what is done to its disk, by
// any FakeFileSystem and by the test.
//
// Thread-safe.
#ifndef FINDER_FS_FAKE_FAKE_WATCHER_H_
#define FINDER_FS_FAKE_FAKE_WATCHER_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "fs/directory_watcher.h"
#include "fs/fake/disk/fake_disk.h"
#include "fs/fake/disk/fake_file_system.h"
#include "fs/file_system.h"
#include "fs/result.h"

namespace finder {

class FakeWatcher : public DirectoryWatcher, private FakeDiskObserver {
 public:
  // `files` must outlive this.
  explicit FakeWatcher(FakeFileSystem* files);
  ~FakeWatcher() override;
  FakeWatcher(const FakeWatcher&) = delete;
  FakeWatcher& operator=(const FakeWatcher&) = delete;

  // Of more reports than these all are lost.
  void SetMaxQueued(size_t most);
  // Of directories that may be watched at once.
  void SetMaxWatches(size_t most);
  size_t watches() const;

  std::string_view kind() const override { return "fake"; }
  Outcome Watch(const DirectoryHandle& base, std::string_view path,
                SymlinkPolicy symlinks, WatchToken token) override;
  void Unwatch(WatchToken token) override;
  Outcome Drain(absl::FunctionRef<void(const WatchEvent&)> visit) override;
  // Never waits: nothing happens by itself.
  Result<bool> Wait(std::optional<int64_t> timeout_ms) override;

 private:
  void OnNames(const FakeInode& directory) override;
  void OnDirectory(const FakeInode& directory) override;
  void OnMounts() override;
  void Tell(const FakeInode& directory, WatchEvent::What what)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(disk_.mutex());
  void Queue(const WatchEvent& event)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(disk_.mutex());
  void Forget(WatchToken token) ABSL_EXCLUSIVE_LOCKS_REQUIRED(disk_.mutex());

  FakeFileSystem& files_;
  FakeDisk& disk_;
  // All of these are guarded by the disk's mutex.
  size_t max_queued_ = SIZE_MAX;
  size_t max_watches_ = SIZE_MAX;
  std::map<const FakeInode*, std::set<WatchToken>> tokens_;
  std::map<WatchToken, const FakeInode*> watched_;
  std::deque<WatchEvent> queue_;
};

}  // namespace finder

#endif  // FINDER_FS_FAKE_FAKE_WATCHER_H_
