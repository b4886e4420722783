#include "finder/query/shared_query.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "finder/query/query_walk.h"
#include "fs/path.h"

namespace finder {

bool SharedQueryMember::Accepts(const Match& match) {
  const CompiledQuery::Rules& rules = *query_.rules_;
  return rules.matcher.MatchesEntryName(match.name) &&
         (rules.at.empty() || LiesAt(match)) &&
         (rules.first == FirstRule::kAll || !IsBelowAnswers(*match.parent));
}

bool SharedQueryMember::LiesAt(const Match& match) const {
  std::string_view directory = match.directory;
  if (directory.size() > 1) directory.remove_suffix(1);
  if (directory.empty()) directory = ".";
  const std::vector<std::string>& at = query_.rules_->at;
  return std::any_of(at.begin(), at.end(), [directory](const std::string& one) {
    return IsAtOrBelow(directory, one);
  });
}

bool SharedQueryMember::IsBelowAnswers(const Directory& d) {
  above_.clear();
  for (const Directory* at = &d; !at->view_root; at = at->parent) {
    above_.push_back(at->parent);
  }
  std::reverse(above_.begin(), above_.end());
  const auto parting =
      std::mismatch(above_.begin(), above_.end(), levels_.begin(),
                    levels_.end(), [](const Directory* at, const Level& level) {
                      return at == level.directory;
                    });
  levels_.erase(parting.second, levels_.end());
  for (auto at = parting.first; at != above_.end(); ++at) {
    size_t next = 0;
    Entry entry;
    const bool has_answers = (!levels_.empty() && levels_.back().has_answers) ||
                             query_.rules_->matcher.NextEntry(
                                 (*at)->listing().bytes(), true, next, entry);
    levels_.push_back({*at, has_answers});
  }
  return !levels_.empty() && levels_.back().has_answers;
}

}  // namespace finder
