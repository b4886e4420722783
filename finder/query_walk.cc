#include "finder/query_walk.h"

#include <algorithm>
#include <utility>

namespace finder {
namespace {

Match::Type TypeOf(EntryKind kind) {
  switch (kind) {
    case EntryKind::kFile:
      return Match::Type::kFile;
    case EntryKind::kSymlink:
    case EntryKind::kLinkToDirectory:
      return Match::Type::kSymlink;
    case EntryKind::kOther:
      break;
  }
  return Match::Type::kOther;
}

// Whether the entry of that name was entered as a directory: then it is one,
// not a symlink.
bool IsEnteredLink(const Directory& parent, std::string_view name) {
  for (const Directory* child = parent.first_child;
       child != nullptr && !ChildBefore(name, child->name());
       child = child->next_sibling) {
    if (child->name() == name) return child->visible() && child->via_link;
  }
  return false;
}

uint32_t DepthBelow(const Directory* d, const Directory* root) {
  uint32_t depth = 0;
  for (; d != root; d = d->parent) ++depth;
  return depth;
}

}  // namespace

QueryWalk::QueryWalk(const CompiledQuery::Rules& rules, const Root& root,
                     Emit emit)
    : rules_(rules), root_(root), emit_(emit) {
  path_ = PrintedPrefix(root.path);
  levels_.push_back({root.directory, path_.size()});
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
  return rules_.matcher.MatchesPath(candidate_, name);
}

void QueryWalk::FindEntry(Answers& answers) {
  const std::string_view listing = answers.directory->listing().bytes();
  const Matcher& matcher = rules_.matcher;
  while (matcher.NextEntry(listing, answers.next, answers.entry)) {
    const Entry& entry = answers.entry;
    const bool is_link = entry.kind == EntryKind::kSymlink ||
                         entry.kind == EntryKind::kLinkToDirectory;
    if (is_link && rules_.links == LinkPolicy::kFollow &&
        IsEnteredLink(*answers.directory, entry.name)) {
      continue;
    }
    if (matcher.has_path_filters() && !MatchesPath(answers, entry.name)) {
      continue;
    }
    return;
  }
  answers.entry.name = {};
}

void QueryWalk::CollectChildren(const Directory* after, Answers& answers) {
  const Matcher& matcher = rules_.matcher;
  for (const Directory* child = answers.directory->first_child;
       child != nullptr; child = child->next_sibling) {
    const std::string_view name = child->name();
    if (!child->visible() || !matcher.MatchesDirectoryName(name)) continue;
    if (after != nullptr && EntryBeforeChild(name, after->name())) continue;
    if (matcher.has_path_filters() && !MatchesPath(answers, name)) continue;
    child_answers_.push_back(child);
  }
  // Children are linked in the order of what is below them; "a-b" comes before
  // "a/c", but after "a".
  std::sort(child_answers_.begin() + answers.child_begin, child_answers_.end(),
            [](const Directory* a, const Directory* b) {
              return a->name() < b->name();
            });
  answers.child_end = child_answers_.size();
}

bool QueryWalk::Open(const Directory* d, uint32_t depth,
                     const Directory* after, Answers& answers) {
  const uint32_t answer_depth = depth + 1;
  answers = {.directory = d,
             .depth = depth,
             .next = 0,
             .entry = {},
             .child_begin = child_answers_.size(),
             .child_end = child_answers_.size(),
             .child = child_answers_.size()};
  if (answer_depth < rules_.min_depth || answer_depth > rules_.max_depth) {
    return false;
  }
  if (rules_.matcher.wants_entries()) {
    if (after != nullptr) {
      const std::string contents = std::string(after->name()) + '/';
      answers.next = OffsetAfter(d->listing().bytes(), contents);
    }
    FindEntry(answers);
  }
  if (rules_.matcher.wants_directories()) CollectChildren(after, answers);
  return !answers.entry.name.empty() || answers.child != answers.child_end;
}

void QueryWalk::EmitMatch(const Answers& answers, std::string_view name,
                          Match::Type type) {
  const Match match = {PathOf(answers.directory, answers.depth), name, type};
  if (!emit_(match)) stopped_ = true;
}

void QueryWalk::Flush(Answers& answers, const Directory* limit) {
  while (!stopped_) {
    const bool has_entry = !answers.entry.name.empty();
    const bool has_child = answers.child != answers.child_end;
    if (!has_entry && !has_child) return;
    const Directory* child =
        has_child ? child_answers_[answers.child] : nullptr;
    const bool entry_first =
        has_entry && (!has_child || answers.entry.name < child->name());
    const std::string_view name =
        entry_first ? answers.entry.name : child->name();
    if (limit != nullptr && !EntryBeforeChild(name, limit->name())) return;
    if (entry_first) {
      EmitMatch(answers, name, TypeOf(answers.entry.kind));
      FindEntry(answers);
    } else {
      EmitMatch(answers, name, Match::Type::kDirectory);
      ++answers.child;
    }
  }
}

bool QueryWalk::GoesBelow(const Directory* d, uint32_t depth) {
  // What is below a child has depth + 2 at least.
  if (depth + 2 > rules_.max_depth) return false;
  if (rules_.first == FirstRule::kAll) return true;
  Answers answers;
  const bool has_answers = Open(d, depth, nullptr, answers);
  Close(answers);
  return !has_answers;
}

const Directory* QueryWalk::Resume(const TreeRange& range, bool& entered) {
  const std::vector<const Directory*> path =
      PathFromTop(range.begin, range.top);
  const auto parting =
      std::mismatch(path.begin(), path.end(), end_path_.begin(),
                    end_path_.end());
  const size_t shared = parting.first - path.begin();
  const bool is_empty = !end_path_.empty() && shared == end_path_.size();
  if (is_empty) return nullptr;
  end_level_ = std::min(shared, path.size() - 1);
  for (size_t i = 0; i + 1 < path.size(); ++i, ++depth_) {
    const bool below = GoesBelow(path[i], depth_);
    Answers answers;
    if (Open(path[i], depth_, path[i + 1], answers)) {
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
  Answers answers;
  if (!Open(d, depth_, nullptr, answers)) {
    return depth_ + 2 <= rules_.max_depth;
  }
  const bool below = rules_.first == FirstRule::kAll &&
                     depth_ + 2 <= rules_.max_depth &&
                     d->first_child != nullptr;
  if (below) {
    pending_.push_back(answers);
  } else {
    Flush(answers, limit);
    Close(answers);
  }
  return below;
}

void QueryWalk::Leave(const Directory* d) {
  if (pending_.empty() || pending_.back().directory != d) return;
  Flush(pending_.back(), nullptr);
  Close(pending_.back());
  pending_.pop_back();
}

void QueryWalk::Walk(const Directory* d, bool entered) {
  while (!stopped_) {
    if (!entered) {
      const Directory* limit = nullptr;
      if (end_level_ < end_path_.size() && d == end_path_[end_level_]) {
        if (++end_level_ == end_path_.size()) return;
        limit = end_path_[end_level_];
      }
      if (Enter(d, limit) && d->first_child != nullptr) {
        d = d->first_child;
        ++depth_;
        FlushBefore(d);
        continue;
      }
      // The end of the range lies below, in what is not walked.
      if (limit != nullptr) return;
    }
    entered = false;
    Leave(d);
    while (d != top_ && d->next_sibling == nullptr && !stopped_) {
      d = d->parent;
      --depth_;
      Leave(d);
    }
    if (d == top_ || stopped_) return;
    d = d->next_sibling;
    FlushBefore(d);
  }
}

bool QueryWalk::Run(const TreeRange& range) {
  top_ = range.top;
  depth_ = DepthBelow(range.top, root_.directory);
  end_path_.clear();
  if (range.end != nullptr) end_path_ = PathFromTop(range.end, range.top);
  pending_.clear();
  child_answers_.clear();
  bool entered = false;
  const Directory* start = Resume(range, entered);
  if (start != nullptr) Walk(start, entered);
  return !stopped_;
}

}  // namespace finder
