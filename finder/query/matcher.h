// Which entries of which name, kind and path a query asks for, and which of
// them the view keeps; where in the tree they lie is query_walk.h's matter.
//
// Immutable after Compile; const use from any thread.
#ifndef FINDER_FINDER_QUERY_MATCHER_H_
#define FINDER_FINDER_QUERY_MATCHER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "finder/query/entry_finder.h"
#include "finder/query/query.h"
#include "finder/tree/listing.h"
#include "finder/view/glob.h"
#include "finder/view/name_set.h"
#include "finder/view/path_regex.h"
#include "finder/view/view.h"

namespace finder {

class Matcher {
 public:
  // Fails with InvalidArgument on a malformed glob or regex.
  static absl::StatusOr<Matcher> Compile(const Query& query, const View& view);

  // One that finds at least the entries of each of these by one search, in
  // which names are not looked at any further. None if there is no search for
  // all of them, or if some ask for more than names or for other kinds.
  static std::optional<Matcher> Shared(
      std::span<const Matcher* const> matchers);
  // Whether it depends on what a symlink of that name leads to if it matches.
  bool AsksTarget(std::string_view name) const {
    return MatchesKind(EntryKind::kSymlink) !=
               MatchesKind(EntryKind::kLinkToDirectory) &&
           MatchesEntryName(name);
  }
  // Whether an entry of the right kind has a name that matches.
  bool MatchesEntryName(std::string_view name) const {
    return keep_.Keeps(name) &&
           (accepts_all_names_ || MatchesDirectoryName(name));
  }

  // Whether every path that matches holds one of a few texts within one of its
  // components. So a name needs only be looked at if it does itself, or if the
  // path of its directory does.
  bool has_literals() const { return has_literals_; }
  // Whether a component, or a path with a '/' between components, may hold one.
  // REQUIRES: has_literals().
  bool MayHoldLiteral(std::string_view text) const {
    return literal_finder_.MayHold(text);
  }

  // The next entry of a listing, at or behind offset `next`, whose kind and
  // name match; moves `next` behind it. False if there is none. `path_settles`:
  // without literals true; else whether the path of the directory may hold one.
  bool NextEntry(std::string_view listing, bool path_settles, size_t& next,
                 Entry& entry) const {
    const EntryFinder& finder = path_settles ? finder_ : literal_finder_;
    while (finder.Next(listing, next, entry)) {
      if (MatchesKind(entry.kind) && MatchesEntryName(entry.name)) return true;
    }
    return false;
  }
  // Whether any entry at all can match.
  bool wants_entries() const { return kinds_ != 0; }

  // Whether directories can match, and whether one of that name does.
  bool wants_directories() const { return wants_directories_; }
  bool MatchesDirectoryName(std::string_view name) const;

  // Whether an entry or directory whose name matches does so with its path,
  // too. Needs not be asked if no filter looks at paths.
  bool has_path_filters() const { return has_path_filters_; }
  // The first `prefix_size` bytes of the path are those before what is below
  // the root.
  bool MatchesPath(std::string_view path, size_t prefix_size,
                   std::string_view name) const;

  // Where path globs say that all answers lie: printed paths of directories;
  // none if they do not say.
  std::vector<std::string> LiteralDirectories() const;

 private:
  // A filter of names: one of its members must match.
  struct NameFilter {
    NameSet set;
    std::vector<Glob> globs;

    bool Matches(std::string_view name) const;
  };

  Matcher() = default;
  absl::Status AddGlobs(const Query& query);
  absl::Status AddRegexes(const Query& query);
  absl::Status AddExcludes(const Query& query);
  void RequireLiterals();
  void AddNames(const Query& query, const View& view);
  void SetKinds(const TypeSet& types, LinkPolicy links);
  // Searches listings for those tails, if that promises more than what is
  // searched for now. All answers must have one of them.
  void Require(const std::vector<NameTail>& tails, CaseRule case_rule);
  void Require(const NameSet& set, CaseRule case_rule);

  static uint32_t KindBit(EntryKind kind) {
    return uint32_t{1} << (static_cast<unsigned char>(kind) & 31);
  }
  bool MatchesKind(EntryKind kind) const {
    return (kinds_ & KindBit(kind)) != 0;
  }

  EntryFinder finder_;
  EntryFinder literal_finder_;  // for names, if not for the directory's path
  bool has_literals_ = false;
  // What it searches for; empty if case does not matter.
  std::vector<NameTail> required_tails_;
  uint32_t kinds_ = 0;  // KindBit of each kind that is an answer
  bool wants_directories_ = false;
  bool accepts_all_names_ = true;
  bool has_path_filters_ = false;
  KeepFilter keep_;
  std::vector<NameFilter> name_filters_;  // all must match
  NameSet excluded_names_;
  NameFilter excluded_globs_;  // none may match
  std::vector<Glob> excluded_paths_;
  // If any glob looks at paths, all of them are here: it is enough that one of
  // them matches.
  std::vector<Glob> path_globs_;
  std::vector<PathRegex> regexes_;
};

}  // namespace finder

#endif  // FINDER_FINDER_QUERY_MATCHER_H_
