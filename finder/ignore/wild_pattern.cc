#include "finder/ignore/wild_pattern.h"

#include <array>

namespace finder {
namespace {

using ByteSet = std::bitset<256>;

bool IsLower(int c) { return c >= 'a' && c <= 'z'; }
bool IsUpper(int c) { return c >= 'A' && c <= 'Z'; }
bool IsDigit(int c) { return c >= '0' && c <= '9'; }
bool IsPrint(int c) { return c >= 0x20 && c <= 0x7e; }
// git's own, in which neither a vertical tab nor a form feed is space.
bool IsSpace(int c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool IsAlpha(int c) { return IsLower(c) || IsUpper(c); }
bool IsAlnum(int c) { return IsAlpha(c) || IsDigit(c); }

struct ByteClass {
  std::string_view name;
  bool (*holds)(int c);
};

constexpr ByteClass kClasses[] = {
    {"alnum", IsAlnum},
    {"alpha", IsAlpha},
    {"blank", [](int c) { return c == ' ' || c == '\t'; }},
    {"cntrl", [](int c) { return c < 0x20 || c == 0x7f; }},
    {"digit", IsDigit},
    {"graph", [](int c) { return IsPrint(c) && !IsSpace(c); }},
    {"lower", IsLower},
    {"print", IsPrint},
    {"punct", [](int c) { return IsPrint(c) && c != ' ' && !IsAlnum(c); }},
    {"space", IsSpace},
    {"upper", IsUpper},
    {"xdigit",
     [](int c) { return IsDigit(c) || (IsAlpha(c) && (c | 0x20) <= 'f'); }},
};

// Reads what stands between '[' and ']'.
class SetReader {
 public:
  // `at` is behind the '['.
  SetReader(std::string_view pattern, size_t at, CaseRule case_rule)
      : pattern_(pattern), at_(at), case_rule_(case_rule) {}

  // Returns whether the set is whole and its classes are known. Then at() is
  // behind the ']'.
  bool Read() {
    const bool negated = Peek() == '^' || Peek() == '!';
    if (negated) ++at_;
    do {
      if (!ReadMember()) return false;
    } while (Peek() != ']');
    ++at_;
    if (negated) members_.flip();
    members_.reset('/');
    return true;
  }
  const ByteSet& members() const { return members_; }
  size_t at() const { return at_; }

 private:
  // 0 at the end, which no pattern holds.
  unsigned char Peek(size_t ahead = 0) const {
    return at_ + ahead < pattern_.size()
               ? static_cast<unsigned char>(pattern_[at_ + ahead])
               : 0;
  }

  bool ReadMember() {
    const unsigned char c = Peek();
    if (c == 0) return false;
    if (c == '-' && before_ != 0 && Peek(1) != 0 && Peek(1) != ']') {
      return ReadRange();
    }
    if (c == '[' && Peek(1) == ':') {
      const size_t end = pattern_.find(']', at_ + 2);
      if (end == std::string_view::npos) return false;
      // Without a ":]" the '[' is one like any other byte.
      if (end > at_ + 2 && pattern_[end - 1] == ':') return ReadClass(end);
    }
    if (c == '\\') ++at_;
    if (Peek() == 0) return false;
    before_ = Peek();
    members_.set(before_);
    ++at_;
    return true;
  }

  bool ReadRange() {
    ++at_;
    if (Peek() == '\\') ++at_;
    const unsigned char last = Peek();
    if (last == 0) return false;
    for (unsigned c = before_; c <= last; ++c) {
      members_.set(c);
      // A name is folded before it is looked up; a range knows both cases.
      if (case_rule_ == CaseRule::kIgnore && IsUpper(static_cast<int>(c))) {
        members_.set(c | 0x20);
      }
    }
    before_ = 0;
    ++at_;
    return true;
  }

  bool ReadClass(size_t end) {
    const std::string_view name = pattern_.substr(at_ + 2, end - 1 - at_ - 2);
    for (const ByteClass& one : kClasses) {
      if (one.name != name) continue;
      const bool both = case_rule_ == CaseRule::kIgnore && name == "upper";
      for (int c = 0; c < 256; ++c) {
        if (one.holds(c) || (both && IsLower(c))) members_.set(c);
      }
      before_ = 0;
      at_ = end + 1;
      return true;
    }
    return false;
  }

  std::string_view pattern_;
  size_t at_;
  CaseRule case_rule_;
  unsigned char before_ = 0;  // which a '-' makes a range; 0: none
  ByteSet members_;
};

}  // namespace

bool WildPattern::AddSet(std::string_view pattern, size_t& at) {
  SetReader reader(pattern, at + 1, case_rule_);
  if (!reader.Read()) return false;
  tokens_.push_back(
      {.part = Part::kSet, .set = static_cast<uint16_t>(sets_.size())});
  sets_.push_back(reader.members());
  at = reader.at();
  return sets_.size() < UINT16_MAX;
}

// "**" is more than '*' only as a whole component.
void WildPattern::AddStars(std::string_view pattern, size_t& at) {
  const size_t begin = at;
  while (at < pattern.size() && pattern[at] == '*') ++at;
  const std::string_view rest = pattern.substr(at);
  const bool begins = begin == 0 || pattern[begin - 1] == '/';
  const bool is_component = at - begin > 1 && begins;
  if (is_component && rest.starts_with('/')) {
    tokens_.push_back({.part = Part::kDirectories});
    ++at;
  } else if (is_component && (rest.empty() || rest.starts_with("\\/"))) {
    tokens_.push_back({.part = Part::kEverything});
  } else {
    tokens_.push_back({.part = Part::kStar});
  }
}

std::optional<WildPattern> WildPattern::Compile(std::string_view pattern,
                                                CaseRule case_rule) {
  WildPattern result(case_rule);
  for (size_t at = 0; at < pattern.size();) {
    const char c = pattern[at];
    if (c == '*') {
      result.AddStars(pattern, at);
    } else if (c == '[') {
      if (!result.AddSet(pattern, at)) return std::nullopt;
    } else if (c == '?') {
      result.tokens_.push_back({.part = Part::kAny});
      ++at;
    } else {
      // git folds the name and what is not escaped, so that an escaped capital
      // matches nothing.
      const bool escaped = c == '\\';
      if (escaped && ++at == pattern.size()) return std::nullopt;
      const char byte = escaped || case_rule == CaseRule::kSensitive
                            ? pattern[at]
                            : FoldCase(pattern[at]);
      result.tokens_.push_back(
          {.part = Part::kByte, .byte = static_cast<unsigned char>(byte)});
      ++at;
    }
  }
  return result;
}

std::optional<char> WildPattern::last_byte() const {
  if (tokens_.empty() || tokens_.back().part != Part::kByte) {
    return std::nullopt;
  }
  return static_cast<char>(tokens_.back().byte);
}

inline bool WildPattern::MatchesByte(const Token& token,
                                     unsigned char byte) const {
  if (case_rule_ == CaseRule::kIgnore) {
    byte = static_cast<unsigned char>(FoldCase(static_cast<char>(byte)));
  }
  switch (token.part) {
    case Part::kByte:
      return byte == token.byte;
    case Part::kAny:
      return byte != '/';
    case Part::kSet:
      return sets_[token.set].test(byte);
    case Part::kStar:
    case Part::kEverything:
    case Part::kDirectories:
      break;
  }
  return false;
}

// Where a part fails, the last '*' takes one byte more; where that is a '/',
// the last "**" does, for which all the stars before it could do no better.
bool WildPattern::Matches(std::string_view text) const {
  // Where to go on, and the text that is tried there next.
  struct Retry {
    size_t token = 0;
    size_t at = std::string_view::npos;
  };
  Retry star;
  Retry deep;
  size_t at = 0;
  size_t token = 0;
  while (true) {
    if (token < tokens_.size()) {
      const Token& now = tokens_[token];
      if (now.part == Part::kStar) {
        star = {++token, at};
        continue;
      }
      if (now.part == Part::kEverything || now.part == Part::kDirectories) {
        deep = {++token, at};
        star = {};
        continue;
      }
      if (at < text.size() &&
          MatchesByte(now, static_cast<unsigned char>(text[at]))) {
        ++token;
        ++at;
        continue;
      }
    } else if (at == text.size()) {
      return true;
    }
    if (star.at < text.size() && text[star.at] != '/') {
      at = ++star.at;
      token = star.token;
      continue;
    }
    if (deep.at >= text.size()) return false;
    if (tokens_[deep.token - 1].part == Part::kDirectories) {
      deep.at = text.find('/', deep.at);
      if (deep.at == std::string_view::npos) return false;
    }
    at = ++deep.at;
    token = deep.token;
    star = {};
  }
}

}  // namespace finder
