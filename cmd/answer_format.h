// How one answer is printed. What is printed is the query's business, and where
// to is the output's.
//
// Immutable; any thread.
#ifndef FINDER_CMD_ANSWER_FORMAT_H_
#define FINDER_CMD_ANSWER_FORMAT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "cmd/command_line.h"
#include "finder/query/query.h"

namespace finder {

// Appends the path of `match`. Relative paths are relative to
// `working_directory`, which is absolute.
void AppendPath(const Match& match, PathStyle style,
                std::string_view working_directory, std::string& out);

// Whether names go to a person's terminal, which must not obey them.
enum class Reader : uint8_t { kProgram, kTerminal };

class AnswerFormat {
 public:
  // `working_directory` is what relative paths are relative to, for
  // PathStyle::kAbsolute.
  AnswerFormat(const OutputOptions& options, Reader reader,
               std::string working_directory);

  // Appends the answer with its terminator.
  void Append(const Match& match, std::string& out) const;

 private:
  void AppendPath(const Match& match, std::string& out) const;

  const OutputFormat format_;
  const PathStyle path_style_;
  const Reader reader_;
  const std::string working_directory_;
};

}  // namespace finder

#endif  // FINDER_CMD_ANSWER_FORMAT_H_
