// The colours that LS_COLORS gives to names, as far as a name and its type
// decide, for a terminal.
//
// The keys di, ln, fi, no, rs and *SUFFIX count. Ignored are keys that would
// cost a stat for each answer (ex, su, sg, ca, mh, st, ow, tw, or, mi) or need
// a type that a listing does not have (pi, so, do, bd, cd). As with ls, a
// missing key keeps its default, and the last of several suffixes that fit
// wins. Case does not matter in a suffix. A value may have only digits and
// semicolons, so that no other escape gets out.
//
// Immutable; any thread.
#ifndef FINDER_CMD_OUTPUT_LS_COLORS_H_
#define FINDER_CMD_OUTPUT_LS_COLORS_H_

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cmd/options/command_line.h"
#include "cmd/program.h"
#include "finder/query/query.h"

namespace finder {

class LsColors {
 public:
  // `text` is the value of LS_COLORS; empty for the defaults of ls.
  explicit LsColors(std::string_view text);

  // The colour of an answer called `name`, as the parameters of an SGR escape
  // (ECMA-48, 8.3.117): "01;34". Empty: none.
  std::string_view Of(EntryKind kind, std::string_view name) const;
  std::string_view directory() const { return directory_; }

  // Appends `shown` in that colour.
  void Append(std::string_view color, std::string_view shown,
              std::string& out) const;

 private:
  struct Suffix {
    std::string bytes;  // in lower case
    std::string color;
  };

  void Set(std::string_view key, std::string_view color);

  std::string directory_ = "01;34";
  std::string symlink_ = "01;36";
  std::string reset_ = "0";
  std::optional<std::string> file_;
  std::string normal_;
  // By their last byte, in order.
  std::array<std::vector<Suffix>, 256> suffixes_;
};

// The colours for standard output, or none. With When::kAuto a terminal that
// can show colours gets them, unless NO_COLOR has a value (no-color.org).
std::optional<LsColors> ChooseColors(When when, bool on_terminal,
                                     const Variables& variables);

}  // namespace finder

#endif  // FINDER_CMD_OUTPUT_LS_COLORS_H_
