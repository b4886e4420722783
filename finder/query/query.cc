#include "finder/query/query.h"

#include <utility>

#include "finder/query/query_walk.h"
#include "fs/path.h"

namespace finder {
namespace {

std::vector<std::string> CleanPaths(std::vector<std::string> paths) {
  for (std::string& path : paths) path = CleanPath(path);
  return paths;
}

}  // namespace

CompiledQuery::CompiledQuery(std::unique_ptr<const Rules> rules)
    : rules_(std::move(rules)) {}
CompiledQuery::CompiledQuery(CompiledQuery&&) noexcept = default;
CompiledQuery& CompiledQuery::operator=(CompiledQuery&&) noexcept = default;
CompiledQuery::~CompiledQuery() = default;

absl::StatusOr<CompiledQuery> CompiledQuery::Compile(const Query& query,
                                                     const View& view,
                                                     EntryFilters filters) {
  absl::StatusOr<Matcher> matcher = Matcher::Compile(query, view);
  if (!matcher.ok()) return matcher.status();
  // Path globs that name a directory are not asked of anything outside of it.
  std::vector<std::string> at =
      query.at.empty() ? matcher->LiteralDirectories() : CleanPaths(query.at);
  return CompiledQuery(std::make_unique<const Rules>(Rules{
      .matcher = *std::move(matcher),
      .at = std::move(at),
      .first = query.first,
      .links = view.links,
      .min_depth = query.min_depth.value_or(0),
      .max_depth = query.max_depth.value_or(UINT32_MAX),
      .max_results = query.max_results,
      .filters = std::move(filters),
  }));
}

void CompiledQuery::Run(const DirectoryTree& tree, const Segment& segment,
                        absl::FunctionRef<bool(const Match&)> emit) const {
  const Root& root = tree.roots[segment.root];
  if (!EntersRoot(root)) return;
  if (root.kind == RootKind::kEntry && rules_->min_depth > 0) return;
  if (!rules_->filters.empty()) {
    return RunTesting(root, tree.ignore_scopes, segment, emit);
  }
  QueryWalk walk(*rules_, root, tree.ignore_scopes, emit);
  RunOver(walk, root, segment);
}

void CompiledQuery::RunTesting(
    const Root& root, const IgnoreScopes* ignores, const Segment& segment,
    absl::FunctionRef<bool(const Match&)> emit) const {
  EntryProbes probes(rules_->filters);
  // With --first an answer says where the walk goes, so it asks earlier.
  const bool walk_asks = rules_->first == FirstRule::kFirstOnly;
  const auto emit_accepted = [&](const Match& match) {
    return (!walk_asks && !probes.Accept(match)) || emit(match);
  };
  QueryWalk walk(*rules_, root, ignores, emit_accepted,
                 walk_asks ? &probes : nullptr);
  RunOver(walk, root, segment);
}

void CompiledQuery::RunOver(QueryWalk& walk, const Root& root,
                            const Segment& segment) const {
  const TreeRange whole = {root.directory, segment.begin, segment.end};
  if (rules_->at.empty()) {
    walk.Run(whole);
    return;
  }
  for (const TreeRange& range : RangesAt(root, whole, rules_->at)) {
    if (!walk.Run(range)) return;
  }
}

std::optional<CompiledQuery> CompiledQuery::Shared(
    std::span<const CompiledQuery* const> queries) {
  std::vector<const Matcher*> matchers;
  std::vector<std::string> at;
  bool everywhere = false;
  for (const CompiledQuery* query : queries) {
    const Rules& rules = *query->rules_;
    if (rules.min_depth != 0 || rules.max_depth != UINT32_MAX ||
        rules.max_results.has_value()) {
      return std::nullopt;
    }
    // SharedQueryMember looks for answers above an answer up to the root, and
    // takes every entry with a name for one.
    if (rules.first == FirstRule::kFirstOnly &&
        (!rules.at.empty() || rules.links == LinkPolicy::kFollow)) {
      return std::nullopt;
    }
    // It would ask far more entries than are answers of this one.
    if (!rules.filters.empty()) return std::nullopt;
    matchers.push_back(&rules.matcher);
    at.insert(at.end(), rules.at.begin(), rules.at.end());
    everywhere = everywhere || rules.at.empty();
  }
  std::optional<Matcher> matcher = Matcher::Shared(matchers);
  if (!matcher.has_value()) return std::nullopt;
  if (everywhere) at.clear();
  return CompiledQuery(std::make_unique<const Rules>(Rules{
      .matcher = *std::move(matcher),
      .at = std::move(at),
      .first = FirstRule::kAll,
      .links = queries.front()->rules_->links,
      .min_depth = 0,
      .max_depth = UINT32_MAX,
      .max_results = std::nullopt,
      .filters = {},
  }));
}

std::optional<uint64_t> CompiledQuery::max_results() const {
  return rules_->max_results;
}

bool CompiledQuery::has_entry_filters() const {
  return !rules_->filters.empty();
}

bool CompiledQuery::AsksTarget(std::string_view name) const {
  return rules_->matcher.AsksTarget(name);
}

}  // namespace finder
