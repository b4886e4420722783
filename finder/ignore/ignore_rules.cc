#include "finder/ignore/ignore_rules.h"

#include <algorithm>
#include <utility>

#include "finder/text/abseil_view.h"

namespace finder {
namespace {

// Fewer are compared one by one in less time than it takes to index them.
constexpr size_t kRulesWorthAnIndex = 24;

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::string_view kSpecial = "*?[\\";

// Without spaces at the end, unless a '\' stands before them.
std::string_view WithoutTrailingSpaces(std::string_view line) {
  size_t end = 0;  // behind the last byte that counts
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == ' ') continue;
    if (line[i] == '\\' && ++i >= line.size()) return line;
    end = i + 1;
  }
  return line.substr(0, end);
}

}  // namespace

void NameEnds::AddEnd(std::string_view end) {
  if (end.size() > 1) return AddName(end);
  if (end.empty()) return AddAll();
  for (int before = 0; before < 256; ++before) {
    bits_.set(Index(static_cast<char>(before), end.back()));
  }
}

void NameEnds::AddName(std::string_view name) {
  if (name.empty()) return;
  bits_.set(Index(name.size() > 1 ? name[name.size() - 2] : '\0', name.back()));
}

IgnoreRules IgnoreRules::Parse(std::string_view text, CaseRule case_rule) {
  IgnoreRules rules;
  rules.case_rule_ = case_rule;
  if (text.starts_with(kByteOrderMark)) {
    text.remove_prefix(kByteOrderMark.size());
  }
  // On the heap whatever its size, so that views of it outlive a move.
  rules.text_.reserve(std::max<size_t>(text.size(), 64));
  rules.text_ = text;
  const std::string_view all = rules.text_;
  uint32_t number = 1;
  for (size_t at = 0; at < all.size(); ++number) {
    const size_t newline = std::min(all.find('\n', at), all.size());
    std::string_view line = all.substr(at, newline - at);
    at = newline + 1;
    if (line.ends_with('\r')) line.remove_suffix(1);
    rules.AddLine(line, number);
  }
  if (rules.rules_.size() >= kRulesWorthAnIndex) rules.BuildIndex();
  return rules;
}

void IgnoreRules::AddLine(std::string_view line, uint32_t number) {
  if (line.starts_with('#')) return;
  // To git a line is a string of C.
  line = line.substr(0, line.find('\0'));
  IgnoreRule rule = {.line = number, .text = WithoutTrailingSpaces(line)};
  std::string_view pattern = rule.text;
  if (pattern.starts_with('!')) {
    rule.shows = true;
    pattern.remove_prefix(1);
  }
  if (pattern.ends_with('/')) {
    rule.directories_only = true;
    pattern.remove_suffix(1);
  }
  if (pattern.empty()) return;
  Compiled compiled = {.form = Form::kName,
                       .directories_only = rule.directories_only,
                       .literal = {},
                       .wild = {}};
  Compile(pattern, compiled);
  const bool is_wild =
      compiled.form == Form::kWildName || compiled.form == Form::kWildPath;
  if (is_wild && !compiled.wild.has_value()) return;
  has_path_rules_ |=
      compiled.form == Form::kPath || compiled.form == Form::kWildPath;
  NoteEnds(compiled);
  rules_.push_back(rule);
  compiled_.push_back(std::move(compiled));
}

void IgnoreRules::Compile(std::string_view pattern, Compiled& rule) const {
  // "**/x" asks for x anywhere, and so does "/**/x".
  std::string_view name = pattern;
  if (name.starts_with('/')) name.remove_prefix(1);
  if (name.starts_with("**/")) {
    name.remove_prefix(3);
    if (!name.empty() && name.find('/') == std::string_view::npos) {
      pattern = name;
    }
  }
  const bool is_name = pattern.find('/') == std::string_view::npos;
  if (!is_name && pattern.starts_with('/')) pattern.remove_prefix(1);
  const size_t special =
      std::min(pattern.find_first_of(kSpecial), pattern.size());
  if (special == pattern.size()) {
    rule.form = is_name ? Form::kName : Form::kPath;
    rule.literal = FoldedCopy(pattern, case_rule_);
  } else if (is_name && pattern.front() == '*' &&
             pattern.find_first_of(kSpecial, 1) == std::string_view::npos) {
    rule.form = Form::kSuffix;
    rule.literal = FoldedCopy(pattern.substr(1), case_rule_);
  } else if (is_name) {
    rule.form = Form::kWildName;
    rule.wild = WildPattern::Compile(pattern, case_rule_);
  } else {
    // git compares what comes before the first special byte by itself, so
    // that "a**/b" is 'a' and then "**/b".
    rule.form = Form::kWildPath;
    rule.literal = FoldedCopy(pattern.substr(0, special), case_rule_);
    rule.wild = WildPattern::Compile(pattern.substr(special), case_rule_);
  }
}

void IgnoreRules::NoteEnds(const Compiled& rule) {
  const std::string& literal = rule.literal;
  switch (rule.form) {
    case Form::kName:
      return ends_.AddName(literal);
    case Form::kSuffix:
      return ends_.AddEnd(literal);
    case Form::kPath:
      return ends_.AddName(
          std::string_view(literal).substr(literal.rfind('/') + 1));
    case Form::kWildName:
    case Form::kWildPath:
      break;
  }
  const std::optional<char> last = rule.wild->last_byte();
  if (!last.has_value()) return ends_.AddAll();
  ends_.AddEnd({&*last, 1});
}

void IgnoreRules::BuildIndex() {
  indexed_ = true;
  for (uint32_t i = 0; i < compiled_.size(); ++i) {
    const Compiled& rule = compiled_[i];
    Index* index = nullptr;
    if (rule.form == Form::kName) index = &names_;
    if (rule.form == Form::kSuffix) index = &suffixes_;
    if (rule.form == Form::kPath) index = &paths_;
    if (index == nullptr) {
      rest_.push_back(i);
      continue;
    }
    Last& last = (*index)[rule.literal];
    (rule.directories_only ? last.of_directories : last.of_all) = i;
    if (rule.form == Form::kSuffix) {
      suffix_sizes_.push_back(static_cast<uint32_t>(rule.literal.size()));
    }
  }
  std::sort(suffix_sizes_.begin(), suffix_sizes_.end());
  suffix_sizes_.erase(std::unique(suffix_sizes_.begin(), suffix_sizes_.end()),
                      suffix_sizes_.end());
}

bool IgnoreRules::Matches(const Compiled& rule, std::string_view path,
                          std::string_view name, bool is_directory) const {
  if (rule.directories_only && !is_directory) return false;
  switch (rule.form) {
    case Form::kName:
      return EqualsFolded(name, rule.literal, case_rule_);
    case Form::kSuffix:
      return EndsWithFolded(name, rule.literal, case_rule_);
    case Form::kPath:
      return EqualsFolded(path, rule.literal, case_rule_);
    case Form::kWildName:
      return rule.wild->Matches(name);
    case Form::kWildPath:
      return StartsWithFolded(path, rule.literal, case_rule_) &&
             rule.wild->Matches(path.substr(rule.literal.size()));
  }
  return false;
}

void IgnoreRules::Find(const Index& index, std::string_view literal,
                       bool is_directory, uint32_t& best) {
  const auto found = index.find(Abseil(literal));
  if (found == index.end()) return;
  const auto take = [&best](uint32_t place) {
    if (place != kNone && (best == kNone || place > best)) best = place;
  };
  take(found->second.of_all);
  if (is_directory) take(found->second.of_directories);
}

const IgnoreRule* IgnoreRules::Match(std::string_view path,
                                     bool is_directory) const {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  if (!ends_.MayHold(name)) return nullptr;
  if (!indexed_) {
    for (size_t i = compiled_.size(); i-- > 0;) {
      if (Matches(compiled_[i], path, name, is_directory)) return &rules_[i];
    }
    return nullptr;
  }
  std::string folded;
  std::string_view key = path;
  if (case_rule_ == CaseRule::kIgnore) {
    folded = FoldedCopy(path, case_rule_);
    key = folded;
  }
  const std::string_view key_name = key.substr(key.rfind('/') + 1);
  uint32_t best = kNone;
  Find(names_, key_name, is_directory, best);
  if (!paths_.empty()) Find(paths_, key, is_directory, best);
  for (const uint32_t size : suffix_sizes_) {
    if (size > key_name.size()) break;
    Find(suffixes_, key_name.substr(key_name.size() - size), is_directory,
         best);
  }
  for (auto at = rest_.rbegin(); at != rest_.rend(); ++at) {
    if (best != kNone && *at < best) break;
    if (Matches(compiled_[*at], path, name, is_directory)) {
      best = *at;
      break;
    }
  }
  return best == kNone ? nullptr : &rules_[best];
}

}  // namespace finder
