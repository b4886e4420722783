// Which of a view's entries are answers, and the walk over a finished tree
// that produces them in byte order of the printed path. Pure but for the entry
// filters that it is handed: no I/O, no threads of its own; a compiled query
// and a finished tree may be used by any number of threads at once.
//
// The fast path is described in doc/design.md: a tree is cut into segments,
// each produced independently; their outputs, one after the other, are the
// sorted answer without any sorting.
#ifndef FINDER_FINDER_QUERY_QUERY_H_
#define FINDER_FINDER_QUERY_QUERY_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "finder/query/entry_filter.h"
#include "finder/tree/directory_tree.h"
#include "finder/view/glob.h"
#include "finder/view/view.h"
#include "fs/entry_kind.h"

namespace finder {

// What -t selects. With none of them: everything that is neither a directory
// nor a symlink to one.
struct TypeSet {
  bool files = false;        // f: regular files
  bool directories = false;  // d: directories, the roots not included
  bool symlinks = false;     // l: every symlink
  bool any() const { return files || directories || symlinks; }
};

enum class FirstRule : uint8_t { kAll, kFirstOnly };

// A value; each of its fields has a row in finder/fields/. Several filters of
// one kind are "or", different kinds are "and". "The name" filters (names, name
// globs, extensions, exclude_names) see the last component; path globs and
// regexes see the printed path; exclude_globs see the name or, if they hold a
// '/', the path below the root. Of a root that is no directory that is its
// name. Sizes and times are asked of the entries themselves, by the
// filters that a query is compiled with; all of them must hold.
struct Query {
  std::vector<std::string> names;          // exact names
  std::vector<std::string> exclude_names;  // exact names that never match
  // Never match, whatever the case rule. One that ends in '/' is about
  // directories, and is the view's.
  std::vector<std::string> exclude_globs;
  std::vector<std::string> suffixes;  // of the name
  std::vector<std::string> globs;
  std::vector<std::string> regexes;     // RE2, unanchored
  std::vector<std::string> extensions;  // "c" matches "x.c"; ".c" likewise
  CaseRule case_rule = CaseRule::kSensitive;
  TypeSet types;
  std::vector<std::string> at;  // printed paths; answers lie below one of them
  FirstRule first = FirstRule::kAll;
  std::optional<uint32_t> min_depth;  // entries of a root have depth 1
  std::optional<uint32_t> max_depth;
  std::optional<uint64_t> max_results;      // the first N in output order
  std::vector<std::string> sizes;           // finder/inode/size_text.h
  std::vector<std::string> newer;           // a time, or the path of a file
  std::vector<std::string> changed_within;  // finder/inode/time_text.h
  std::vector<std::string> changed_before;
  bool tracked = false;  // in the index of its git repository

  // Whether there is anything to ask of the entries themselves.
  bool asks_inodes() const {
    return !sizes.empty() || !newer.empty() || !changed_within.empty() ||
           !changed_before.empty();
  }
  bool asks_entries() const { return asks_inodes() || tracked; }
};

struct Match {
  std::string_view directory;  // printed, ends with '/', or empty
  std::string_view name;
  EntryKind kind = EntryKind::kFile;  // never kLinkToDirectory
  // Which holds it; null if answers of several walks were sorted together.
  const Directory* parent = nullptr;
};

class CompiledQuery;
class QueryWalk;

// A stretch of the sorted output of a tree.
struct Segment {
  size_t root = 0;
  const Directory* begin = nullptr;  // starts when the walk enters `begin`
  const Directory* end = nullptr;    // stops before it enters `end`; null: at
                                     // the end of the root
};

// Cuts the visible tree into about `count` segments of like weight (directories
// and bytes of listings), in output order. Roots are ordered by their printed
// prefix. Linear in the number of directories.
std::vector<Segment> CutIntoSegments(const DirectoryTree& tree, size_t count);

// Whether the outputs of the segments, one after the other, are in byte order
// and free of repetitions. False only if one root's printed prefix begins
// another's; the caller must then collect, sort and drop repetitions.
bool SegmentsAreSorted(const DirectoryTree& tree);

class CompiledQuery {
 public:
  // Fails with InvalidArgument; the message names the option's value and the
  // position. An answer is only what all `filters` accept; Run asks each answer
  // once, but with `first` perhaps more often.
  static absl::StatusOr<CompiledQuery> Compile(const Query& query,
                                               const View& view,
                                               EntryFilters filters = {});
  CompiledQuery(CompiledQuery&&) noexcept;
  CompiledQuery& operator=(CompiledQuery&&) noexcept;
  ~CompiledQuery();

  // Calls `emit` for each answer within the segment, in byte order. Stops early
  // when `emit` returns false. max_results is the caller's to apply, since it
  // counts across segments.
  void Run(const DirectoryTree& tree, const Segment& segment,
           absl::FunctionRef<bool(const Match&)> emit) const;

  std::optional<uint64_t> max_results() const;
  bool has_entry_filters() const;

  // Whether it matters if a symlink of that name leads to a directory, where
  // symlinks are not followed.
  bool AsksTarget(std::string_view name) const;

  // A query that finds at least the answers of all these in one walk that costs
  // about as much as one of theirs; none if they have no such query. To be
  // asked of queries for one view. Which answers are whose, shared_query.h
  // tells.
  static std::optional<CompiledQuery> Shared(
      std::span<const CompiledQuery* const> queries);

 private:
  friend class QueryWalk;
  friend class SharedQueryMember;
  struct Rules;
  explicit CompiledQuery(std::unique_ptr<const Rules> rules);
  void RunTesting(const Root& root, const IgnoreScopes* ignores,
                  const Segment& segment,
                  absl::FunctionRef<bool(const Match&)> emit) const;
  void RunOver(QueryWalk& walk, const Root& root, const Segment& segment) const;
  std::unique_ptr<const Rules> rules_;
};

}  // namespace finder

#endif  // FINDER_FINDER_QUERY_QUERY_H_
