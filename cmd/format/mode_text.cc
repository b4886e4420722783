#include "cmd/format/mode_text.h"

namespace finder {
namespace {

// Numbers of POSIX's <sys/stat.h> as Linux has them; a mode comes as a number.
constexpr uint32_t kTypeMask = 0170000;
constexpr uint32_t kSetUser = 04000;
constexpr uint32_t kSetGroup = 02000;
constexpr uint32_t kSticky = 01000;

struct TypeLetters {
  uint32_t type;
  char of_find;
  char of_list;
};

constexpr TypeLetters kTypes[] = {
    {0100000, 'f', '-'}, {0040000, 'd', 'd'}, {0120000, 'l', 'l'},
    {0010000, 'p', 'p'}, {0140000, 's', 's'}, {0060000, 'b', 'b'},
    {0020000, 'c', 'c'},
};

// The letter of execution: `special` if the bit beside it is set, too, and in
// upper case if only that is.
char ExecuteLetter(bool may_execute, bool is_special, char special) {
  if (!is_special) return may_execute ? 'x' : '-';
  return may_execute ? special : static_cast<char>(special - 'a' + 'A');
}

}  // namespace

char TypeLetter(uint32_t mode) {
  for (const TypeLetters& letters : kTypes) {
    if (letters.type == (mode & kTypeMask)) return letters.of_find;
  }
  return 'U';
}

std::string ModeText(uint32_t mode) {
  std::string text = "?";
  for (const TypeLetters& letters : kTypes) {
    if (letters.type == (mode & kTypeMask)) text[0] = letters.of_list;
  }
  const auto flag = [mode](uint32_t bit) { return (mode & bit) != 0; };
  for (const uint32_t shift : {6, 3, 0}) {
    text += flag(4u << shift) ? 'r' : '-';
    text += flag(2u << shift) ? 'w' : '-';
    const bool may_execute = flag(1u << shift);
    if (shift == 6) text += ExecuteLetter(may_execute, flag(kSetUser), 's');
    if (shift == 3) text += ExecuteLetter(may_execute, flag(kSetGroup), 's');
    if (shift == 0) text += ExecuteLetter(may_execute, flag(kSticky), 't');
  }
  return text;
}

}  // namespace finder
