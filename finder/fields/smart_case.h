// --smart-case: whether case matters is told by how the patterns are written.
// Pure; any thread.
#ifndef FINDER_FINDER_FIELDS_SMART_CASE_H_
#define FINDER_FINDER_FIELDS_SMART_CASE_H_

#include "finder/query/query.h"
#include "finder/view/ascii_case.h"

namespace finder {

// kSensitive if one of the query's patterns that go by its case rule has a
// letter from A to Z, else kIgnore. Of a regular expression the letters of
// escapes (\W), of classes (\pL) and of names of groups do not count.
CaseRule SmartCaseRule(const Query& query);

}  // namespace finder

#endif  // FINDER_FINDER_FIELDS_SMART_CASE_H_
