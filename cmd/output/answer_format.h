// The printed form of one answer. The query selects the answers, and the output
// takes them.
//
// Immutable once it is set up; any thread.
#ifndef FINDER_CMD_OUTPUT_ANSWER_FORMAT_H_
#define FINDER_CMD_OUTPUT_ANSWER_FORMAT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "cmd/options/command_line.h"
#include "cmd/output/ls_colors.h"
#include "finder/query/query.h"

namespace finder {

// Whether PathStyle::kWithDot puts "./" before `path`: not if it is absolute,
// or begins with ".." or "./".
bool TakesDot(std::string_view path);

// Appends the path of `match`. Relative paths are relative to
// `working_directory`, which is absolute.
void AppendPath(const Match& match, PathStyle style,
                std::string_view working_directory, std::string& out);

// Who reads the names: a terminal must not obey control characters in them.
enum class Reader : uint8_t { kProgram, kTerminal };

class AnswerFormat {
 public:
  // `working_directory` is what relative paths are relative to, for
  // PathStyle::kAbsolute. `colors` are for lines: one for the directory of an
  // answer, and one for its name.
  AnswerFormat(const OutputOptions& options, Reader reader,
               std::string working_directory,
               std::optional<LsColors> colors = std::nullopt);

  // From now on each line is a link (OSC 8) to its file on `host`.
  void LinkTo(std::string host) {
    link_host_ = std::move(host);
    is_plain_ = false;
  }

  // Appends the answer with its terminator.
  void Append(const Match& match, std::string& out) const;

 private:
  void AppendPath(const Match& match, std::string& out) const;
  // The path as a terminal shows it.
  void AppendShown(const Match& match, std::string& out) const;
  void AppendLink(const Match& match, std::string& out) const;
  void AppendColored(std::string_view color, std::string_view text,
                     std::string& out) const;

  const OutputFormat format_;
  const PathStyle path_style_;
  const Reader reader_;
  const std::string working_directory_;
  const std::optional<LsColors> colors_;
  std::optional<std::string> link_host_;
  bool is_plain_;  // lines are the bytes of the path
};

}  // namespace finder

#endif  // FINDER_CMD_OUTPUT_ANSWER_FORMAT_H_
