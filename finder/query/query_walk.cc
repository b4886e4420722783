#include "finder/query/query_walk.h"

#include <algorithm>
#include <utility>

#include "finder/tree/tree_walk.h"

namespace finder {
namespace {

// An entry as an answer tells it. A letter that no listing should have is
// something else.
EntryKind AnswerKind(EntryKind kind) {
  if (kind == EntryKind::kFile) return kind;
  return IsLink(kind) ? EntryKind::kSymlink : EntryKind::kOther;
}

// Whether the entry of that name was entered as a directory: then it is one,
// not a symlink.
bool IsEnteredLink(const Directory& parent, std::string_view name) {
  for (const Directory& child : Children(parent)) {
    if (ChildBefore(name, child.name())) break;
    if (child.name() == name) return child.visible() && child.via_link;
  }
  return false;
}

// Whether a name comes before everything below the directory `limit`; null is
// behind all. Mostly the first byte settles it.
inline bool IsBefore(std::string_view name, const Directory* limit) {
  if (limit == nullptr) return true;
  const auto first = static_cast<unsigned char>(name.front());
  const auto limit_first = static_cast<unsigned char>(*limit->name_bytes);
  if (first != limit_first) return first < limit_first;
  return EntryBeforeChild(name, limit->name());
}

uint32_t DepthBelow(const Directory* d, const Directory* root) {
  uint32_t depth = 0;
  for (; d != root; d = d->parent) ++depth;
  return depth;
}

}  // namespace

QueryWalk::QueryWalk(const CompiledQuery::Rules& rules, const Root& root,
                     const IgnoreScopes* ignores, EmitFunction emit,
                     EntryProbes* probes)
    : rules_(rules),
      root_(root),
      // Who names a file wants it.
      ignores_(root.kind == RootKind::kEntry ? nullptr : ignores),
      emit_(emit),
      probes_(probes),
      has_late_filters_(rules.matcher.has_path_filters() ||
                        rules.links == LinkPolicy::kFollow ||
                        ignores_ != nullptr || probes != nullptr),
      min_depth_(root.kind == RootKind::kEntry ? 0 : rules.min_depth),
      max_depth_(root.kind == RootKind::kEntry ? UINT32_MAX : rules.max_depth) {
  path_ = PrintedPrefix(root.path);
  levels_.push_back({root.directory, path_.size()});
  if (rules.matcher.has_literals()) {
    literal_levels_.push_back(
        {root.directory, rules.matcher.MayHoldLiteral(path_)});
  }
}

bool QueryWalk::PathMayHoldLiteral(const Directory* d, uint32_t depth) {
  std::vector<LiteralLevel>& levels = literal_levels_;
  if (levels.size() > depth && levels[depth].directory == d) {
    return levels[depth].found;
  }
  // As in PathOf; mostly only the last level is another one.
  levels.resize(depth + 1);
  uint32_t known = depth;
  for (const Directory* at = d; levels[known].directory != at;
       at = at->parent) {
    levels[known--].directory = at;
  }
  for (; known < depth; ++known) {
    LiteralLevel& next = levels[known + 1];
    next.found = levels[known].found ||
                 rules_.matcher.MayHoldLiteral(next.directory->name());
  }
  return levels[depth].found;
}

std::string_view QueryWalk::PathOf(const Directory* d, uint32_t depth) {
  if (levels_.size() > depth && levels_[depth].directory == d) {
    return {path_.data(), levels_[depth].path_size};
  }
  // The levels above the first one that differs are right already.
  levels_.resize(depth + 1);
  uint32_t known = depth;
  for (const Directory* at = d; levels_[known].directory != at;
       at = at->parent) {
    levels_[known--].directory = at;
  }
  path_.resize(levels_[known].path_size);
  while (known < depth) {
    Level& level = levels_[++known];
    path_ += level.directory->name();
    path_ += '/';
    level.path_size = path_.size();
  }
  return path_;
}

bool QueryWalk::MatchesPath(const Answers& answers, std::string_view name) {
  candidate_ = PathOf(answers.directory, answers.depth);
  candidate_ += name;
  return rules_.matcher.MatchesPath(candidate_, levels_.front().path_size,
                                    name);
}

bool QueryWalk::IsIgnored(const Answers& answers, std::string_view name) {
  return ignores_->Hides(answers.directory->ignore_scope, name, false, [&] {
    candidate_ = PathOf(answers.directory, answers.depth);
    candidate_ += name;
    return std::string_view(candidate_).substr(levels_.front().path_size);
  });
}

bool QueryWalk::PassesFilters(const Answers& answers, const Entry& entry) {
  if (ignores_ != nullptr && IsIgnored(answers, entry.name)) return false;
  if (rules_.links == LinkPolicy::kFollow && IsLink(entry.kind) &&
      IsEnteredLink(*answers.directory, entry.name)) {
    return false;
  }
  if (rules_.matcher.has_path_filters() && !MatchesPath(answers, entry.name)) {
    return false;
  }
  return IsAccepted(answers, entry.name, AnswerKind(entry.kind));
}

bool QueryWalk::IsAccepted(const Answers& answers, std::string_view name,
                           EntryKind kind) {
  return probes_ == nullptr ||
         probes_->Accept({PathOf(answers.directory, answers.depth), name, kind,
                          answers.directory});
}

inline bool QueryWalk::NextEntry(const Answers& answers, size_t& next,
                                 Entry& entry) {
  const std::string_view listing = answers.directory->listing().bytes();
  while (rules_.matcher.NextEntry(listing, answers.path_settles, next, entry)) {
    if (!has_late_filters_ || PassesFilters(answers, entry)) return true;
  }
  entry.name = {};
  return false;
}

void QueryWalk::CollectChildren(const Directory* after, Answers& answers) {
  const Matcher& matcher = rules_.matcher;
  for (const Directory& child : Children(*answers.directory)) {
    const std::string_view name = child.name();
    if (!child.visible() || !matcher.MatchesDirectoryName(name)) continue;
    if (after != nullptr && EntryBeforeChild(name, after->name())) continue;
    if (!answers.path_settles && !matcher.MayHoldLiteral(name)) continue;
    if (matcher.has_path_filters() && !MatchesPath(answers, name)) continue;
    if (!IsAccepted(answers, name, EntryKind::kDirectory)) continue;
    child_answers_.push_back(&child);
  }
  // Children are linked in the order of what is below them; "a-b" comes before
  // "a/c", but after "a".
  std::sort(child_answers_.begin() + answers.child_begin, child_answers_.end(),
            [](const Directory* a, const Directory* b) {
              return a->name() < b->name();
            });
  answers.child_end = child_answers_.size();
}

bool QueryWalk::Open(const Directory* d, uint32_t depth, size_t from,
                     const Directory* after, Answers& answers) {
  answers = {.directory = d,
             .depth = depth,
             .path_settles = PathSettles(d, depth),
             .next = from,
             .entry = {},
             .child_begin = child_answers_.size(),
             .child_end = child_answers_.size(),
             .child = child_answers_.size()};
  if (!HasAnswersAt(depth + 1)) return false;
  if (rules_.matcher.wants_entries()) {
    NextEntry(answers, answers.next, answers.entry);
  }
  if (rules_.matcher.wants_directories()) CollectChildren(after, answers);
  return !answers.entry.name.empty() || answers.child != answers.child_end;
}

bool QueryWalk::OpenAfter(const Directory* d, uint32_t depth,
                          const Directory* after, Answers& answers) {
  const std::string contents = std::string(after->name()) + '/';
  const size_t from = d->listing().OffsetAfter(contents);
  return Open(d, depth, from, after, answers);
}

void QueryWalk::FlushEntries(Answers& answers, const Directory* limit) {
  // Copies that the compiler can keep in registers: whoever asks for all files
  // spends most of the time in this loop.
  Entry entry = answers.entry;
  size_t next = answers.next;
  if (!IsBefore(entry.name, limit)) return;
  // Nothing below asks for another directory's path.
  const std::string_view path = PathOf(answers.directory, answers.depth);
  do {
    if (!emit_({path, entry.name, AnswerKind(entry.kind), answers.directory})) {
      stopped_ = true;
    }
  } while (!stopped_ && NextEntry(answers, next, entry) &&
           IsBefore(entry.name, limit));
  answers.entry = entry;
  answers.next = next;
}

void QueryWalk::Flush(Answers& answers, const Directory* limit) {
  while (!stopped_ && answers.child != answers.child_end) {
    const Directory* child = child_answers_[answers.child];
    if (!answers.entry.name.empty() && answers.entry.name < child->name()) {
      if (!IsBefore(answers.entry.name, limit)) return;
      Emit(answers, answers.entry.name, AnswerKind(answers.entry.kind));
      NextEntry(answers, answers.next, answers.entry);
    } else {
      if (!IsBefore(child->name(), limit)) return;
      Emit(answers, child->name(), EntryKind::kDirectory);
      ++answers.child;
    }
  }
  if (!stopped_ && !answers.entry.name.empty()) FlushEntries(answers, limit);
}

void QueryWalk::Emit(const Answers& answers, std::string_view name,
                     EntryKind kind) {
  if (!emit_({PathOf(answers.directory, answers.depth), name, kind,
              answers.directory})) {
    stopped_ = true;
  }
}

bool QueryWalk::GoesBelow(const Directory* d, uint32_t depth) {
  // What is below a child has depth + 2 at least.
  if (depth + 2 > max_depth_) return false;
  if (rules_.first == FirstRule::kAll) return true;
  Answers answers;
  const bool has_answers = Open(d, depth, 0, nullptr, answers);
  Close(answers);
  return !has_answers;
}

const Directory* QueryWalk::Resume(const TreeRange& range, bool& entered) {
  const std::vector<const Directory*> path =
      PathFromTop(range.begin, range.top);
  const auto parting = std::mismatch(path.begin(), path.end(),
                                     end_path_.begin(), end_path_.end());
  const size_t shared = parting.first - path.begin();
  const bool is_empty = !end_path_.empty() && shared == end_path_.size();
  if (is_empty) return nullptr;
  end_level_ = std::min(shared, path.size() - 1);
  for (size_t i = 0; i + 1 < path.size(); ++i, ++depth_) {
    const bool below = GoesBelow(path[i], depth_);
    Answers answers;
    if (OpenAfter(path[i], depth_, path[i + 1], answers)) {
      pending_.push_back(answers);
    }
    if (below) continue;
    // The rest of this directory is all there is of it; it may be cut short by
    // the end of the range.
    if (i < shared && i + 1 < end_path_.size()) {
      if (!pending_.empty() && pending_.back().directory == path[i]) {
        Flush(pending_.back(), end_path_[i + 1]);
      }
      return nullptr;
    }
    entered = true;
    return path[i];
  }
  entered = false;
  return range.begin;
}

bool QueryWalk::Enter(const Directory* d, const Directory* limit) {
  if (!d->open() || (d != top_ && !d->visible())) return false;
  const bool deep_enough = depth_ + 2 <= max_depth_;
  // Most directories have no answers: that is found out as cheaply as can be.
  const Matcher& matcher = rules_.matcher;
  Entry entry;
  size_t next = 0;
  if (!matcher.wants_directories() &&
      (!HasAnswersAt(depth_ + 1) ||
       !matcher.NextEntry(d->listing().bytes(), PathSettles(d, depth_), next,
                          entry))) {
    return deep_enough;
  }
  Answers answers;
  const size_t from = next == 0 ? 0 : EntryBegin(entry);
  if (!Open(d, depth_, from, nullptr, answers)) return deep_enough;
  const bool below =
      deep_enough && rules_.first == FirstRule::kAll && !Children(*d).empty();
  if (below) {
    pending_.push_back(answers);
  } else {
    Flush(answers, limit);
    Close(answers);
  }
  return below;
}

// What the walk from directory to directory asks for.
struct QueryWalk::Visitor {
  Descent Enter(const Directory& d) {
    if (walk.stopped_) return Descent::kStop;
    walk.FlushBefore(&d);
    const Directory* limit = nullptr;
    const std::vector<const Directory*>& end = walk.end_path_;
    if (walk.end_level_ < end.size() && &d == end[walk.end_level_]) {
      if (++walk.end_level_ == end.size()) return Descent::kStop;
      limit = end[walk.end_level_];
    }
    if (walk.Enter(&d, limit) && !Children(d).empty()) {
      ++walk.depth_;
      return Descent::kInside;
    }
    // The end of the range lies below, in what is not walked.
    if (limit != nullptr) return Descent::kStop;
    below = &d;
    return Descent::kOver;
  }
  void Leave(const Directory& d) {
    // Its children were walked.
    if (below != &d) --walk.depth_;
    below = nullptr;
    walk.Leave(&d);
  }

  QueryWalk& walk;
  const Directory* below;  // entered last, and not its children
};

bool QueryWalk::Run(const TreeRange& range) {
  top_ = range.top;
  depth_ = DepthBelow(range.top, root_.directory);
  end_path_.clear();
  if (range.end != nullptr) end_path_ = PathFromTop(range.end, range.top);
  pending_.clear();
  child_answers_.clear();
  bool entered = false;
  const Directory* start = Resume(range, entered);
  if (start == nullptr) return !stopped_;
  Visitor visitor = {*this, entered ? start : nullptr};
  WalkTree(*start, *top_, entered, visitor);
  return !stopped_;
}

}  // namespace finder
