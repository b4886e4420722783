// Options of find, fd and ripgrep that finder does not have, and what to do
// instead, in one table: cmd/options/foreign_option.cc.
//
// Pure constants; any thread.
#ifndef FINDER_CMD_OPTIONS_FOREIGN_OPTION_H_
#define FINDER_CMD_OPTIONS_FOREIGN_OPTION_H_

#include <span>
#include <string_view>

namespace finder {

struct ForeignOption {
  // Comma-separated, with their dashes. Where programs mean different things by
  // one spelling, it is in the row of the one that lists files.
  std::string_view spellings;
  // A clause without a dot: what finder does or has instead.
  std::string_view answer;
};
std::span<const ForeignOption> ForeignOptions();

// The answer for `spelling`; empty if there is none.
std::string_view ForeignAnswer(std::string_view spelling);

}  // namespace finder

#endif  // FINDER_CMD_OPTIONS_FOREIGN_OPTION_H_
