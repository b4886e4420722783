#include "finder/scanner/verify_worker.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "finder/scanner/entry_kinds.h"
#include "finder/threads/trace.h"
#include "finder/tree/tree_walk.h"

namespace finder {
namespace {

// A directory is opened as a base if the path components this saves, over all
// directories below it in the piece, pay for opening and closing it. Measured
// on ext4: about 2 us against some 60 ns a component.
constexpr uint32_t kComponentsWorthABase = 40;

// Bases kept open at a time by one worker. Deeper chains than this close the
// outer ones and go on with longer paths when they come back.
constexpr size_t kMostBases = 8;

// System calls between two looks at the clock.
constexpr uint32_t kTickEvery = 128;

// A stat takes about as long as a name takes to come from memory, and the
// kernel's own work has driven out what was read when the block was parsed.
constexpr uint32_t kAhead = 4;

}  // namespace

// `device`: that of the root now. What is known to lie on another one is beyond
// the boundary, unless it is found to have moved.
void RootStamper::MarkBeyond(Directory& top, uint16_t device) {
  if (state_.request.view->boundary != Boundary::kOneFileSystem) return;
  VisitTree(top, [&top, device](Directory& d) {
    d.beyond = &d != &top && d.device != kNoDevice && d.device != device;
    return Descent::kInside;
  });
}

void RootStamper::Stamp() {
  const std::vector<FileStat>& stats = state_.root_stats;
  ScanCounts counts;
  counts.stat_calls = stats.size();
  std::vector<WorkItem> queue;
  for (size_t i = 0; i < stats.size(); ++i) {
    Directory& d = *state_.tree.roots[i].directory;
    d.verified = true;
    const uint16_t device =
        state_.devices.Identify(stats[i].device, state_.root_handles[i]);
    if (!state_.request.is_update) MarkBeyond(d, device);
    std::optional<ListReason> reason = ListReason::kUnknown;
    if (d.knowledge == Knowledge::kListed) reason = state_.Doubt(d, stats[i]);
    if (reason.has_value()) {
      d.device = device;
      d.inode = stats[i].inode;
      d.change_ns = stats[i].change_ns;
      state_.NoteChangeTime(d.change_ns);
      queue.push_back({&d, nullptr, *reason});
      continue;
    }
    if (state_.request.is_update) continue;
    const EntryBase base{*state_.request.files, state_.root_handles[i], ""};
    if (d.kinds_unknown) {
      counts.stat_calls += ResolveKinds(base, d, state_.TakeArena());
    } else if (d.has_special && state_.follow) {
      queue.push_back({&d, nullptr, ListReason::kNewLink});
    } else if (d.has_special) {
      counts.stat_calls += ResolveLinks(
          base, d, state_.TakeArena(),
          [this](std::string_view name) { return state_.AsksTarget(name); });
    }
  }
  state_.AddCounts(counts);
  state_.CountProgress(stats.size() - queue.size());
  absl::MutexLock lock(&state_.mutex);
  state_.queue.insert(state_.queue.end(), queue.begin(), queue.end());
}

void VerifyWorker::Run(std::span<const Piece> pieces,
                       std::atomic<size_t>& next) {
  arena_ = &state_.TakeArena();
  uint32_t since_tick = 0;
  while (!state_.given_up.load(std::memory_order_relaxed)) {
    const size_t index = next.fetch_add(1, std::memory_order_relaxed);
    if (index >= pieces.size()) break;
    VerifyPiece(pieces[index]);
    since_tick += pieces[index].count;
    if (since_tick >= kTickEvery && !state_.request.fixed_threads) {
      since_tick = 0;
      state_.gauge.Tick();
    }
    state_.CountProgress(pieces[index].count - std::exchange(not_done_, 0));
  }
  Flush();
  state_.ReturnArena(*arena_);
}

void VerifyWorker::VerifyPiece(const Piece& piece) {
  TraceSpan span(state_.pool.trace(), thread_, Trace::Kind::kDetail, "block");
  span.SetCount("directories", piece.count);
  CountSubtrees(piece);
  levels_.clear();
  bases_.clear();
  for (uint32_t i = 0; i < piece.count; ++i) {
    Directory& d = piece.directories[i];
    if (i + kAhead < piece.count) {
      __builtin_prefetch(piece.directories[i + kAhead].name_bytes);
    }
    PopTo(d.parent);
    if (levels_.empty() && d.parent != nullptr) EnterOutside(d.parent);
    const uint32_t below = subtree_sizes_[i] - 1;
    if (d.view_root) {
      EnterRoot(d);
      MaybeOpenBase(below);
      ++not_done_;  // has been counted, or is queued
      continue;
    }
    const bool hidden = levels_.empty() || levels_.back().hidden ||
                        d.hidden() || !state_.IsInReach(d) ||
                        state_.IsBehindLimit(d);
    if (!hidden) Verify(d, d.name());
    if (below == 0) continue;
    const bool shows = !hidden && d.open();
    Push(d, !shows || d.beyond);
    if (shows) MaybeOpenBase(below);
  }
}

void VerifyWorker::CountSubtrees(const Piece& piece) {
  subtree_sizes_.assign(piece.count, 1);
  for (uint32_t i = piece.count; i-- > 0;) {
    const Directory* parent = piece.directories[i].parent;
    // std::less orders pointers into different arrays as well.
    if (parent == nullptr || std::less<>()(parent, piece.directories) ||
        !std::less<>()(parent, piece.directories + piece.count)) {
      continue;
    }
    subtree_sizes_[parent - piece.directories] += subtree_sizes_[i];
  }
}

void VerifyWorker::PopTo(const Directory* parent) {
  while (!levels_.empty() && levels_.back().directory != parent) {
    levels_.pop_back();
  }
  path_.resize(levels_.empty() ? 0 : levels_.back().path_size);
  // Bases below this level are done with, and an outer one may have been closed
  // for the sake of inner ones.
  while (!bases_.empty() && (bases_.back().start > path_.size() ||
                             !bases_.back().handle.is_open())) {
    bases_.pop_back();
  }
}

// The parent of `d` lies in another piece. Only what no worker writes is read
// there: names and what the rules say of them.
void VerifyWorker::EnterOutside(const Directory* parent) {
  bool hidden = false;
  const Directory* at = parent;
  while (true) {
    if (at->pruned || at->beyond) hidden = true;
    if (at->view_root) break;
    if (at->hidden()) hidden = true;
    at = at->parent;
    if (at == nullptr) {
      levels_.push_back({parent, 0, 0, true});
      return;
    }
  }
  // Where a directory is not needed, nothing below it is.
  if (!hidden && !parent->view_root) {
    hidden = !state_.IsInReach(*parent) || state_.IsBehindLimit(*parent);
  }
  root_ = at;
  root_handle_ = &state_.RootHandle(*at);
  AppendRelativePath(*parent, path_);
  const uint32_t components = path_.empty()
                                  ? 0
                                  : 1 + static_cast<uint32_t>(std::count(
                                            path_.begin(), path_.end(), '/'));
  if (!path_.empty()) path_ += '/';
  levels_.push_back({parent, path_.size(), components, hidden});
  if (!hidden) MaybeOpenBase(static_cast<uint32_t>(subtree_sizes_.size()));
}

void VerifyWorker::EnterRoot(const Directory& root) {
  root_ = &root;
  root_handle_ = &state_.RootHandle(root);
  bases_.clear();
  path_.clear();
  levels_.push_back({&root, 0, 0, root.pruned});
}

void VerifyWorker::Push(const Directory& d, bool hidden) {
  path_ += d.name();
  path_ += '/';
  // Above the view's roots there is no level; all that lies there is hidden.
  const uint32_t components =
      levels_.empty() ? 1 : levels_.back().components_below_base + 1;
  levels_.push_back({&d, path_.size(), components, hidden});
}

void VerifyWorker::MaybeOpenBase(uint32_t directories_below) {
  Level& level = levels_.back();
  if (uint64_t{level.components_below_base} * directories_below <
      kComponentsWorthABase) {
    return;
  }
  const std::string_view path = PathFromBase();
  Result<DirectoryHandle> handle = state_.request.files->OpenDirectory(
      BaseHandle(), path.substr(0, path.size() - 1),
      PolicyFor(*level.directory));
  if (!handle.ok()) return;  // longer paths do as well
  if (bases_.size() >= kMostBases) {
    bases_[bases_.size() - kMostBases].handle.Close();
  }
  bases_.push_back({std::move(handle).value(), path_.size()});
  level.components_below_base = 0;
}

void VerifyWorker::Verify(Directory& d, std::string_view name) {
  d.verified = true;
  if (d.knowledge != Knowledge::kListed) {
    Queue(d, ListReason::kUnknown);
    return;
  }
  const size_t size = path_.size();
  path_ += name;
  state_.TellObserver(d, BaseHandle(), PathFromBase());
  ++counts_.stat_calls;
  const Result<FileStat> stat =
      state_.devices.NeedsOpening(d.device) ? StatOpened(d) : StatByPath(d);
  if (stat.ok() && stat->kind == EntryKind::kDirectory) {
    VerifyStamp(d, stat.value());
  } else if (stat.ok() || d.via_link || IsAbsent(stat.error())) {
    // A symlink whose target cannot be reached leads to no directory.
    MarkGone(d);
  } else {
    MarkUnreadable(d, stat.error());
  }
  path_.resize(size);
}

Result<FileStat> VerifyWorker::StatByPath(const Directory& d) const {
  return state_.request.files->Stat(BaseHandle(), PathFromBase(), PolicyFor(d));
}

// Makes a server tell what is there now, rather than what it said some time
// ago.
Result<FileStat> VerifyWorker::StatOpened(const Directory& d) const {
  const Result<DirectoryHandle> handle = OpenByPath(d);
  if (!handle.ok()) {
    // What may not be read is listed again and reported then.
    return handle.error().code() == EACCES ? StatByPath(d) : handle.error();
  }
  return state_.request.files->Stat(handle.value(), "",
                                    SymlinkPolicy::kNoFollow);
}

Result<DirectoryHandle> VerifyWorker::OpenByPath(const Directory& d) const {
  return state_.request.files->OpenDirectory(BaseHandle(), PathFromBase(),
                                             PolicyFor(d));
}

// The first directory that bears a device number tells which file system that
// is. The name may lead elsewhere by now; then this directory is listed again,
// and another one will tell.
bool VerifyWorker::KnowsDevice(const Directory& d, uint64_t number) const {
  if (state_.devices.Is(d.device, number)) return true;
  if (state_.devices.Find(number).has_value()) return true;
  const Result<DirectoryHandle> handle = OpenByPath(d);
  if (!handle.ok()) return false;
  const Result<FileStat> stat =
      state_.request.files->Stat(handle.value(), "", SymlinkPolicy::kNoFollow);
  if (!stat.ok() || stat->device != number) return false;
  state_.devices.Identify(number, handle.value());
  return true;
}

void VerifyWorker::VerifyStamp(Directory& d, const FileStat& stat) {
  if (state_.IsForeign(stat.device, *root_)) {
    d.foreign = true;
    return;
  }
  const std::optional<ListReason> reason =
      KnowsDevice(d, stat.device) ? state_.Doubt(d, stat) : ListReason::kDevice;
  if (reason.has_value()) {
    if (*reason == ListReason::kDevice) {
      d.device = state_.devices.Find(stat.device).value_or(kNoDevice);
    }
    d.inode = stat.inode;
    d.change_ns = stat.change_ns;
    Queue(d, *reason);
  } else if (d.via_link) {
    // A loop by now, perhaps: its ancestors are not all stamped yet.
    Queue(d, ListReason::kNewLink);
  } else if (d.has_special || d.kinds_unknown) {
    CheckEntries(d);
  }
}

void VerifyWorker::CheckEntries(Directory& d) {
  // A pruned directory shows no entries, so nobody asks what they are.
  if (d.pruned) return;
  const size_t size = path_.size();
  path_ += '/';
  const EntryBase base{*state_.request.files, BaseHandle(), PathFromBase()};
  if (d.kinds_unknown) {
    counts_.stat_calls += ResolveKinds(base, d, *arena_);
  } else if (state_.follow) {
    Queue(d, ListReason::kNewLink);
  } else {
    counts_.stat_calls += ResolveLinks(
        base, d, *arena_,
        [this](std::string_view name) { return state_.AsksTarget(name); });
  }
  path_.resize(size);
}

void VerifyWorker::Queue(Directory& d, ListReason reason) {
  queue_.push_back({&d, nullptr, reason});
  ++not_done_;
}

void VerifyWorker::MarkGone(Directory& d) {
  // If the parent's new listing names it again, it is explored like a new one.
  d.verified = false;
  d.knowledge = Knowledge::kGone;
  gone_.push_back(&d);
}

void VerifyWorker::MarkUnreadable(Directory& d, SystemError error) {
  d.knowledge = Knowledge::kUnreadable;
  d.block = Directory::kNoBlock;
  state_.NoteChange();
  state_.NoteUnreadable(d, error);
}

void VerifyWorker::Flush() {
  state_.AddCounts(counts_);
  absl::MutexLock lock(&state_.mutex);
  state_.queue.insert(state_.queue.end(), queue_.begin(), queue_.end());
  state_.gone.insert(state_.gone.end(), gone_.begin(), gone_.end());
}

}  // namespace finder
