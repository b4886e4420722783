// -regex: a regular expression of one of the syntaxes of GNU find, matched by
// the C library as GNU find does. The main command's --regex is another one
// (finder/view/path_regex.h).
//
// Immutable; any thread, though the C library lets one at a time match.
#ifndef FINDER_FINDER_EXPRESSION_PATH_EXPRESSION_H_
#define FINDER_FINDER_EXPRESSION_PATH_EXPRESSION_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "finder/expression/name_pattern.h"

struct re_pattern_buffer;

namespace finder {

// The names that -regextype takes, "emacs" first, which is the default.
std::string RegexTypeNames();
// The bits of a syntax for the C library; none if there is no such name.
std::optional<uint64_t> RegexSyntax(std::string_view type);

class PathExpression {
 public:
  // Fails with InvalidArgument, and the C library's reason. One thread at a
  // time.
  static absl::StatusOr<PathExpression> Compile(std::string_view pattern,
                                                uint64_t syntax,
                                                LetterCase letter_case);
  // Whether it matches all of `path`.
  bool Matches(std::string_view path) const;

 private:
  explicit PathExpression(std::shared_ptr<re_pattern_buffer> compiled)
      : compiled_(std::move(compiled)) {}

  std::shared_ptr<re_pattern_buffer> compiled_;
};

}  // namespace finder

#endif  // FINDER_FINDER_EXPRESSION_PATH_EXPRESSION_H_
