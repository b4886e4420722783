// The meaning of a view and a query, as plain code: walk every directory by its
// absolute path, remember nothing, sort at the end. Tests compare the finder
// with this; the two share only fs/.
//
// It applies only `types` of a query: the rest has an oracle of its own.
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
