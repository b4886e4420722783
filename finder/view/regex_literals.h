// The literals that every match of a regular expression must hold, by RE2's own
// analysis, so that the expression need not see names without them.
//
// Pure; any thread.
#ifndef FINDER_FINDER_VIEW_REGEX_LITERALS_H_
#define FINDER_FINDER_VIEW_REGEX_LITERALS_H_

#include <string>
#include <string_view>
#include <vector>

#include "re2/re2.h"

namespace finder {

// Every path that matches holds at least one of these texts, its ASCII letters
// in either case; empty if not known. They are two bytes or more of printable
// ASCII without '/', in lower case, so that each lies within one component of a
// path. REQUIRES: the expression compiles with `options`.
std::vector<std::string> RequiredLiterals(std::string_view pattern,
                                          const RE2::Options& options);

}  // namespace finder

#endif  // FINDER_FINDER_VIEW_REGEX_LITERALS_H_
