#include "finder/expression/permission_test.h"

#include <charconv>

namespace finder {
namespace {

constexpr uint32_t kAllBits = 07777;
constexpr uint32_t kSetUser = 04000;
constexpr uint32_t kSetGroup = 02000;
constexpr uint32_t kSticky = 01000;
constexpr uint32_t kOctalDigit = 7;

// A symbolic mode as chmod(1) has it, applied to no bits at all, whatever the
// umask is.
class SymbolicMode {
 public:
  SymbolicMode(std::string_view text, bool is_directory)
      : rest_(text), is_directory_(is_directory) {}

  std::optional<uint32_t> Parse() {
    do {
      if (!ParseClause()) return std::nullopt;
    } while (Take(','));
    if (!rest_.empty()) return std::nullopt;
    return bits_;
  }

 private:
  bool Take(char c) {
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  char Peek() const { return rest_.empty() ? '\0' : rest_[0]; }

  // What u, g and o stand for; 0 for other letters.
  static uint32_t WhoBits(char letter) {
    switch (letter) {
      case 'u':
        return kSetUser | 0700;
      case 'g':
        return kSetGroup | 0070;
      case 'o':
        return kSticky | 0007;
      case 'a':
        return kAllBits;
      default:
        return 0;
    }
  }

  bool ParseClause() {
    uint32_t who = 0;
    while (const uint32_t more = WhoBits(Peek())) {
      who |= more;
      rest_.remove_prefix(1);
    }
    if (who == 0) who = kAllBits;
    bool acted = false;
    for (char c = Peek(); c == '+' || c == '-' || c == '='; c = Peek()) {
      rest_.remove_prefix(1);
      acted = true;
      const std::optional<uint32_t> what = ParseWhat(who);
      if (!what) return false;
      Apply(c, who, *what);
    }
    return acted;
  }

  // The bits behind an operator, in all three places.
  std::optional<uint32_t> ParseWhat(uint32_t who) {
    if (Peek() >= '0' && Peek() <= '7') return ParseOctal();
    if (Peek() == 'u' || Peek() == 'g' || Peek() == 'o') {
      return Copy(TakeLetter());
    }
    uint32_t bits = 0;
    while (true) {
      switch (Peek()) {
        case 'r':
          bits |= 0444;
          break;
        case 'w':
          bits |= 0222;
          break;
        case 'x':
          bits |= 0111;
          break;
        case 'X':
          if (is_directory_ || (bits_ & 0111) != 0) bits |= 0111;
          break;
        case 's':
          bits |= kSetUser | kSetGroup;
          break;
        case 't':
          bits |= kSticky;
          break;
        default:
          // The sticky bit belongs to all, or to o.
          return bits & who;
      }
      rest_.remove_prefix(1);
    }
  }

  std::optional<uint32_t> ParseOctal() {
    uint32_t bits = 0;
    const char* const end = rest_.data() + rest_.size();
    const auto [at, error] = std::from_chars(rest_.data(), end, bits, 8);
    if (error != std::errc() || bits > kAllBits) return std::nullopt;
    rest_.remove_prefix(static_cast<size_t>(at - rest_.data()));
    return bits;
  }

  char TakeLetter() {
    const char letter = rest_[0];
    rest_.remove_prefix(1);
    return letter;
  }

  // What u, g or o have so far, for all three.
  uint32_t Copy(char from) const {
    const uint32_t shift = from == 'u' ? 6 : from == 'g' ? 3 : 0;
    return ((bits_ >> shift) & kOctalDigit) * 0111;
  }

  void Apply(char operation, uint32_t who, uint32_t what) {
    what &= who;
    if (operation == '+') bits_ |= what;
    if (operation == '-') bits_ &= ~what;
    if (operation == '=') bits_ = (bits_ & ~who) | what;
  }

  std::string_view rest_;
  const bool is_directory_;
  uint32_t bits_ = 0;
};

std::optional<uint32_t> ParseMode(std::string_view text, bool is_directory) {
  if (text.empty()) return std::nullopt;
  // Once meant what '/' means now; find refuses it so that nobody is surprised.
  if (text[0] == '+' && text.size() > 1 && text[1] >= '0' && text[1] <= '7') {
    return std::nullopt;
  }
  if (text[0] < '0' || text[0] > '7') {
    return SymbolicMode(text, is_directory).Parse();
  }
  uint32_t bits = 0;
  const char* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, bits, 8);
  if (error != std::errc() || at != end || bits > kAllBits) return std::nullopt;
  return bits;
}

}  // namespace

std::optional<PermissionTest> PermissionTest::Parse(std::string_view text) {
  PermissionTest test;
  if (text.starts_with('-')) test.match = Match::kAllOf;
  if (text.starts_with('/')) test.match = Match::kAnyOf;
  if (test.match != Match::kExactly) text.remove_prefix(1);
  const auto file_bits = ParseMode(text, false);
  const auto directory_bits = ParseMode(text, true);
  if (!file_bits || !directory_bits) return std::nullopt;
  test.file_bits = *file_bits;
  test.directory_bits = *directory_bits;
  return test;
}

bool PermissionTest::Matches(uint32_t mode, bool is_directory) const {
  const uint32_t bits = is_directory ? directory_bits : file_bits;
  switch (match) {
    case Match::kExactly:
      return (mode & kAllBits) == bits;
    case Match::kAllOf:
      return (mode & bits) == bits;
    case Match::kAnyOf:
      return bits == 0 || (mode & bits) != 0;
  }
  return false;
}

}  // namespace finder
