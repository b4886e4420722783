// The walk over one segment of a finished tree that finds a query's answers in
// byte order. Used by CompiledQuery::Run only.
//
// A walk holds no more than the directories above the current one that still
// have answers to give: those which come behind the current one in byte order.
// A directory without answers costs a search of its listing and nothing else;
// its path is not even built. Nothing is recursive, since trees may be deep.
//
// An example. The root holds the files "a-b" and "z" and the directory "a",
// which holds "c"; all of them match. The output is a-b, a/c, z:
//
//   enter the root   its listing has answers: it is pending
//   before "a"       flush what comes before "a/" : "a-b", as '-' < '/'
//   enter "a"        pending, too; emits a/c when it is left
//   leave "a"        back in the root
//   leave the root   flush the rest: "z"
//
// So a pending directory is flushed up to each child that the walk enters, and
// to its end when the walk leaves it. Had the root no answers left behind "a",
// it would not be pending, and nothing would be done for it.
//
// One thread, one use.
#ifndef FINDER_FINDER_QUERY_QUERY_WALK_H_
#define FINDER_FINDER_QUERY_QUERY_WALK_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "finder/ignore/ignore_scopes.h"
#include "finder/query/matcher.h"
#include "finder/query/query.h"
#include "finder/query/tree_range.h"
#include "finder/tree/directory_tree.h"
#include "finder/tree/listing.h"

namespace finder {

// What a query and a view come to.
struct CompiledQuery::Rules {
  Matcher matcher;
  std::vector<std::string> at;  // cleaned; empty: everywhere
  FirstRule first = FirstRule::kAll;
  LinkPolicy links = LinkPolicy::kNoFollow;
  uint32_t min_depth = 0;
  uint32_t max_depth = UINT32_MAX;
  std::optional<uint64_t> max_results;
  EntryFilters filters;
};

// A probe for each filter, for one walk.
class EntryProbes {
 public:
  explicit EntryProbes(const EntryFilters& filters) {
    for (const auto& filter : filters) probes_.push_back(filter->NewProbe());
  }
  bool Accept(const Match& match) {
    for (const auto& probe : probes_) {
      if (!probe->Accepts(match)) return false;
    }
    return true;
  }

 private:
  std::vector<std::unique_ptr<EntryProbe>> probes_;
};

class QueryWalk {
 public:
  using EmitFunction = absl::FunctionRef<bool(const Match&)>;

  // `ignores`: the tree's. Emits what `probes` accept; null: does not ask.
  QueryWalk(const CompiledQuery::Rules& rules, const Root& root,
            const IgnoreScopes* ignores, EmitFunction emit,
            EntryProbes* probes = nullptr);

  // Emits the answers within the range, whose top is the root's directory or
  // below it. False if `emit` said to stop.
  bool Run(const TreeRange& range);

 private:
  // The answers of one directory, in byte order: entries of its listing merged
  // with child directories.
  struct Answers {
    const Directory* directory = nullptr;
    uint32_t depth = 0;  // of the directory; a root has 0
    // As Matcher::NextEntry wants it.
    bool path_settles = true;
    size_t next = 0;  // where in the listing to search on
    Entry entry;      // the next of the entries; its name is empty if none
    // The child directories, and the next of them, in child_answers_.
    size_t child_begin = 0;
    size_t child_end = 0;
    size_t child = 0;
  };

  // The path of one level of the current directory, or of one before it.
  struct Level {
    const Directory* directory = nullptr;
    size_t path_size = 0;
  };

  // A directory on the way to the current one, or to one before it, and whether
  // its path may hold a literal that answers need.
  struct LiteralLevel {
    const Directory* directory = nullptr;
    bool found = false;
  };

  // Finds the answers of `d`: entries from offset `from` of its listing on, and
  // children; of those only that come behind everything below the child `after`
  // if that is not null. False if there are none.
  bool Open(const Directory* d, uint32_t depth, size_t from,
            const Directory* after, Answers& answers);
  // Finds the answers that come behind everything below the child `after`.
  bool OpenAfter(const Directory* d, uint32_t depth, const Directory* after,
                 Answers& answers);
  void CollectChildren(const Directory* after, Answers& answers);
  // The next of the entries that are answers, as Matcher::NextEntry; the name
  // is empty at the end.
  bool NextEntry(const Answers& answers, size_t& next, Entry& entry);
  bool PassesFilters(const Answers& answers, const Entry& entry);
  bool MatchesPath(const Answers& answers, std::string_view name);
  bool IsIgnored(const Answers& answers, std::string_view name);
  bool IsAccepted(const Answers& answers, std::string_view name,
                  EntryKind kind);
  // Emits the answers that come before everything below child `limit`, or all
  // of them if that is null.
  void Flush(Answers& answers, const Directory* limit);
  void FlushEntries(Answers& answers, const Directory* limit);
  void Emit(const Answers& answers, std::string_view name, EntryKind kind);

  bool HasAnswersAt(uint32_t depth) const {
    return depth >= min_depth_ && depth <= max_depth_;
  }
  // Whether the walk goes below a directory, as far as depth and --first say.
  bool GoesBelow(const Directory* d, uint32_t depth);
  // Opens the directories above range.begin for the answers they have left, and
  // returns where to go on: at range.begin, or at a directory above it whose
  // children are not walked. `entered` tells which.
  const Directory* Resume(const TreeRange& range, bool& entered);
  // Emits what comes first; returns whether to go on with the children.
  bool Enter(const Directory* d, const Directory* limit);
  struct Visitor;
  // Emits what comes before everything below `child`.
  void FlushBefore(const Directory* child) {
    if (!pending_.empty() && pending_.back().directory == child->parent) {
      Flush(pending_.back(), child);
    }
  }
  // Emits what is left of a directory.
  void Leave(const Directory* d) {
    if (pending_.empty() || pending_.back().directory != d) return;
    Flush(pending_.back(), nullptr);
    Close(pending_.back());
    pending_.pop_back();
  }
  void Close(const Answers& answers) {
    child_answers_.resize(answers.child_begin);
  }

  // Whether the names in the directory are all to be looked at, for what its
  // path holds; always if matches need no literal.
  bool PathSettles(const Directory* d, uint32_t depth) {
    return !rules_.matcher.has_literals() || PathMayHoldLiteral(d, depth);
  }
  bool PathMayHoldLiteral(const Directory* d, uint32_t depth);

  // The printed path of a directory on the way to the current one, with a '/'.
  std::string_view PathOf(const Directory* d, uint32_t depth);

  const CompiledQuery::Rules& rules_;
  const Root& root_;
  const IgnoreScopes* const ignores_;  // null: no ignore files count
  EmitFunction emit_;
  EntryProbes* const probes_;
  // Whether an entry may still fail when its name and kind match.
  bool has_late_filters_;
  // As in the rules; an entry that is a root has depth 0, and its Run is not
  // called if that is none of them.
  uint32_t min_depth_;
  uint32_t max_depth_;
  bool stopped_ = false;

  const Directory* top_ = nullptr;
  uint32_t depth_ = 0;  // of the current directory
  // From the top to the end of the range, and the first of them not entered.
  std::vector<const Directory*> end_path_;
  size_t end_level_ = 0;

  std::vector<Answers> pending_;  // outermost first
  std::vector<const Directory*> child_answers_;

  std::string path_;
  std::vector<Level> levels_;
  std::vector<LiteralLevel> literal_levels_;
  std::string candidate_;
};

}  // namespace finder

#endif  // FINDER_FINDER_QUERY_QUERY_WALK_H_
