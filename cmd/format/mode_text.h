// The letters for a file's type and permissions. Pure functions; any thread.
#ifndef FINDER_CMD_FORMAT_MODE_TEXT_H_
#define FINDER_CMD_FORMAT_MODE_TEXT_H_

#include <cstdint>
#include <string>

namespace finder {

// The letter of find's -type for the type in a mode: f, d, l, p, s, b, c, D;
// 'U' if it is none of them.
char TypeLetter(uint32_t mode);

// As `ls -l` shows it: "drwxr-sr-t".
std::string ModeText(uint32_t mode);

}  // namespace finder

#endif  // FINDER_CMD_FORMAT_MODE_TEXT_H_
