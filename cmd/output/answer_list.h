// All answers of a query in memory, for uses that cannot print them as they
// come: to compare two runs, and to sort paths whose printed form is not in the
// order of the walk. Costs the bytes of the paths and 24 bytes more for each
// answer.
//
// Thread-compatible.
#ifndef FINDER_CMD_OUTPUT_ANSWER_LIST_H_
#define FINDER_CMD_OUTPUT_ANSWER_LIST_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "cmd/options/command_line.h"
#include "finder/facade/finder.h"
#include "finder/query/query.h"

namespace finder {

class AnswerList {
 public:
  // Answers `query`. REQUIRES: `finder` has scanned. The paths are in `style`,
  // sorted by their bytes, without repetitions.
  AnswerList(Finder& finder, const CompiledQuery& query, PathStyle style,
             const std::string& working_directory);
  AnswerList(AnswerList&&) = default;

  struct Answer {
    std::string_view path;
    EntryKind kind;
    friend bool operator==(const Answer&, const Answer&) = default;
    friend bool operator<(const Answer& a, const Answer& b) {
      return std::tie(a.path, a.kind) < std::tie(b.path, b.kind);
    }
  };
  const std::vector<Answer>& answers() const { return answers_; }

 private:
  // Each answer as its path, a NUL and a letter. On the heap, so that the views
  // into it survive a move.
  std::vector<char> bytes_;
  std::vector<Answer> answers_;
};

// Whether the order of the printed paths is not that of the walk, so that an
// AnswerList is needed to print them.
bool NeedsSorting(const CommandLine& command);

}  // namespace finder

#endif  // FINDER_CMD_OUTPUT_ANSWER_LIST_H_
