#include "finder/expression/path_expression.h"

#include <regex.h>

#include <limits>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace finder {
namespace {

struct RegexType {
  std::string_view name;
  reg_syntax_t syntax;
};

constexpr RegexType kTypes[] = {
    {"emacs", RE_SYNTAX_EMACS},
    {"findutils-default", RE_SYNTAX_EMACS | RE_DOT_NEWLINE},
    {"ed", RE_SYNTAX_ED},
    {"sed", RE_SYNTAX_SED},
    {"grep", RE_SYNTAX_GREP},
    {"egrep", RE_SYNTAX_EGREP},
    {"awk", RE_SYNTAX_AWK},
    {"gnu-awk", RE_SYNTAX_GNU_AWK},
    {"posix-awk", RE_SYNTAX_POSIX_AWK},
    {"posix-basic", RE_SYNTAX_POSIX_BASIC},
    {"posix-egrep", RE_SYNTAX_POSIX_EGREP},
    {"posix-extended", RE_SYNTAX_POSIX_EXTENDED},
    {"posix-minimal-basic", RE_SYNTAX_POSIX_MINIMAL_BASIC},
};

}  // namespace

std::string RegexTypeNames() {
  std::string names;
  for (const RegexType& type : kTypes) {
    if (!names.empty()) names += ", ";
    names += type.name;
  }
  return names;
}

std::optional<uint64_t> RegexSyntax(std::string_view type) {
  for (const RegexType& known : kTypes) {
    if (known.name == type) return known.syntax;
  }
  return std::nullopt;
}

absl::StatusOr<PathExpression> PathExpression::Compile(std::string_view pattern,
                                                       uint64_t syntax,
                                                       LetterCase letter_case) {
  std::shared_ptr<re_pattern_buffer> compiled(new re_pattern_buffer(),
                                              [](re_pattern_buffer* buffer) {
                                                regfree(buffer);
                                                delete buffer;
                                              });
  if (letter_case == LetterCase::kFold) syntax |= RE_ICASE;
  // The C library takes the syntax from a variable of its own.
  const reg_syntax_t before = re_set_syntax(syntax);
  const char* const problem =
      re_compile_pattern(pattern.data(), pattern.size(), compiled.get());
  re_set_syntax(before);
  if (problem != nullptr) return absl::InvalidArgumentError(problem);
  return PathExpression(std::move(compiled));
}

bool PathExpression::Matches(std::string_view path) const {
  if (path.size() > std::numeric_limits<regoff_t>::max()) return false;
  const auto size = static_cast<regoff_t>(path.size());
  return re_match(compiled_.get(), path.data(), size, 0, nullptr) == size;
}

}  // namespace finder
