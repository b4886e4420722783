// The part of a scan that may end before everything is looked at: what is still
// to be done, in the order of the output. doc/design.md, "What is not needed".
#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "finder/scanner/scan_state.h"
#include "finder/scanner/scanner.h"
#include "finder/tree/tree_walk.h"

namespace finder {
namespace {

// Of a longer queue only the first of the output are put in order.
constexpr size_t kMostSorted = 4096;

bool IsChildOf(const Directory& d, const Directory& parent) {
  for (const Directory& child : Children(parent)) {
    if (&child == &d) return true;
  }
  return false;
}

}  // namespace

bool IsInAnswer(const Directory& d) {
  for (const Directory* at = &d; !at->view_root; at = at->parent) {
    if (!at->visible() || !at->parent->open()) return false;
    if (!IsChildOf(*at, *at->parent)) return false;
  }
  return true;
}

bool ScanState::ComesBefore(const Directory& a, const Directory& b) const {
  const size_t a_root = RootIndex(a);
  const size_t b_root = RootIndex(b);
  if (a_root == b_root) return PreorderBefore(a, b);
  const std::string a_prefix = PrintedPrefix(tree.roots[a_root].path);
  const std::string b_prefix = PrintedPrefix(tree.roots[b_root].path);
  return a_prefix == b_prefix ? a_root < b_root : a_prefix < b_prefix;
}

bool ScanState::IsBehindLimit(const Directory& d) const {
  if (!limit.has_value() || &d == limit->directory) return false;
  const Directory* at = &d;
  while (!at->view_root && at->parent != limit->directory) at = at->parent;
  if (at->view_root) return ComesBefore(*limit->directory, d);
  return EntryBeforeChild(limit->name, at->name());
}

void Scanner::ExploreSome(unsigned workers, Help help, uint64_t budget) {
  if (!queue_is_sorted_) SortQueue(kMostSorted);
  const bool alone = help == Help::kAlone;
  state_->has_budget = true;
  state_->budget = static_cast<int64_t>(
      std::min<uint64_t>(budget, std::numeric_limits<int64_t>::max()));
  state_->may_grow = !alone;
  Explore(alone ? 1 : workers, help);
  state_->has_budget = false;
  state_->may_grow = true;
  {
    absl::MutexLock lock(&state_->mutex);
    state_->queue.insert(state_->queue.end(), state_->left.begin(),
                         state_->left.end());
    state_->left.clear();
  }
  // Below what was known, directories were queued that now come in between.
  queue_is_sorted_ = alone && !state_->request.seen_ns.has_value();
  MarkStale();
}

// Brings the first of the output to the end, where workers take from.
void Scanner::SortQueue(size_t most) {
  const auto later = [this](const WorkItem& a, const WorkItem& b) {
    return state_->ComesBefore(*b.directory, *a.directory);
  };
  absl::MutexLock lock(&state_->mutex);
  std::vector<WorkItem>& queue = state_->queue;
  auto begin = queue.begin();
  if (queue.size() > most) {
    begin = queue.end() - static_cast<int64_t>(most);
    std::nth_element(queue.begin(), begin, queue.end(), later);
  }
  std::sort(begin, queue.end(), later);
}

const Directory* Scanner::FirstQueued() {
  if (!queue_is_sorted_) SortQueue(kMostSorted);
  queue_is_sorted_ = true;
  size_t size = 0;
  for (size_t looked_at = 0;; ++looked_at) {
    if (looked_at == kMostSorted) SortQueue(size);
    absl::MutexLock lock(&state_->mutex);
    size = state_->queue.size();
    if (looked_at == size) return nullptr;
    const Directory* d = state_->queue[size - 1 - looked_at].directory;
    if (IsInAnswer(*d)) return d;
  }
}

void Scanner::VisitUncovered(absl::FunctionRef<bool(Directory&)> visit) {
  std::vector<const Root*> roots;
  for (const Root& root : state_->tree.roots) roots.push_back(&root);
  std::sort(roots.begin(), roots.end(), [this](const Root* a, const Root* b) {
    return state_->ComesBefore(*a->directory, *b->directory);
  });
  for (const Root* root : roots) {
    bool stopped = false;
    VisitTree(*root->directory, [&](Directory& d) {
      const bool is_top = &d == root->directory;
      const bool open = (is_top || d.visible()) && d.open();
      stopped = !is_top && d.visible() && !d.verified && state_->IsInReach(d) &&
                !visit(d);
      if (stopped) return Descent::kStop;
      return open ? Descent::kInside : Descent::kOver;
    });
    if (stopped) return;
  }
}

const Directory* Scanner::FirstPending() {
  const Directory* const queued = FirstQueued();
  if (!has_limit()) return queued;
  const Directory* first = nullptr;
  VisitUncovered([&first](Directory& d) {
    first = &d;
    return false;
  });
  if (first == nullptr || queued == nullptr) {
    return first == nullptr ? queued : first;
  }
  return state_->ComesBefore(*queued, *first) ? queued : first;
}

bool Scanner::has_limit() const { return state_->limit.has_value(); }

void Scanner::LiftLimit() {
  state_->limit.reset();
  std::vector<WorkItem> uncovered;
  VisitUncovered([&uncovered](Directory& d) {
    uncovered.push_back({&d, nullptr,
                         d.knowledge == Knowledge::kListed
                             ? ListReason::kUncovered
                             : ListReason::kUnknown});
    return true;
  });
  for (const WorkItem& item : uncovered) item.directory->verified = true;
  absl::MutexLock lock(&state_->mutex);
  state_->queue.insert(state_->queue.end(), uncovered.begin(), uncovered.end());
  queue_is_sorted_ = false;
}

bool Scanner::Abandon() {
  absl::MutexLock lock(&state_->mutex);
  for (const WorkItem& item : state_->queue) {
    Directory& d = *item.directory;
    if (item.parent != nullptr) item.parent->Release();
    // Nobody has listed what bears the stamp that was found.
    if (IsNewStamp(item.reason) && d.knowledge == Knowledge::kListed) {
      d.knowledge = Knowledge::kNameOnly;
      d.block = Directory::kNoBlock;
      state_->facts_changed = true;
    }
    d.verified = false;
  }
  const bool any = !state_->queue.empty();
  state_->queue.clear();
  return any;
}

}  // namespace finder
