#include "finder/view/glob.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "finder/text/abseil_view.h"

namespace finder {
namespace {

// Enough for any list of names a person writes; each costs a comparison a name.
constexpr size_t kMaxAlternatives = 1000;
constexpr size_t kMaxExpandedBytes = size_t{1} << 20;
// Braces are expanded by recursion.
constexpr size_t kMaxBraceDepth = 50;

// Expands the braces of a pattern and checks all else on the way, so that every
// error can say where in the pattern it is.
class BraceExpander {
 public:
  BraceExpander(std::string_view pattern, CaseRule case_rule)
      : pattern_(pattern), case_rule_(case_rule) {}

  absl::StatusOr<std::vector<std::string>> Expand() {
    std::vector<std::string> alternatives = Sequence(0);
    if (reason_ == nullptr) return alternatives;
    return absl::InvalidArgumentError(
        absl::StrCat("glob \"", Abseil(pattern_), "\": ", reason_,
                     " (position ", error_at_ + 1, ")"));
  }

 private:
  void Fail(const char* reason, size_t at) {
    if (reason_ != nullptr) return;
    reason_ = reason;
    error_at_ = at;
  }

  // What stands for itself from next_ on: a byte, an escaped byte, a set.
  std::string_view Piece() {
    const size_t start = next_;
    if (pattern_[start] == '\\') {
      if (start + 1 == pattern_.size()) {
        Fail("nothing follows the backslash", start);
      }
      next_ = std::min(start + 2, pattern_.size());
    } else if (pattern_[start] == '[') {
      const GlobSet::Error error = GlobSet().Parse(pattern_, next_, case_rule_);
      if (error.reason != nullptr) Fail(error.reason, error.at);
    } else {
      ++next_;
    }
    return pattern_.substr(start, next_ - start);
  }

  // All ways to read the pattern from next_ to its end or, inside of braces, to
  // the next ',' or '}'.
  std::vector<std::string> Sequence(size_t depth) {
    std::vector<std::string> results(1);
    while (next_ < pattern_.size() && reason_ == nullptr) {
      const char c = pattern_[next_];
      if (depth > 0 && (c == ',' || c == '}')) break;
      if (c == '{') {
        const size_t open = next_;
        results = Product(results, Braces(depth + 1), open);
        continue;
      }
      const std::string_view piece = Piece();
      for (std::string& result : results) result += piece;
    }
    return results;
  }

  std::vector<std::string> Braces(size_t depth) {
    const size_t open = next_++;
    std::vector<std::string> options;
    if (depth > kMaxBraceDepth) Fail("braces are nested too deeply", open);
    while (reason_ == nullptr) {
      std::vector<std::string> more = Sequence(depth);
      std::move(more.begin(), more.end(), std::back_inserter(options));
      if (options.size() > kMaxAlternatives) FailTooMany(open);
      if (next_ == pattern_.size()) {
        Fail("brace is not closed", open);
      } else if (pattern_[next_++] == '}') {
        break;
      }
    }
    return options;
  }

  std::vector<std::string> Product(const std::vector<std::string>& left,
                                   const std::vector<std::string>& right,
                                   size_t open) {
    std::vector<std::string> results;
    if (left.size() * right.size() > kMaxAlternatives ||
        left.size() * right.size() * pattern_.size() > kMaxExpandedBytes) {
      FailTooMany(open);
      return results;
    }
    for (const std::string& head : left) {
      for (const std::string& tail : right) results.push_back(head + tail);
    }
    return results;
  }

  void FailTooMany(size_t open) {
    Fail("braces expand to more than 1000 alternatives", open);
  }

  std::string_view pattern_;
  CaseRule case_rule_;
  size_t next_ = 0;
  const char* reason_ = nullptr;
  size_t error_at_ = 0;
};

// Cuts a pattern without braces at its '/', escaped or not.
std::vector<std::string_view> SplitComponents(std::string_view pattern) {
  std::vector<std::string_view> components;
  size_t start = 0;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const bool escaped_slash = pattern.substr(i, 2) == "\\/";
    if (pattern[i] == '\\' && !escaped_slash) {
      ++i;
    } else if (escaped_slash || pattern[i] == '/') {
      components.push_back(pattern.substr(start, i - start));
      i += escaped_slash;
      start = i + 1;
    }
  }
  components.push_back(pattern.substr(start));
  return components;
}

// A path, taken component by component.
class PathCursor {
 public:
  explicit PathCursor(std::string_view path) : path_(path) { FindEnd(); }

  bool at_end() const { return start_ > path_.size(); }
  std::string_view component() const {
    return path_.substr(start_, end_ - start_);
  }
  void Advance() {
    start_ = end_ + 1;
    if (!at_end()) FindEnd();
  }

 private:
  void FindEnd() { end_ = std::min(path_.find('/', start_), path_.size()); }

  std::string_view path_;
  size_t start_ = 0;
  size_t end_ = 0;
};

// As with stars inside of a component, only the last "**" met is made longer.
// No "**" follows another.
bool MatchesPath(const std::vector<GlobComponent>& pattern,
                 std::string_view path) {
  PathCursor at(path);
  size_t next = 0;
  std::optional<PathCursor> deep_end;  // behind what the last "**" takes
  size_t after_deep = 0;
  while (true) {
    if (next < pattern.size() &&
        pattern[next].form() == GlobComponent::Form::kDeep) {
      after_deep = ++next;
      deep_end = at;
      if (after_deep == pattern.size()) return !at.at_end();
    }
    if (next == pattern.size()) {
      if (at.at_end()) return true;
    } else if (!at.at_end() && pattern[next].Matches(at.component())) {
      at.Advance();
      ++next;
      continue;
    }
    if (!deep_end.has_value() || deep_end->at_end()) return false;
    deep_end->Advance();
    at = *deep_end;
    next = after_deep;
  }
}

}  // namespace

absl::StatusOr<Glob> Glob::Compile(std::string_view pattern,
                                   CaseRule case_rule) {
  absl::StatusOr<std::vector<std::string>> alternatives =
      BraceExpander(pattern, case_rule).Expand();
  if (!alternatives.ok()) return alternatives.status();
  Glob glob;
  glob.is_path_pattern_ = pattern.find('/') != std::string_view::npos;
  for (const std::string& alternative : *alternatives) {
    glob.AddAlternative(alternative, case_rule);
  }
  glob.FindLiterals(case_rule);
  return glob;
}

void Glob::AddAlternative(std::string_view pattern, CaseRule case_rule) {
  while (pattern.substr(0, 2) == "./") pattern.remove_prefix(2);
  Alternative& alternative = alternatives_.emplace_back();
  for (std::string_view component : SplitComponents(pattern)) {
    const bool after_deep =
        !alternative.empty() &&
        alternative.back().form() == GlobComponent::Form::kDeep;
    if (after_deep && component == "**") continue;
    alternative.emplace_back(component, case_rule, is_path_pattern_);
  }
}

void Glob::FindLiterals(CaseRule case_rule) {
  const auto is_literal = [case_rule](const GlobComponent& component) {
    return component.form() == GlobComponent::Form::kLiteral &&
           (case_rule == CaseRule::kSensitive ||
            std::none_of(component.literal().begin(), component.literal().end(),
                         IsAsciiLetter));
  };
  if (alternatives_.size() != 1) return;
  const Alternative& only = alternatives_.front();
  const auto end = std::find_if_not(only.begin(), only.end(), is_literal);
  for (auto it = only.begin(); it != end; ++it) {
    if (it != only.begin()) literal_ += '/';
    literal_ += it->literal();
  }
  is_literal_ = end == only.end();
  literal_directory_ = literal_;
  if (is_literal_) {
    literal_directory_.resize(literal_.size() - only.back().literal().size());
    if (literal_directory_.size() > 1) literal_directory_.pop_back();
  } else {
    literal_.clear();
  }
}

bool Glob::Matches(std::string_view text) const {
  return std::any_of(alternatives_.begin(), alternatives_.end(),
                     [text](const Alternative& alternative) {
                       return MatchesPath(alternative, text);
                     });
}

bool Glob::MatchesName(std::string_view name) const {
  return std::any_of(alternatives_.begin(), alternatives_.end(),
                     [name](const Alternative& alternative) {
                       return alternative.size() == 1
                                  ? alternative.front().Matches(name)
                                  : MatchesPath(alternative, name);
                     });
}

bool Glob::HasSpecialBytes(std::string_view text) {
  return text.find_first_of("*?[{\\") != std::string_view::npos;
}

Glob::TailKnowledge Glob::AppendTails(std::vector<NameTail>& tails) const {
  const size_t old_size = tails.size();
  TailKnowledge knowledge = TailKnowledge::kExact;
  for (const Alternative& alternative : alternatives_) {
    const GlobComponent& last = alternative.back();
    const bool whole = last.form() == GlobComponent::Form::kLiteral;
    const bool exact = alternative.size() == 1 && !is_path_pattern_ &&
                       (whole || last.form() == GlobComponent::Form::kSuffix);
    if (!exact) knowledge = TailKnowledge::kNecessary;
    if (last.form() == GlobComponent::Form::kPrefix ||
        last.form() == GlobComponent::Form::kPart || last.literal().empty()) {
      tails.resize(old_size);
      return TailKnowledge::kNone;
    }
    tails.push_back({last.literal(),
                     whole ? NameTail::Form::kWhole : NameTail::Form::kSuffix});
  }
  return knowledge;
}

}  // namespace finder
