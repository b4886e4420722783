#include "finder/view/regex_literals.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "finder/view/ascii_case.h"
#include "re2/filtered_re2.h"

namespace finder {
namespace {

// With more of them the search is no faster than the expression itself, and to
// choose among them costs a pass over all for each.
constexpr size_t kMostAtoms = 64;

// Shorter ones stand in most names.
constexpr size_t kLeastBytes = 2;

// Whether the expression might take a character beyond ASCII for a letter: the
// Kelvin sign for 'k', the long s for 's', the dotted capital I for 'i'. RE2
// may then name the plain letter as required. Such characters come in by
// ignoring case, by themselves, and by escapes.
bool MayMeanOtherLetters(std::string_view pattern,
                         const RE2::Options& options) {
  if (!options.case_sensitive()) return true;
  if (pattern.find("(?") != std::string_view::npos) return true;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if ((pattern[i] & 0x80) != 0) return true;
    if (pattern[i] != '\\' || i + 1 == pattern.size()) continue;
    const char escaped = pattern[++i];
    const bool is_digit = escaped >= '0' && escaped <= '9';
    if (is_digit || escaped == 'x' || escaped == 'p' || escaped == 'P') {
      return true;
    }
  }
  return false;
}

// The longest part of an atom that is found byte by byte in one component.
std::string BestPart(std::string_view atom, bool may_mean_other_letters) {
  const auto is_plain = [&](char c) {
    if (c <= ' ' || c >= 0x7f || c == '/') return false;
    return !may_mean_other_letters || (c != 'i' && c != 'k' && c != 's');
  };
  std::string_view best;
  for (size_t begin = 0; begin < atom.size();) {
    size_t end = begin;
    while (end < atom.size() && is_plain(atom[end])) ++end;
    if (end - begin > best.size()) best = atom.substr(begin, end - begin);
    begin = end + 1;
  }
  return FoldedCopy(best, CaseRule::kIgnore);
}

// The condition on atoms that RE2 has found: nothing matches without it.
class Condition {
 public:
  Condition(std::string_view pattern, const RE2::Options& options) {
    int id = 0;
    const re2::StringPiece text(pattern.data(), pattern.size());
    usable_ = filter_.Add(text, options, &id) == RE2::NoError;
    if (usable_) filter_.Compile(&atoms_);
  }

  const std::vector<std::string>& atoms() const { return atoms_; }

  // Whether a text may match that holds all atoms but the `missing` ones.
  bool MayMatchWithout(const std::vector<bool>& missing) const {
    if (!usable_) return true;
    std::vector<int> present;
    for (size_t i = 0; i < missing.size(); ++i) {
      if (!missing[i]) present.push_back(static_cast<int>(i));
    }
    std::vector<int> candidates;
    filter_.AllPotentials(present, &candidates);
    return !candidates.empty();
  }

 private:
  re2::FilteredRE2 filter_;
  std::vector<std::string> atoms_;
  bool usable_ = false;
};

}  // namespace

std::vector<std::string> RequiredLiterals(std::string_view pattern,
                                          const RE2::Options& options) {
  const Condition condition(pattern, options);
  const size_t count = condition.atoms().size();
  std::vector<bool> chosen(count, true);
  if (count == 0 || count > kMostAtoms || condition.MayMatchWithout(chosen)) {
    return {};
  }
  const bool other_letters = MayMeanOtherLetters(pattern, options);
  std::vector<std::pair<std::string, size_t>> parts;
  for (size_t i = 0; i < count; ++i) {
    parts.emplace_back(BestPart(condition.atoms()[i], other_letters), i);
  }
  // The longer say more, so the shorter are first to be done without.
  std::stable_sort(parts.begin(), parts.end(),
                   [](const auto& a, const auto& b) {
                     return a.first.size() < b.first.size();
                   });
  std::vector<std::string> literals;
  for (const auto& [part, i] : parts) {
    chosen[i] = false;
    if (!condition.MayMatchWithout(chosen)) continue;
    chosen[i] = true;
    if (part.size() < kLeastBytes) return {};
    literals.push_back(part);
  }
  return literals;
}

}  // namespace finder
