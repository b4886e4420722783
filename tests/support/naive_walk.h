// What a view and a query mean, said as plainly as can be: walk every
// directory by its absolute path, remember nothing, sort at the end. The
// finder is compared with this; it shares no code with it below fs/.
//
// Of a query only `types` is looked at: the rest has an oracle of its own.
// Thread-compatible.
#ifndef FINDER_TESTS_SUPPORT_NAIVE_WALK_H_
#define FINDER_TESTS_SUPPORT_NAIVE_WALK_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "finder/diagnostics.h"
#include "finder/query/query.h"
#include "finder/view/view.h"
#include "fs/file_system.h"

namespace finder {

struct NaiveAnswer {
  bool ok = false;                      // false: a root cannot be opened
  std::vector<std::string> lines;       // as RunResult::lines of one query
  std::vector<Diagnostic> diagnostics;  // sorted
};

NaiveAnswer NaiveWalk(FileSystem& files, std::string_view working_directory,
                      const View& view, const TypeSet& types);

}  // namespace finder

#endif  // FINDER_TESTS_SUPPORT_NAIVE_WALK_H_
