#include "fs/fake/fake_watcher.h"

#include <errno.h>

#include <utility>

#include "absl/synchronization/mutex.h"
#include "fs/fake/disk/fake_calls.h"
#include "fs/fake/disk/fake_inode.h"

namespace finder {

FakeWatcher::FakeWatcher(FakeFileSystem* files)
    : files_(*files), disk_(*files->disk_) {
  absl::MutexLock lock(&disk_.mutex());
  disk_.AddObserver(this);
}

FakeWatcher::~FakeWatcher() {
  absl::MutexLock lock(&disk_.mutex());
  disk_.RemoveObserver(this);
}

void FakeWatcher::SetMaxQueued(size_t most) {
  absl::MutexLock lock(&disk_.mutex());
  max_queued_ = most;
}

void FakeWatcher::SetMaxWatches(size_t most) {
  absl::MutexLock lock(&disk_.mutex());
  max_watches_ = most;
}

size_t FakeWatcher::watches() const {
  absl::MutexLock lock(&disk_.mutex());
  return tokens_.size();
}

Outcome FakeWatcher::Watch(const DirectoryHandle& base, std::string_view path,
                           SymlinkPolicy symlinks, WatchToken token) {
  const Outcome fault =
      files_.calls_.Note(Operation::kWatch, files_.AbsolutePath(base, path));
  if (!fault.ok()) return fault;
  const FakeUser user = files_.user();
  absl::MutexLock lock(&files_.disk_->mutex());
  disk_.mutex().AssertHeld();
  const FakeInode* inode = nullptr;
  if (path.empty()) {
    inode = files_.Opened(base).inode.get();
  } else {
    const Result<FakeInodePtr> found =
        files_.FindExisting(base, path, symlinks);
    if (!found.ok()) return found.error();
    inode = found.value().get();
  }
  if (inode->kind != EntryKind::kDirectory) return SystemError(ENOTDIR);
  if (!FakeDisk::IsAllowed(user, *inode, FakeDisk::kRead)) {
    return SystemError(EACCES);
  }
  if (!tokens_.contains(inode) && tokens_.size() >= max_watches_) {
    return SystemError(ENOSPC);
  }
  Forget(token);
  tokens_[inode].insert(token);
  watched_[token] = inode;
  return {};
}

void FakeWatcher::Unwatch(WatchToken token) {
  absl::MutexLock lock(&disk_.mutex());
  Forget(token);
}

void FakeWatcher::Forget(WatchToken token) {
  const auto found = watched_.find(token);
  if (found == watched_.end()) return;
  const auto tokens = tokens_.find(found->second);
  tokens->second.erase(token);
  if (tokens->second.empty()) tokens_.erase(tokens);
  watched_.erase(found);
}

Outcome FakeWatcher::Drain(absl::FunctionRef<void(const WatchEvent&)> visit) {
  std::deque<WatchEvent> queue;
  {
    absl::MutexLock lock(&disk_.mutex());
    queue.swap(queue_);
  }
  for (const WatchEvent& event : queue) visit(event);
  return {};
}

Result<bool> FakeWatcher::Wait(std::optional<int64_t>) {
  absl::MutexLock lock(&disk_.mutex());
  return !queue_.empty();
}

void FakeWatcher::OnNames(const FakeInode& directory) {
  disk_.mutex().AssertHeld();
  Tell(directory, WatchEvent::What::kNames);
}

void FakeWatcher::OnDirectory(const FakeInode& directory) {
  disk_.mutex().AssertHeld();
  Tell(directory, WatchEvent::What::kSelf);
  if (const FakeInodePtr parent = directory.parent.lock()) {
    Tell(*parent, WatchEvent::What::kNames);
  }
  if (directory.links > 0) return;
  // The kernel ends a watch with the directory's last name.
  Tell(directory, WatchEvent::What::kEnded);
  const auto tokens = tokens_.find(&directory);
  if (tokens == tokens_.end()) return;
  for (const WatchToken token : tokens->second) watched_.erase(token);
  tokens_.erase(tokens);
}

void FakeWatcher::OnMounts() {
  disk_.mutex().AssertHeld();
  Queue({.what = WatchEvent::What::kMounts});
}

void FakeWatcher::Tell(const FakeInode& directory, WatchEvent::What what) {
  const auto tokens = tokens_.find(&directory);
  if (tokens == tokens_.end()) return;
  for (const WatchToken token : tokens->second) {
    Queue({.what = what, .token = token});
  }
}

void FakeWatcher::Queue(const WatchEvent& event) {
  if (queue_.size() < max_queued_) {
    queue_.push_back(event);
  } else if (queue_.empty() || queue_.back().what != WatchEvent::What::kLost) {
    queue_.push_back({.what = WatchEvent::What::kLost});
  }
}

}  // namespace finder
