#include "finder/daemon/watched_tree.h"

#include <algorithm>
#include <utility>

#include "finder/tree/tree_walk.h"
#include "fs/volume.h"

namespace finder {
namespace {

// Whether all changes of its directories are made by this kernel, which tells.
bool TellsAll(const Device& device) {
  return device.volume.has_value() &&
         device.volume->trust == StampTrust::kLocal;
}

}  // namespace

WatchedTree::WatchedTree(Finder* finder, DirectoryWatcher* watcher)
    : finder_(*finder), watcher_(*watcher) {
  finder_.SetObserver(this);
}

absl::Status WatchedTree::Refresh(const ScanScope& scope) {
  Collect();
  absl::Status status;
  if (needs_scan_) {
    ++counts_.scans;
    status = finder_.Scan(ScanScope());
  } else {
    ++counts_.updates;
    AddUntold();
    status = finder_.Update(changes_, scope);
  }
  changes_ = TreeChanges();
  needs_scan_ = !status.ok();
  return status;
}

WatchedTree::Counts WatchedTree::counts() const {
  absl::MutexLock lock(&mutex_);
  Counts counts = counts_;
  counts.unwatched = unwatched_.size();
  counts.watched = tokens_.size() - unwatched_.size();
  return counts;
}

void WatchedTree::Collect() {
  const Outcome drained =
      watcher_.Drain([this](const WatchEvent& event) { Note(event); });
  if (!drained.ok()) needs_scan_ = true;
}

void WatchedTree::Note(const WatchEvent& event) {
  ++counts_.events;
  switch (event.what) {
    case WatchEvent::What::kLost:
      ++counts_.overflows;
      needs_scan_ = true;
      return;
    case WatchEvent::What::kMounts:
      needs_scan_ = true;
      return;
    case WatchEvent::What::kNames:
    case WatchEvent::What::kSelf:
    case WatchEvent::What::kEnded:
      break;
  }
  absl::MutexLock lock(&mutex_);
  const Directory* const d =
      event.token < directories_.size() ? directories_[event.token] : nullptr;
  if (d == nullptr) return;
  if (event.what == WatchEvent::What::kEnded) unwatched_.insert(d);
  changes_.changed.push_back(d);
}

void WatchedTree::AddUntold() {
  std::vector<const Directory*>& doubtful = changes_.doubtful;
  {
    absl::MutexLock lock(&mutex_);
    doubtful.assign(unwatched_.begin(), unwatched_.end());
  }
  const DirectoryTree& tree = finder_.tree();
  const auto is_used_and_untold = [](const Device& device) {
    return device.number != 0 && !TellsAll(device);
  };
  if (std::none_of(tree.devices.begin(), tree.devices.end(),
                   is_used_and_untold)) {
    return;
  }
  for (const Root& root : tree.roots) {
    if (root.directory == nullptr) continue;
    VisitTree(
        static_cast<const Directory&>(*root.directory),
        [&](const Directory& d) {
          if (!d.verified) return Descent::kOver;
          if (d.device == kNoDevice || !TellsAll(tree.devices[d.device])) {
            doubtful.push_back(&d);
          }
          return Descent::kInside;
        });
  }
}

WatchToken WatchedTree::TakeToken(const Directory& d) {
  const auto [at, is_new] = tokens_.try_emplace(&d, 0);
  if (!is_new) return at->second;
  if (free_tokens_.empty()) {
    at->second = static_cast<WatchToken>(directories_.size());
    directories_.push_back(&d);
  } else {
    at->second = free_tokens_.back();
    free_tokens_.pop_back();
    directories_[at->second] = &d;
  }
  return at->second;
}

void WatchedTree::BeforeStamp(const Directory& d, const DirectoryHandle& base,
                              std::string_view path) {
  WatchToken token;
  {
    absl::MutexLock lock(&mutex_);
    token = TakeToken(d);
  }
  const Outcome watched =
      watcher_.Watch(base, path, SymlinkPolicy::kNoFollow, token);
  absl::MutexLock lock(&mutex_);
  if (watched.ok()) {
    unwatched_.erase(&d);
  } else {
    unwatched_.insert(&d);
  }
}

void WatchedTree::Dropped(const Directory& d) {
  WatchToken token;
  {
    absl::MutexLock lock(&mutex_);
    const auto found = tokens_.find(&d);
    if (found == tokens_.end()) return;
    token = found->second;
    tokens_.erase(found);
    directories_[token] = nullptr;
    free_tokens_.push_back(token);
    unwatched_.erase(&d);
  }
  watcher_.Unwatch(token);
}

void WatchedTree::Moved(const Directory& from, const Directory& to) {
  absl::MutexLock lock(&mutex_);
  auto token = tokens_.extract(&from);
  if (token.empty()) return;
  directories_[token.mapped()] = &to;
  token.key() = &to;
  tokens_.insert(std::move(token));
  if (unwatched_.erase(&from) > 0) unwatched_.insert(&to);
}

}  // namespace finder
