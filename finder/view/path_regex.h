// A regular expression over paths. With regex_literals.h the only user of RE2.
//
// A path is bytes. Where they are valid UTF-8, '.' is a character; where they
// are not, it is a byte, so that `^src/.*\.c$` finds a name of any bytes. A
// newline is a byte like any other.
//
// Immutable; const use from any thread.
#ifndef FINDER_FINDER_VIEW_PATH_REGEX_H_
#define FINDER_FINDER_VIEW_PATH_REGEX_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "finder/view/ascii_case.h"

namespace finder {

class PathRegex {
 public:
  // Fails with InvalidArgument; the message names the expression, the
  // offending part and its position, counted from 1.
  static absl::StatusOr<PathRegex> Compile(std::string_view pattern,
                                           CaseRule case_rule);
  PathRegex(PathRegex&&) noexcept;
  PathRegex& operator=(PathRegex&&) noexcept;
  ~PathRegex();

  // Whether a part of `path` matches.
  bool Matches(std::string_view path) const;

  // Bytes without '/' at the end of every path that matches; empty if not
  // known.
  const std::string& required_suffix() const { return required_suffix_; }

  // Every path that matches holds one of these texts within a component, its
  // ASCII letters in either case; empty if not known.
  const std::vector<std::string>& required_literals() const {
    return required_literals_;
  }

 private:
  struct Engines;
  explicit PathRegex(std::unique_ptr<const Engines> engines);
  static std::vector<std::string> LiteralsOf(const Engines& engines,
                                             std::string_view pattern);

  std::unique_ptr<const Engines> engines_;
  std::string required_suffix_;
  std::vector<std::string> required_literals_;
};

}  // namespace finder

#endif  // FINDER_FINDER_VIEW_PATH_REGEX_H_
