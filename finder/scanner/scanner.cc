#include "finder/scanner/scanner.h"

#include <fmt/core.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <string>
#include <utility>

#include "finder/scanner/explore_worker.h"
#include "finder/scanner/scan_state.h"
#include "finder/scanner/verify_worker.h"
#include "finder/tree/child_links.h"
#include "finder/tree/tree_walk.h"

namespace finder {
namespace {

// Descriptors that are left to others: the standard streams, the database and
// its successor, and a few to spare.
constexpr int64_t kSpareFiles = 16;

absl::Status RootError(const Root& root, SystemError error) {
  const std::string text = fmt::format("{}: {}", root.path, error.Message());
  switch (error.code()) {
    case ENOENT:
      return absl::NotFoundError(text);
    case ENOTDIR:
      return absl::FailedPreconditionError(text);
    case EACCES:
      return absl::PermissionDeniedError(text);
    default:
      return absl::UnavailableError(text);
  }
}

// Whether another file system, beyond the view's boundary, is mounted above
// `d`. It hides what is known of `d`, and says nothing about it.
bool IsBelowForeign(const Directory& d) {
  for (const Directory* at = &d; !at->view_root; at = at->parent) {
    if (at->foreign) return true;
  }
  return false;
}

}  // namespace

std::string_view ReasonText(ListReason reason) {
  switch (reason) {
    case ListReason::kUnknown:
      return "new";
    case ListReason::kDevice:
      return "device";
    case ListReason::kInode:
      return "inode";
    case ListReason::kChangeTime:
      return "change time";
    case ListReason::kUntrusted:
      return "untrusted stamp";
    case ListReason::kClockStep:
      return "clock set back";
    case ListReason::kUncovered:
      return "uncovered";
    case ListReason::kNewLink:
      return "symlink";
    case ListReason::kNamed:
      return "told";
  }
  return "";
}

void ScanCounts::Add(const ScanCounts& other) {
  stat_calls += other.stat_calls;
  list_calls += other.list_calls;
  listed.unknown += other.listed.unknown;
  listed.moved += other.listed.moved;
  listed.untrusted += other.listed.untrusted;
  listed.named += other.listed.named;
  listed.unreadable += other.listed.unreadable;
  relisted.insert(relisted.end(), other.relisted.begin(), other.relisted.end());
}

ScanState::ScanState(ScanRequest scan_request, DirectoryTree& scanned_tree,
                     ThreadPool& thread_pool)
    : request(std::move(scan_request)),
      stored_keep(request.stored_keep),
      seen_keep(request.view->keep),
      follow(request.view->links == LinkPolicy::kFollow),
      tree(scanned_tree),
      devices(*request.files, scanned_tree.devices),
      pool(thread_pool),
      gauge(*request.clock, thread_pool, request.processors),
      most_open(std::clamp<int64_t>(
          (static_cast<int64_t>(request.max_open_files) - kSpareFiles) / 2 -
              int64_t{2} * thread_pool.most(),
          0, 4096)) {
  if (request.ignores != nullptr) ignore_marks.emplace(*request.ignores, *this);
}

size_t ScanState::RootIndex(const Directory& d) const {
  const Directory* at = &d;
  while (!at->view_root) at = at->parent;
  size_t index = 0;
  while (tree.roots[index].directory != at) ++index;
  return index;
}

std::string ScanState::PrintedPath(const Directory& d) const {
  const Directory* at = &d;
  while (!at->view_root) at = at->parent;
  for (const Root& root : tree.roots) {
    if (root.directory != at) continue;
    if (at == &d) return root.path;
    std::string path = PrintedPrefix(root.path);
    AppendRelativePath(d, path);
    return path;
  }
  return RelativePath(d);
}

bool ScanState::AsksAnyTarget(const Directory& d) const {
  for (auto it = d.listing().begin(); !it.at_end(); ++it) {
    if (IsLink(it->kind) && AsksTarget(it->name)) return true;
  }
  return false;
}

void ScanState::NoteUnreadable(const Directory& d, SystemError error) {
  absl::MutexLock lock(&mutex);
  unreadable.push_back({&d, error});
}

void ScanState::AddCounts(const ScanCounts& worker) {
  absl::MutexLock lock(&mutex);
  counts.Add(worker);
}

void ScanState::CountProgress(uint64_t directories) {
  const uint64_t done =
      directories_done.fetch_add(directories, std::memory_order_relaxed) +
      directories;
  if (request.progress) request.progress(done);
  const bool cancelled = request.cancelled != nullptr &&
                         request.cancelled->load(std::memory_order_relaxed);
  if (cancelled || done > request.most_directories.value_or(done)) {
    given_up.store(true, std::memory_order_relaxed);
  }
}

Arena& ScanState::TakeArena() {
  absl::MutexLock lock(&mutex);
  return tree.TakeArena();
}

void ScanState::ReturnArena(Arena& arena) {
  absl::MutexLock lock(&mutex);
  tree.ReturnArena(arena);
}

Scanner::Scanner(ScanRequest request, DirectoryTree& tree, ThreadPool& pool)
    : state_(std::make_unique<ScanState>(std::move(request), tree, pool)) {}

Scanner::~Scanner() = default;

absl::Status Scanner::OpenRoots() {
  ScanState& s = *state_;
  for (size_t i = 0; i < s.tree.roots.size();) {
    const Root& root = s.tree.roots[i];
    Result<DirectoryHandle> handle = s.request.files->OpenDirectory(
        DirectoryHandle(), root.absolute, SymlinkPolicy::kFollow);
    if (!handle.ok()) {
      const auto& leaves_out = s.request.leaves_out;
      if (!leaves_out || !leaves_out(root, handle.error())) {
        return RootError(root, handle.error());
      }
      LeaveOut(i);
      continue;
    }
    s.TellObserver(*root.directory, handle.value(), "");
    const Result<FileStat> stat =
        s.request.files->Stat(handle.value(), "", SymlinkPolicy::kNoFollow);
    if (!stat.ok()) return RootError(root, stat.error());
    s.root_handles.push_back(std::move(handle).value());
    s.root_stats.push_back(stat.value());
    ++i;
  }
  RootStamper(s).Stamp();
  if (s.ignore_marks) s.ignore_marks->EnterRoots();
  return absl::OkStatus();
}

void Scanner::LeaveOut(size_t root) {
  DirectoryTree& tree = state_->tree;
  Directory* const d = tree.roots[root].directory;
  d->view_root = false;
  tree.roots.erase(tree.roots.begin() + static_cast<ptrdiff_t>(root));
  // What was made for this root alone is nothing to be stored.
  if (d->knowledge != Knowledge::kNameOnly || d->parent != nullptr) return;
  std::erase_if(tree.known,
                [d](const Root& known) { return known.directory == d; });
}

void Scanner::MarkIgnored(std::span<const Piece> pieces, unsigned workers) {
  if (state_->ignore_marks) state_->ignore_marks->MarkKnown(pieces, workers);
}

void Scanner::Verify(std::span<const Piece> pieces, unsigned workers,
                     const std::optional<AnswerPlace>& limit) {
  state_->limit = limit;
  std::atomic<size_t> next = 0;
  state_->pool.Run(workers, [this, pieces, &next](unsigned thread) {
    VerifyWorker(*state_, thread).Run(pieces, next);
  });
  absl::MutexLock lock(&state_->mutex);
  for (Directory* d : state_->gone) {
    if (IsBelowForeign(*d)) {
      d->knowledge = Knowledge::kListed;
      continue;
    }
    for (Directory& child : Children(*d)) state_->unlinked.push_back(&child);
    ChildLinks::Clear(*d);
    d->block = Directory::kNoBlock;
    state_->facts_changed = true;
  }
  state_->gone.clear();
  state_->MarkRemoved();
}

void Scanner::Explore(unsigned workers) {
  do {
    Explore(workers, Help::kWanted);
  } while (MarkStale());
}

// Marks again what ignore files hide, if those of a known directory were found
// to be others, and queues what they hide no more. Returns whether they were.
bool Scanner::MarkStale() {
  if (!state_->ignore_marks || !state_->ignore_marks->stale()) return false;
  state_->ignore_marks->MarkAgain();
  LiftLimit();
  return true;
}

void Scanner::Explore(unsigned workers, Help help) {
  {
    absl::MutexLock lock(&state_->mutex);
    if (state_->queue.empty()) return;
  }
  // As many as there can be, so that none asks for more.
  state_->explorers =
      help == Help::kAlone ? std::numeric_limits<unsigned>::max() : workers;
  state_->pool.Run(workers, [this](unsigned thread) {
    ExploreWorker(*state_, thread).Run();
  });
  MergeLandmarks();
}

void ScanState::MarkRemoved() {
  tree.dead_bytes += std::exchange(dead_bytes, 0);
  if (unlinked.empty()) return;
  for (Directory* top : unlinked) {
    VisitTree(*top, [this](Directory& d) {
      d.removed = true;
      d.verified = false;
      tree.dead_bytes += sizeof(d) + d.name_size + d.listing_size;
      if (request.observer != nullptr) request.observer->Dropped(d);
      return Descent::kInside;
    });
  }
  unlinked.clear();
  for (std::vector<Landmark>* places : {&tree.landmarks, &landmarks}) {
    std::erase_if(*places, [](const Landmark& landmark) {
      return landmark.directory->removed;
    });
  }
}

void Scanner::MergeLandmarks() {
  absl::MutexLock lock(&state_->mutex);
  state_->MarkRemoved();
  std::vector<Landmark>& all = state_->tree.landmarks;
  // Without those of the old part, those of the new one would mislead.
  const bool whole = !all.empty() || !state_->request.seen_ns.has_value();
  if (!whole || state_->tree.known.size() != 1) return all.clear();
  if (state_->landmarks.empty()) return;
  all.insert(all.end(), state_->landmarks.begin(), state_->landmarks.end());
  state_->landmarks.clear();
  std::sort(all.begin(), all.end(), [](const Landmark& a, const Landmark& b) {
    return PreorderBefore(*a.directory, *b.directory);
  });
  all.erase(std::unique(all.begin(), all.end(),
                        [](const Landmark& a, const Landmark& b) {
                          return a.directory == b.directory;
                        }),
            all.end());
}

int64_t Scanner::latest_change_ns() const {
  absl::MutexLock lock(&state_->mutex);
  return state_->latest_change_ns;
}

void Scanner::ReportUnreadable() {
  absl::MutexLock lock(&state_->mutex);
  for (const Unreadable& one : state_->unreadable) {
    if (!IsInAnswer(*one.directory)) continue;
    ++state_->counts.listed.unreadable;
    state_->request.diagnostics->Add(state_->PrintedPath(*one.directory),
                                     one.error.Message());
  }
  state_->unreadable.clear();
  if (!state_->ignore_marks) return;
  state_->ignore_marks->VisitProblems([this](const IgnoreProblem& one) {
    state_->mutex.AssertHeld();
    ++state_->counts.listed.unreadable;
    state_->request.diagnostics->Add(one.path, one.error.Message());
  });
}

bool Scanner::given_up() const { return state_->given_up; }

const ScanCounts& Scanner::counts() const {
  absl::MutexLock lock(&state_->mutex);
  auto& relisted = state_->counts.relisted;
  std::sort(relisted.begin(), relisted.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  if (relisted.size() > ScanCounts::kMostRelisted) {
    relisted.resize(ScanCounts::kMostRelisted);
  }
  return state_->counts;
}

bool Scanner::facts_changed() const {
  return state_->facts_changed || state_->devices.changed();
}

}  // namespace finder
