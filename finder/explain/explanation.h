// Explains why a view and a query show or hide one path: the verdict of each
// root, rule and filter on the way to it. It looks at the disk along that way,
// not at a database, and applies the rules one by one, without the scanner;
// tests hold both to the same verdict.
//
// A pure function of its arguments and of the disk; any thread.
#ifndef FINDER_FINDER_EXPLAIN_EXPLANATION_H_
#define FINDER_FINDER_EXPLAIN_EXPLANATION_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "finder/ignore/ignore_settings.h"
#include "finder/query/query.h"
#include "finder/view/view.h"
#include "fs/clock.h"
#include "fs/file_system.h"

namespace finder {

// Owns nothing that it points to.
struct ExplainRequest {
  FileSystem* files = nullptr;
  const View* view = nullptr;    // with at least one root
  const Query* query = nullptr;  // without max_results
  std::string path;
  std::string working_directory;  // absolute
  IgnoreSettings ignore = {};     // for View::ignore_files
  Clock* clock = nullptr;         // for filters by time
};

struct Explanation {
  std::vector<std::string> steps;  // lines, in the order of the way
  bool shown = false;
  std::string reason;  // if hidden: what hides it
};

// Fails with InvalidArgument if a rule is malformed or the path lies outside of
// every root, and with NotFound if a root is missing.
absl::StatusOr<Explanation> ExplainPath(const ExplainRequest& request);

}  // namespace finder

#endif  // FINDER_FINDER_EXPLAIN_EXPLANATION_H_
