// What tells one query from all others, as text. Part of the keys of kept
// answers (doc/answers_format.md).
//
// Pure; any thread.
#ifndef FINDER_FINDER_FIELDS_QUERY_TEXT_H_
#define FINDER_FINDER_FIELDS_QUERY_TEXT_H_

#include <string>

#include "finder/query/query.h"

namespace finder {

// The same text for queries with the same answers by construction: a line for
// each field that is set, in the order of the table, lists sorted.
std::string CanonicalText(const Query& query);

}  // namespace finder

#endif  // FINDER_FINDER_FIELDS_QUERY_TEXT_H_
