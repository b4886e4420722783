// Bringing a standing tree up to date where somebody says that it changed.
// doc/design.md, "A standing tree".
//
// Invariant of a standing tree, between two updates: a directory is verified
// if and only if the view shows it, and all above it are open. What is hidden
// is not verified, so it is stamped when it shows again, and nobody has to name
// what changes there meanwhile.
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "finder/scanner/entry_kinds.h"
#include "finder/scanner/scan_state.h"
#include "finder/scanner/scanner.h"
#include "finder/tree/tree_walk.h"

namespace finder {
namespace {

// Directories with symlinks, of which most hold a few.
constexpr size_t kDirectoriesWorthAWorker = 64;

bool IsShownOpen(const Directory& d) {
  return (d.view_root || d.visible()) && d.open();
}

// Hides what is below `top`, whose contents the view does not show any more.
// `unverified`: where to go from a directory that is hidden already.
void HideBelow(Directory& top, Descent unverified, TreeObserver* observer) {
  VisitTree(top, [&](Directory& d) {
    if (&d == &top) return Descent::kInside;
    if (!d.verified) return unverified;
    d.verified = false;
    if (observer != nullptr) observer->Dropped(d);
    return Descent::kInside;
  });
}

}  // namespace

// Walks what an earlier scan left, and makes the invariant hold: workers that
// verify different pieces may have looked below a directory that was shut
// meanwhile.
void Scanner::MakeNotes(StandingNotes& notes) {
  notes = {.are_made = true, .unreadable = {}, .with_links = {}};
  for (const Root& root : state_->tree.roots) {
    VisitTree(*root.directory, [&](Directory& d) {
      if (d.verified && d.knowledge == Knowledge::kUnreadable) {
        notes.unreadable.push_back(&d);
      }
      if (!IsShownOpen(d)) {
        HideBelow(d, Descent::kInside, state_->request.observer);
        return Descent::kOver;
      }
      if (d.has_special) notes.with_links.push_back(&d);
      return Descent::kInside;
    });
  }
}

void Scanner::Queue(Directory& d, ListReason reason) {
  // What is hidden has no say; what is queued is looked at once.
  if (d.removed || d.queued || !d.verified) return;
  d.queued = true;
  queued_.push_back(&d);
  absl::MutexLock lock(&state_->mutex);
  state_->queue.push_back({&d, nullptr, reason});
}

void Scanner::Update(const TreeChanges& changes, StandingNotes& notes,
                     unsigned workers) {
  if (!notes.are_made) MakeNotes(notes);
  {
    // The roots that do not bear their stamps any more.
    absl::MutexLock lock(&state_->mutex);
    for (const WorkItem& item : state_->queue) {
      item.directory->queued = true;
      queued_.push_back(item.directory);
    }
  }
  for (const Directory* d : changes.changed) {
    Queue(const_cast<Directory&>(*d), ListReason::kNamed);
  }
  for (Directory* d : notes.unreadable) Queue(*d, ListReason::kUnknown);
  for (const Directory* d : changes.doubtful) {
    Queue(const_cast<Directory&>(*d), d->knowledge == Knowledge::kListed
                                          ? ListReason::kUncovered
                                          : ListReason::kUnknown);
  }
  Explore(workers);
  Settle(notes);
  ResolveLinks(notes);
  for (Directory* d : queued_) d->queued = false;
  queued_.clear();
}

// Makes the invariant hold again, and notes what the next update must know.
void Scanner::Settle(StandingNotes& notes) {
  absl::MutexLock lock(&state_->mutex);
  for (Directory* d : state_->closed) {
    if (!d->removed && !IsShownOpen(*d)) {
      // By the invariant, nothing is verified below what is not.
      HideBelow(*d, Descent::kOver, state_->request.observer);
    }
  }
  state_->closed.clear();
  notes.unreadable.clear();
  for (const Unreadable& one : state_->unreadable) {
    Directory& d = const_cast<Directory&>(*one.directory);
    if (!d.removed && d.verified) notes.unreadable.push_back(&d);
  }
  std::vector<Directory*>& all = notes.with_links;
  if (state_->with_links.empty()) return;
  all.insert(all.end(), state_->with_links.begin(), state_->with_links.end());
  state_->with_links.clear();
  std::erase_if(
      all, [](const Directory* d) { return d->removed || !d->has_special; });
  std::sort(all.begin(), all.end(), std::less<>());
  all.erase(std::unique(all.begin(), all.end()), all.end());
}

// Targets of symlinks come and go without a word from the directory that holds
// the symlink. Those of directories listed in this update have been looked at.
void Scanner::ResolveLinks(const StandingNotes& notes) {
  ScanState& s = *state_;
  const std::vector<Directory*>& all = notes.with_links;
  const auto workers = static_cast<unsigned>(std::min<size_t>(
      s.request.processors, all.size() / kDirectoriesWorthAWorker + 1));
  std::atomic<size_t> next = 0;
  s.pool.Run(workers, [&](unsigned) {
    ScanCounts counts;
    uint64_t dead_bytes = 0;
    Arena& arena = s.TakeArena();
    for (size_t i = 0; (i = next.fetch_add(1)) < all.size();) {
      Directory& d = *all[i];
      if (d.removed || d.queued || !d.verified || !IsShownOpen(d)) continue;
      if (!s.AsksAnyTarget(d)) continue;
      std::string prefix = RelativePath(d);
      if (!prefix.empty()) prefix += '/';
      const char* const before = d.listing_bytes;
      counts.stat_calls += finder::ResolveLinks(
          {*s.request.files, s.RootHandle(d), prefix}, d, arena,
          [&s](std::string_view name) { return s.AsksTarget(name); });
      if (d.listing_bytes != before) dead_bytes += d.listing_size;
    }
    s.ReturnArena(arena);
    s.AddCounts(counts);
    absl::MutexLock lock(&s.mutex);
    s.tree.dead_bytes += dead_bytes;
  });
}

}  // namespace finder
