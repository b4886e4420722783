#include "finder/scanner/explore_worker.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <utility>

#include "finder/scanner/entry_kinds.h"
#include "finder/tree/tree_walk.h"

namespace finder {
namespace {

// Directories between two looks at the clock.
constexpr uint32_t kTickEvery = 32;

// Enough landmarks to cut a large tree by, few enough to be sorted in no time.
constexpr uint32_t kDirectoriesPerLandmark = 512;

// About the bytes of a directory's record beside its listing, so that these
// landmarks weigh like those that a database gives.
constexpr uint64_t kLandmarkDirectoryWeight = 54;

// A directory that was queued when it was stamped is stamped again by its
// owner, while the owners of directories below it, queued at the same time, may
// want to know which one it is.
template <typename T>
T Load(T& field) {
  return std::atomic_ref<T>(field).load(std::memory_order_relaxed);
}
template <typename T>
void Store(T& field, T value) {
  std::atomic_ref<T>(field).store(value, std::memory_order_relaxed);
}

}  // namespace

ExploreWorker::ExploreWorker(ScanState& state, unsigned thread)
    : state_(state),
      work_(state, thread),
      arena_(state.TakeArena()),
      reader_(state, arena_) {}

void ExploreWorker::Run() {
  WorkItem item;
  while (work_.Take(item)) {
    Process(item);
    // What was uncovered was counted with the others of its piece.
    done_ += item.reason != ListReason::kUncovered;
    work_.Share();
    if (++processed_ % kTickEvery == 0) Tick();
  }
  state_.AddCounts(counts_);
  state_.CountProgress(done_);
  state_.NoteChangeTime(latest_change_ns_);
  state_.ReturnArena(arena_);
  absl::MutexLock lock(&state_.mutex);
  const auto append = [](auto& all, const auto& mine) {
    all.insert(all.end(), mine.begin(), mine.end());
  };
  append(state_.unlinked, reader_.unlinked());
  append(state_.landmarks, landmarks_);
  append(state_.closed, closed_);
  append(state_.with_links, with_links_);
  state_.dead_bytes += reader_.dead_bytes() + dead_bytes_;
}

void ExploreWorker::Tick() {
  if (!state_.request.fixed_threads && state_.may_grow) state_.gauge.Tick();
  state_.CountProgress(std::exchange(done_, 0));
}

void ExploreWorker::Process(const WorkItem& item) {
  Directory& d = *item.directory;
  if (state_.given_up.load(std::memory_order_relaxed)) {
    if (item.parent != nullptr) item.parent->Release();
    return;
  }
  d.foreign = false;
  if (item.reason == ListReason::kUncovered && ReuseListing(d, item)) return;
  Result<DirectoryHandle> handle = Open(d, item);
  const bool beyond = !handle.ok() && IsBeyond(d, item);
  if (item.parent != nullptr) item.parent->Release();
  if (beyond) return MarkForeign(d);
  if (!handle.ok()) return Fail(d, handle.error());
  if (item.reason == ListReason::kNewLink) {
    if (ShutOut(d)) return;
    return AdoptLinks(d, std::move(handle).value());
  }
  ListReason reason = item.reason;
  if (d.view_root) {
    stat_ = state_.root_stats[state_.RootIndex(d)];
  } else if (!StampAgain(d, handle.value(), reason)) {
    return;
  }
  if (ShutOut(d)) return;
  List(d, std::move(handle).value(), reason);
}

// Deals with a directory that was hidden when the others were stamped. If its
// stamp still holds, what is below it is queued, and nothing else is to be
// done; if not, its facts are forgotten. Returns whether it holds.
bool ExploreWorker::ReuseListing(Directory& d, const WorkItem& item) {
  if (d.knowledge != Knowledge::kListed) return false;
  Result<DirectoryHandle> handle = Open(d, item);
  if (!handle.ok()) return false;
  state_.TellObserver(d, handle.value(), "");
  ++counts_.stat_calls;
  const Result<FileStat> stat =
      state_.request.files->Stat(handle.value(), "", SymlinkPolicy::kNoFollow);
  // Only a device that is not known yet, or another one, needs the lock.
  if (stat.ok() && !state_.devices.Is(d.device, stat->device)) {
    static_cast<void>(state_.devices.Identify(stat->device, handle.value()));
  }
  if (!stat.ok() || state_.Doubt(d, stat.value()).has_value() ||
      d.kinds_unknown) {
    d.knowledge = Knowledge::kNameOnly;
    return false;
  }
  if (item.parent != nullptr) item.parent->Release();
  if (ShutOut(d)) return true;
  if (d.has_special) {
    NoteLinks(d);
    AdoptLinks(d, std::move(handle).value());
  } else {
    PushChildren(d, std::move(handle).value(), Parent::kHolds);
  }
  return true;
}

Result<DirectoryHandle> ExploreWorker::Open(const Directory& d,
                                            const WorkItem& item) {
  FileSystem& files = *state_.request.files;
  if (item.parent != nullptr) {
    return files.OpenDirectory(item.parent->handle(), d.name(), PolicyFor(d));
  }
  const DirectoryHandle& root = state_.RootHandle(d);
  if (!d.view_root) {
    return files.OpenDirectory(root, RelativePath(d), PolicyFor(d));
  }
  Result<DirectoryHandle> again =
      files.OpenDirectory(root, ".", SymlinkPolicy::kNoFollow);
  // A root that may be read but not searched can be opened by its path only.
  if (again.ok() || again.error().code() != EACCES) return again;
  return files.OpenDirectory(DirectoryHandle(),
                             state_.tree.roots[state_.RootIndex(d)].absolute,
                             SymlinkPolicy::kFollow);
}

// Whether a directory that cannot be opened lies beyond the boundary, where
// nobody asks for its contents.
bool ExploreWorker::IsBeyond(const Directory& d, const WorkItem& item) {
  if (d.view_root || state_.request.view->boundary == Boundary::kCross) {
    return false;
  }
  ++counts_.stat_calls;
  FileSystem& files = *state_.request.files;
  const Result<FileStat> stat =
      item.parent != nullptr
          ? files.Stat(item.parent->handle(), d.name(), PolicyFor(d))
          : files.Stat(state_.RootHandle(d), RelativePath(d), PolicyFor(d));
  return stat.ok() && state_.IsForeign(stat->device, RootOf(d));
}

// Stamps what is open. The path may lead elsewhere than when it was stamped
// before, if a directory above was moved away; a stamp of one directory on the
// listing of another would be believed for ever once it is back.
bool ExploreWorker::StampAgain(Directory& d, const DirectoryHandle& handle,
                               ListReason& reason) {
  const uint64_t inode = d.inode;
  const int64_t change_ns = d.change_ns;
  const uint16_t device = d.device;
  if (!Stamp(d, handle)) return false;
  const bool same =
      d.inode == inode && d.change_ns == change_ns && d.device == device;
  const bool was_equal = reason == ListReason::kUntrusted ||
                         reason == ListReason::kClockStep ||
                         reason == ListReason::kNamed;
  if (was_equal && !same) reason = ListReason::kChangeTime;
  // The listing at hand belongs to the stamp before.
  if (IsNewStamp(reason) && d.knowledge == Knowledge::kListed) {
    d.knowledge = Knowledge::kNameOnly;
    Changed(d);
  }
  return true;
}

bool ExploreWorker::Stamp(Directory& d, const DirectoryHandle& handle) {
  state_.TellObserver(d, handle, "");
  ++counts_.stat_calls;
  const Result<FileStat> stat =
      state_.request.files->Stat(handle, "", SymlinkPolicy::kNoFollow);
  if (!stat.ok()) {
    Fail(d, stat.error());
    return false;
  }
  Store(d.inode, stat->inode);
  d.change_ns = stat->change_ns;
  stat_ = stat.value();
  latest_change_ns_ = std::max(latest_change_ns_, stat->change_ns);
  // Nearly always the parent's device; only another one needs the lock.
  const uint16_t parents =
      d.parent == nullptr ? kNoDevice : Load(d.parent->device);
  Store(d.device, state_.devices.Is(parents, stat->device)
                      ? parents
                      : state_.devices.Identify(stat->device, handle));
  return true;
}

// Marks a directory as foreign if it lies beyond the boundary, and as gone if
// it is its own ancestor. Returns whether it is one of these, and not to be
// listed.
bool ExploreWorker::ShutOut(Directory& d) {
  if (d.view_root) return false;
  if (state_.request.view->boundary == Boundary::kOneFileSystem &&
      state_.IsForeign(state_.devices.number(d.device), RootOf(d))) {
    MarkForeign(d);
    if (d.knowledge != Knowledge::kListed) Store(d.device, kNoDevice);
    return true;
  }
  if (!d.via_link) return false;
  for (Directory* a = d.parent; a != nullptr; a = a->parent) {
    if (Load(a->inode) == d.inode && Load(a->device) == d.device) {
      d.knowledge = Knowledge::kGone;
      NoteClosed(d);
      return true;
    }
    if (a->view_root) break;
  }
  return false;
}

void ExploreWorker::MarkForeign(Directory& d) {
  d.foreign = true;
  NoteClosed(d);
}

void ExploreWorker::List(Directory& d, DirectoryHandle handle,
                         ListReason reason) {
  ++counts_.list_calls;
  if (const Outcome read = reader_.Read(d, handle, stat_.size_bytes);
      !read.ok()) {
    return Fail(d, read.error());
  }
  Count(d, reason);
  counts_.stat_calls += reader_.ResolveLinks(handle);
  bool changed = IsNewStamp(reason) || reason == ListReason::kClockStep ||
                 d.knowledge != Knowledge::kListed;
  changed |= reader_.SetListing(d);
  changed |= SetTrust(d, reason);
  if (state_.ignore_marks) {
    state_.ignore_marks->EnterListed(d, reader_.has_git());
  }
  changed |= reader_.SetChildren(d);
  d.knowledge = Knowledge::kListed;
  if (changed) Changed(d);
  PlaceLandmark(d);
  if (d.has_special) NoteLinks(d);
  PushChildren(d, std::move(handle), Parent::kListed);
}

void ExploreWorker::PlaceLandmark(const Directory& d) {
  weight_ += kLandmarkDirectoryWeight + d.listing_size;
  if (++since_landmark_ < kDirectoriesPerLandmark) return;
  landmarks_.push_back({&d, weight_});
  weight_ = 0;
  since_landmark_ = 0;
}

bool ExploreWorker::SetTrust(Directory& d, ListReason reason) {
  const bool trusted =
      d.device != kNoDevice && !state_.MayLie(d, stat_) &&
      StampIsTrusted(d.change_ns, state_.request.now_ns,
                     state_.devices.trust(d.device),
                     reason == ListReason::kUntrusted ? state_.request.seen_ns
                                                      : std::nullopt);
  const bool changed = trusted != d.trusted;
  d.trusted = trusted;
  return changed;
}

void ExploreWorker::Fail(Directory& d, SystemError error) {
  NoteClosed(d);
  if (d.knowledge == Knowledge::kListed) Changed(d);
  if (IsAbsent(error) && !d.view_root) {
    d.knowledge = Knowledge::kGone;
    return;
  }
  d.knowledge = Knowledge::kUnreadable;
  state_.NoteUnreadable(d, error);
}

void ExploreWorker::Changed(Directory& d) {
  d.block = Directory::kNoBlock;
  state_.NoteChange();
}

void ExploreWorker::Count(const Directory& d, ListReason reason) {
  if (IsNewStamp(reason)) {
    ++counts_.listed.moved;
  } else if (reason == ListReason::kUntrusted ||
             reason == ListReason::kClockStep) {
    ++counts_.listed.untrusted;
  } else if (reason == ListReason::kNamed) {
    ++counts_.listed.named;
  } else {
    ++counts_.listed.unknown;
    return;
  }
  if (state_.request.explain) Explain(d, reason);
}

// Keeps the first few by path, so that the same run says the same.
void ExploreWorker::Explain(const Directory& d, ListReason reason) {
  Relisted relisted{state_.PrintedPath(d), ReasonText(reason)};
  auto& list = counts_.relisted;
  const auto place = std::lower_bound(
      list.begin(), list.end(), relisted,
      [](const auto& a, const auto& b) { return a.path < b.path; });
  if (place == list.end() && list.size() >= ScanCounts::kMostRelisted) return;
  list.insert(place, std::move(relisted));
  if (list.size() > ScanCounts::kMostRelisted) list.pop_back();
}

const Directory& ExploreWorker::RootOf(const Directory& d) const {
  const Directory* at = &d;
  while (!at->view_root) at = at->parent;
  return *at;
}

}  // namespace finder
