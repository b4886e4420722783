// The depfiles that compilers write (-MD, -MF): make's syntax, as far as they
// use it. Written depfiles are finder/answer/depfile.h.
//
// Pure; any thread.
#ifndef FINDER_FINDER_RESULTS_DEPFILE_READER_H_
#define FINDER_FINDER_RESULTS_DEPFILE_READER_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace finder {

// The prerequisites of all rules, each once, in order of appearance. Knows "\ "
// and "\#" and "$$", lines that go on behind a backslash, several targets, the
// empty rules of -MP, comments, and backslashes that stand for themselves.
// InvalidArgument with the line for a text without a rule, with a NUL, or with
// a name that make would have to expand.
absl::StatusOr<std::vector<std::string>> ReadDepfile(std::string_view text);

}  // namespace finder

#endif  // FINDER_FINDER_RESULTS_DEPFILE_READER_H_
