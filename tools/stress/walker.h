// The other opinion: a walk that shares no code with the finder, as plain as
// can be, one lstat for each entry. What it finds is what the finder must say.
#ifndef FINDER_TOOLS_STRESS_WALKER_H_
#define FINDER_TOOLS_STRESS_WALKER_H_

#include <string>
#include <vector>

#include "finder/query/query.h"
#include "finder/view/view.h"

namespace finder {

// The answers of a view and a set of types, each ended by a NUL, in byte order
// of the printed path. Relative roots are below `top`. `exclude_dirs` are taken
// as exact names, and as exact paths below a root. None of the query's other
// filters is looked at. `doubtful` becomes what the file system contradicts
// itself about, each a printed path and a '/': directories that are listed and
// cannot be opened, and entries of another kind than listed.
std::string Walk(const std::string& top, const View& view, const TypeSet& types,
                 std::vector<std::string>& doubtful);

}  // namespace finder

#endif  // FINDER_TOOLS_STRESS_WALKER_H_
