#include "finder/view/glob_component.h"

#include <algorithm>

namespace finder {
namespace {

unsigned char ByteAt(std::string_view text, size_t at) {
  return static_cast<unsigned char>(text[at]);
}

bool IsContinuation(std::string_view text, size_t at) {
  return (ByteAt(text, at) & 0xc0) == 0x80;
}

// Size of the valid UTF-8 sequence of two bytes or more at `at`; 0 if there is
// none. `code` is what it stands for.
size_t SequenceAt(std::string_view text, size_t at, uint32_t& code) {
  const unsigned char lead = ByteAt(text, at);
  size_t size = 0;
  if (lead >= 0xc2 && lead <= 0xdf) size = 2;
  if (lead >= 0xe0 && lead <= 0xef) size = 3;
  if (lead >= 0xf0 && lead <= 0xf4) size = 4;
  if (size == 0 || text.size() - at < size) return 0;
  code = lead & (0x7f >> size);
  for (size_t i = 1; i < size; ++i) {
    if (!IsContinuation(text, at + i)) return 0;
    code = code << 6 | (ByteAt(text, at + i) & 0x3f);
  }
  const bool overlong =
      (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  if (overlong || surrogate || code > 0x10ffff) return 0;
  return size;
}

bool IsInsideSequence(std::string_view text, size_t at) {
  if (!IsContinuation(text, at)) return false;
  uint32_t code = 0;
  for (size_t back = 1; back <= 3 && back <= at; ++back) {
    if (SequenceAt(text, at - back, code) > back) return true;
  }
  return false;
}

// The character classes of [[:name:]], for ASCII.
struct NamedClass {
  std::string_view name;
  bool (*contains)(char c);
};

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsAlnum(char c) { return IsAsciiLetter(c) || IsDigit(c); }
bool IsGraph(char c) { return c > ' ' && c < 0x7f; }
bool IsPrint(char c) { return c >= ' ' && c < 0x7f; }
bool IsPunct(char c) { return IsGraph(c) && !IsAlnum(c); }
bool IsBlank(char c) { return c == ' ' || c == '\t'; }
bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool IsControl(char c) { return (c >= 0 && c < ' ') || c == 0x7f; }
bool IsHexDigit(char c) {
  return IsDigit(c) || (FoldCase(c) >= 'a' && FoldCase(c) <= 'f');
}

constexpr NamedClass kClasses[] = {
    {"alnum", IsAlnum},   {"alpha", IsAsciiLetter}, {"blank", IsBlank},
    {"cntrl", IsControl}, {"digit", IsDigit},       {"graph", IsGraph},
    {"lower", IsLower},   {"print", IsPrint},       {"punct", IsPunct},
    {"space", IsSpace},   {"upper", IsUpper},       {"xdigit", IsHexDigit},
};

}  // namespace

GlobCharacter CharacterAt(std::string_view text, size_t at) {
  const unsigned char byte = ByteAt(text, at);
  if (byte < 0x80) return {byte, 1};
  uint32_t code = 0;
  if (const size_t size = SequenceAt(text, at, code); size != 0) {
    return {code, size};
  }
  if (IsInsideSequence(text, at)) return {0, 0};
  return {GlobCharacter::kLoneByte + byte, 1};
}

GlobSet::Error GlobSet::Parse(std::string_view pattern, size_t& at,
                              CaseRule case_rule) {
  const Error not_closed = {"set is not closed", at};
  size_t next = at + 1;
  if (next < pattern.size() && (pattern[next] == '!' || pattern[next] == '^')) {
    negated_ = true;
    ++next;
  }
  // Reads a member, which may be escaped; false at the end of the pattern.
  const auto read_character = [&](uint32_t& code) {
    if (next < pattern.size() && pattern[next] == '\\') ++next;
    if (next >= pattern.size() || pattern[next] == '/') return false;
    const GlobCharacter c = CharacterAt(pattern, next);
    code = c.code;
    next += std::max<size_t>(c.size, 1);
    return true;
  };
  for (bool first = true;; first = false) {
    if (next >= pattern.size()) return not_closed;
    if (pattern[next] == ']' && !first) break;
    if (pattern.substr(next, 2) == "[:") {
      const size_t end = pattern.find(":]", next + 2);
      if (end == std::string_view::npos) return not_closed;
      if (!AddClass(pattern.substr(next + 2, end - next - 2))) {
        return {"no such class in a set", next};
      }
      next = end + 2;
      continue;
    }
    const size_t member = next;
    uint32_t low = 0;
    if (!read_character(low)) return not_closed;
    uint32_t high = low;
    if (next + 1 < pattern.size() && pattern[next] == '-' &&
        pattern[next + 1] != ']') {
      ++next;
      if (!read_character(high)) return not_closed;
      if (high < low) return {"range of a set is reversed", member};
    }
    AddRange(low, high);
  }
  if (case_rule == CaseRule::kIgnore) AddOtherCase();
  at = next + 1;
  return {};
}

bool GlobSet::AddClass(std::string_view name) {
  for (const NamedClass& named : kClasses) {
    if (named.name != name) continue;
    for (size_t c = 0; c < ascii_.size(); ++c) {
      if (named.contains(static_cast<char>(c))) ascii_.set(c);
    }
    return true;
  }
  return false;
}

void GlobSet::AddRange(uint32_t first, uint32_t last) {
  for (uint32_t c = first; c <= last && c < ascii_.size(); ++c) ascii_.set(c);
  if (last >= ascii_.size()) ranges_.emplace_back(first, last);
}

void GlobSet::AddOtherCase() {
  for (size_t c = 'a'; c <= 'z'; ++c) {
    const size_t upper = c - 'a' + 'A';
    const bool either = ascii_[c] || ascii_[upper];
    ascii_[c] = either;
    ascii_[upper] = either;
  }
}

bool GlobSet::InRanges(uint32_t code) const {
  return std::any_of(ranges_.begin(), ranges_.end(), [code](const auto& range) {
    return range.first <= code && code <= range.second;
  });
}

GlobComponent::GlobComponent(std::string_view pattern, CaseRule case_rule,
                             bool in_path)
    : case_rule_(case_rule) {
  if (in_path && pattern == "**") {
    form_ = Form::kDeep;
    return;
  }
  Parse(pattern);
  Classify();
}

void GlobComponent::Parse(std::string_view pattern) {
  using Kind = Token::Kind;
  for (size_t i = 0; i < pattern.size();) {
    const char c = pattern[i];
    if (c == '*') {
      if (tokens_.empty() || tokens_.back().kind != Kind::kStar) {
        tokens_.push_back({Kind::kStar});
      }
      ++i;
    } else if (c == '?') {
      tokens_.push_back({Kind::kCharacter});
      ++i;
    } else if (c == '[') {
      tokens_.push_back({Kind::kSet, 0, static_cast<uint32_t>(sets_.size())});
      sets_.emplace_back();
      if (sets_.back().Parse(pattern, i, case_rule_).reason != nullptr) return;
    } else {
      if (c == '\\' && i + 1 < pattern.size()) ++i;
      const char byte = pattern[i++];
      tokens_.push_back({Kind::kByte, case_rule_ == CaseRule::kIgnore
                                          ? FoldCase(byte)
                                          : byte});
    }
  }
}

void GlobComponent::Classify() {
  const auto is_byte = [](const Token& t) {
    return t.kind == Token::Kind::kByte;
  };
  const auto is_star = [](const Token& t) {
    return t.kind == Token::Kind::kStar;
  };
  const size_t bytes = std::count_if(tokens_.begin(), tokens_.end(), is_byte);
  const size_t stars = std::count_if(tokens_.begin(), tokens_.end(), is_star);
  const bool simple = bytes + stars == tokens_.size();
  if (simple && stars == 0) {
    form_ = Form::kLiteral;
  } else if (simple && stars == 1 && bytes == 0) {
    form_ = Form::kAnything;
  } else if (simple && stars == 1 && is_star(tokens_.front())) {
    form_ = Form::kSuffix;
  } else if (simple && stars == 1 && is_star(tokens_.back())) {
    form_ = Form::kPrefix;
  } else if (simple && stars == 2 && is_star(tokens_.front()) &&
             is_star(tokens_.back()) && case_rule_ == CaseRule::kSensitive) {
    form_ = Form::kPart;
  }
  if (form_ == Form::kGeneral) {
    auto last = std::find_if_not(tokens_.rbegin(), tokens_.rend(), is_byte);
    for (auto it = last.base(); it != tokens_.end(); ++it) literal_ += it->byte;
    return;
  }
  for (const Token& token : tokens_) {
    if (is_byte(token)) literal_ += token.byte;
  }
  tokens_ = {};
}

bool GlobComponent::Matches(std::string_view text) const {
  switch (form_) {
    case Form::kLiteral:
      return EqualsFolded(text, literal_, case_rule_);
    case Form::kSuffix:
      return EndsWithFolded(text, literal_, case_rule_);
    case Form::kPrefix:
      return StartsWithFolded(text, literal_, case_rule_);
    case Form::kPart:
      return text.find(literal_) != std::string_view::npos;
    case Form::kAnything:
    case Form::kDeep:
      return true;
    case Form::kGeneral:
      break;
  }
  return EndsWithFolded(text, literal_, case_rule_) && MatchesTokens(text);
}

size_t GlobComponent::Take(const Token& token, std::string_view text,
                           size_t at) const {
  if (at >= text.size()) return 0;
  if (token.kind == Token::Kind::kByte) {
    const char byte = text[at];
    return (case_rule_ == CaseRule::kIgnore ? FoldCase(byte) : byte) ==
           token.byte;
  }
  const GlobCharacter c = CharacterAt(text, at);
  if (token.kind == Token::Kind::kCharacter) return c.size;
  return c.size != 0 && sets_[token.set].Contains(c.code) ? c.size : 0;
}

// Only the last star met is ever made longer: if an earlier one could take more
// and lead to a match, so can this one.
bool GlobComponent::MatchesTokens(std::string_view text) const {
  size_t at = 0;
  size_t token = 0;
  bool have_star = false;
  size_t after_star = 0;  // the token behind the last star
  size_t star_end = 0;    // where the bytes that it takes end
  while (true) {
    if (token < tokens_.size() && tokens_[token].kind == Token::Kind::kStar) {
      have_star = true;
      after_star = ++token;
      star_end = at;
      if (after_star == tokens_.size()) return true;
    }
    if (token == tokens_.size()) {
      if (at == text.size()) return true;
    } else if (const size_t taken = Take(tokens_[token], text, at);
               taken != 0) {
      at += taken;
      ++token;
      continue;
    }
    if (!have_star || star_end >= text.size()) return false;
    at = ++star_end;
    token = after_star;
  }
}

}  // namespace finder
