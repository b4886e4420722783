// A depfile: the directories that an answer depends on, in the syntax of
// Makefiles, so that GNU make and ninja read the same names. doc/plan.md says
// which directories these are and which names cannot be written.
//
// Pure; any thread.
#ifndef FINDER_FINDER_ANSWER_DEPFILE_H_
#define FINDER_FINDER_ANSWER_DEPFILE_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "finder/query/query.h"
#include "finder/tree/directory_tree.h"

namespace finder {

// Visits the paths of the directories of a finished tree whose change could
// change the answer of any of the queries: those that the view looks into, and
// those that a prune file hides, as far as `at` and the depths let an answer
// come from there. Each comes once. `path` chooses the spelling of roots:
// &Root::path or &Root::absolute.
void VisitWatchedDirectories(const DirectoryTree& tree,
                             std::span<const Query* const> queries,
                             std::string Root::*path,
                             absl::FunctionRef<void(std::string_view)> visit);

// When the tools run finder again: if a directory has changed, or always.
enum class Asking : uint8_t { kIfChanged, kAlways };

// Takes a depfile piece by piece; false stops.
using WriteDepfileText = absl::FunctionRef<bool(std::string_view)>;

// Calls back for each of some directories, the same ones in the same order each
// time: it is called twice.
using VisitDirectories =
    absl::FunctionRef<void(absl::FunctionRef<void(std::string_view)> visit)>;

// Writes `targets: directories`, and an empty rule for each directory, so that
// make does not stop at one that has vanished. The text grows with the tree, so
// it is never held as a whole: a comparison with the old file stays in the
// processor's cache. Returns the paths that no depfile can hold; the depfile
// then names a file that never exists instead, so that the tools ask again
// every time.
std::vector<std::string> WriteDepfile(const std::vector<std::string>& targets,
                                      VisitDirectories directories,
                                      WriteDepfileText write,
                                      Asking asking = Asking::kIfChanged);
// The same for the directories that VisitWatchedDirectories finds, and the
// ignore files that were read: an edit of one moves no directory's stamp.
std::vector<std::string> WriteDepfile(const std::vector<std::string>& targets,
                                      const DirectoryTree& tree,
                                      std::span<const Query* const> queries,
                                      std::string Root::*path,
                                      WriteDepfileText write,
                                      Asking asking = Asking::kIfChanged);

// Whether `target` can be the name of a target.
bool IsWritableTarget(std::string_view target);

}  // namespace finder

#endif  // FINDER_FINDER_ANSWER_DEPFILE_H_
