#include "finder/scanner/ignore_marks.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "finder/scanner/scan_state.h"
#include "finder/tree/tree_walk.h"

namespace finder {
namespace {

// The scope of a directory that is queued may be read by the owner of one below
// it while its own owner lists it again. Then all is marked again.
uint32_t LoadScope(const Directory& d) {
  return std::atomic_ref<uint32_t>(const_cast<Directory&>(d).ignore_scope)
      .load(std::memory_order_relaxed);
}
void StoreScope(Directory& d, uint32_t scope) {
  std::atomic_ref<uint32_t>(d.ignore_scope)
      .store(scope, std::memory_order_relaxed);
}

// Those of its files that a listing shows.
void AddListed(const Listing& listing, IgnoreSources& sources) {
  constexpr std::string_view kLast = ".ignore";
  for (auto entry = listing.begin(); !entry.at_end(); ++entry) {
    if (entry->name > kLast) return;
    if (entry->name.front() == '.') sources.Note(entry->name, entry->kind);
  }
}

IgnoreSources SourcesOf(const Directory& d) {
  IgnoreSources sources;
  if (d.knowledge != Knowledge::kListed) return sources;
  AddListed(d.listing(), sources);
  for (const Directory& child : Children(d)) {
    if (child.name() == IgnoreScopes::kGitName) sources.git = true;
    if (!ChildBefore(child.name(), IgnoreScopes::kGitName)) break;
  }
  return sources;
}

}  // namespace

IgnoreMarks::IgnoreMarks(IgnoreReader& reader, ScanState& state)
    : reader_(reader), state_(state) {}

bool IgnoreMarks::Hides(uint32_t scope, const Directory& d) const {
  return reader_.scopes().Hides(scope, d.name(), true,
                                [&d] { return RelativePath(d); });
}

uint32_t IgnoreMarks::Enter(const Directory& d, uint32_t outer,
                            const IgnoreSources& sources) {
  if (!sources.any()) return outer;
  {
    absl::MutexLock lock(&mutex_);
    const auto found = entered_.find(&d);
    if (found != entered_.end() && found->second.outer == outer &&
        found->second.sources == sources) {
      return found->second.scope;
    }
  }
  const Root& root = state_.tree.roots[state_.RootIndex(d)];
  const std::string below = RelativePath(d);
  std::string absolute = root.absolute;
  if (!below.empty() && absolute != "/") absolute += '/';
  absolute += below;
  const uint32_t scope =
      reader_.Enter(outer,
                    {std::move(absolute),
                     state_.PrintedPath(d),
                     {.skip = below.empty() ? 0 : below.size() + 1, .lead = {}},
                     &d},
                    sources);
  absl::MutexLock lock(&mutex_);
  entered_[&d] = {outer, sources, scope};
  return scope;
}

void IgnoreMarks::EnterRoots() {
  for (const Root& root : state_.tree.roots) {
    const uint32_t above = reader_.EnterAbove(root.absolute);
    above_roots_[root.directory] = above;
    const uint32_t scope =
        Enter(*root.directory, above, SourcesOf(*root.directory));
    root.directory->ignore_scope = scope;
    known_[root.directory] = scope;
  }
}

// Directories with ignore files, in pre-order.
std::vector<IgnoreMarks::Candidate> IgnoreMarks::FindCandidates(
    std::span<const Piece> pieces, unsigned workers) {
  std::vector<std::vector<Candidate>> found(pieces.size());
  std::atomic<size_t> next = 0;
  state_.pool.Run(workers, [&](unsigned) {
    for (size_t i; (i = next.fetch_add(1)) < pieces.size();) {
      for (Directory& d : std::span(pieces[i].directories, pieces[i].count)) {
        const IgnoreSources sources = SourcesOf(d);
        if (sources.any()) found[i].push_back({&d, sources});
      }
    }
  });
  std::vector<Candidate> all;
  absl::flat_hash_map<const Directory*, size_t> places;
  for (const std::vector<Candidate>& some : found) {
    for (Candidate one : some) {
      const Directory* at = one.directory;
      bool excluded = false;
      while (at != nullptr && !at->view_root) {
        excluded |= at->excluded;
        at = at->parent;
        const auto above = places.find(at);
        if (above == places.end()) continue;
        one.outer = above->second;
        one.generation = all[one.outer].generation + 1;
        break;
      }
      if (at == nullptr || excluded || one.directory->view_root) continue;
      if (!state_.IsInReach(*one.directory)) continue;
      places[one.directory] = all.size();
      all.push_back(one);
    }
  }
  return all;
}

// The candidates above it have been entered.
void IgnoreMarks::EnterCandidate(std::vector<Candidate>& candidates,
                                 Candidate& one) {
  Directory& d = *one.directory;
  if (one.outer != kNone && candidates[one.outer].hidden) {
    one.hidden = true;
    return;
  }
  const Directory* top = &d;
  const Directory* const end =
      one.outer == kNone ? nullptr : candidates[one.outer].directory;
  while (top != end && !top->view_root) top = top->parent;
  const uint32_t outer = top->ignore_scope;
  for (const Directory* at = &d; at != top; at = at->parent) {
    one.hidden |= Hides(outer, *at);
  }
  if (!one.hidden) d.ignore_scope = Enter(d, outer, one.sources);
}

bool IgnoreMarks::ScopeAbove(const Directory& d, uint32_t& scope) const {
  for (const Directory* at = &d; at != nullptr; at = at->parent) {
    const auto found = known_.find(at);
    if (found == known_.end()) continue;
    scope = found->second;
    return true;
  }
  return false;
}

void IgnoreMarks::MarkPiece(const Piece& piece) {
  const Directory* const begin = piece.directories;
  const Directory* const end = begin + piece.count;
  // Of the parent outside of the piece that was met last.
  const Directory* outside = nullptr;
  uint32_t outside_scope = 0;
  bool inside = false;
  for (Directory& d : std::span(piece.directories, piece.count)) {
    if (d.view_root || d.parent == nullptr) continue;
    const Directory& parent = *d.parent;
    uint32_t scope = 0;
    // std::less orders pointers into different arrays as well.
    if (!std::less<>()(&parent, begin) && std::less<>()(&parent, end)) {
      if (parent.ignored && !parent.view_root) {
        d.ignored = true;  // is not asked for, nor is what is below it
        continue;
      }
      scope = parent.ignore_scope;
    } else {
      if (&parent != outside) {
        outside = &parent;
        inside = ScopeAbove(parent, outside_scope);
      }
      if (!inside) continue;
      scope = outside_scope;
    }
    d.ignored = Hides(scope, d);
    const auto own = known_.find(&d);
    d.ignore_scope = own == known_.end() ? scope : own->second;
  }
}

void IgnoreMarks::MarkKnown(std::span<const Piece> pieces, unsigned workers) {
  std::vector<Candidate> candidates = FindCandidates(pieces, workers);
  uint32_t generations = 0;
  for (const Candidate& one : candidates) {
    generations = std::max(generations, one.generation + 1);
  }
  std::vector<std::vector<Candidate*>> by_generation(generations);
  for (Candidate& one : candidates) {
    by_generation[one.generation].push_back(&one);
  }
  for (const std::vector<Candidate*>& generation : by_generation) {
    std::atomic<size_t> next = 0;
    state_.pool.Run(workers, [&](unsigned) {
      for (size_t i; (i = next.fetch_add(1)) < generation.size();) {
        EnterCandidate(candidates, *generation[i]);
      }
    });
  }
  for (const Candidate& one : candidates) {
    if (!one.hidden) known_[one.directory] = one.directory->ignore_scope;
  }
  std::atomic<size_t> next = 0;
  state_.pool.Run(workers, [&](unsigned) {
    for (size_t i; (i = next.fetch_add(1)) < pieces.size();) {
      MarkPiece(pieces[i]);
    }
  });
}

uint32_t IgnoreMarks::OuterScope(const Directory& d) const {
  if (!d.view_root) return LoadScope(*d.parent);
  const auto above = above_roots_.find(&d);
  return above == above_roots_.end() ? 0 : above->second;
}

void IgnoreMarks::EnterListed(Directory& d, bool has_git) {
  IgnoreSources sources;
  AddListed(d.listing(), sources);
  sources.git |= has_git;
  const uint32_t scope = Enter(d, OuterScope(d), sources);
  if (scope != d.ignore_scope && !Children(d).empty()) stale_ = true;
  StoreScope(d, scope);
}

bool IgnoreMarks::HidesChild(const Directory& parent,
                             std::string_view name) const {
  return reader_.scopes().Hides(LoadScope(parent), name, true, [&parent, name] {
    std::string path = RelativePath(parent);
    if (!path.empty()) path += '/';
    path += name;
    return path;
  });
}

void IgnoreMarks::VisitProblems(
    absl::FunctionRef<void(const IgnoreProblem&)> visit) const {
  std::string_view last;
  const std::vector<IgnoreProblem> problems = reader_.Problems();
  for (const IgnoreProblem& one : problems) {
    const Directory* const d = one.directory;
    if (one.path == last) continue;
    if (d != nullptr && (!d->open() || !IsInAnswer(*d))) continue;
    last = one.path;
    visit(one);
  }
}

void IgnoreMarks::MarkAgain() {
  stale_ = false;
  for (const Root& root : state_.tree.roots) {
    Directory& top = *root.directory;
    VisitTree(top, [&](Directory& d) {
      const uint32_t outer = OuterScope(d);
      if (&d != &top) {
        d.ignored = Hides(outer, d);
        if (!d.visible()) return Descent::kOver;
        if (!d.verified && !state_.IsInReach(d)) return Descent::kOver;
      }
      d.ignore_scope = Enter(d, outer, SourcesOf(d));
      return Descent::kInside;
    });
  }
}

}  // namespace finder
