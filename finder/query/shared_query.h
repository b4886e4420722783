// One of several queries that are answered by one walk (CompiledQuery::Shared).
#ifndef FINDER_FINDER_QUERY_SHARED_QUERY_H_
#define FINDER_FINDER_QUERY_SHARED_QUERY_H_

#include <vector>

#include "finder/query/query.h"
#include "finder/tree/directory_tree.h"

namespace finder {

// Says which answers of the shared query are this one's. It remembers where it
// was asked last: to be asked in the order of the walk, for one segment.
//
// One thread. The query must outlive it.
class SharedQueryMember {
 public:
  explicit SharedQueryMember(const CompiledQuery& query) : query_(query) {}

  bool Accepts(const Match& match);

 private:
  // A directory on the way from the root to where we are.
  struct Level {
    const Directory* directory;
    bool has_answers;  // itself, or one above it
  };

  bool LiesAt(const Match& match) const;
  // Whether a directory above `d` has answers, so that a walk for the first
  // ones does not come to `d`.
  bool IsBelowAnswers(const Directory& d);

  const CompiledQuery& query_;
  std::vector<Level> levels_;            // from the root on
  std::vector<const Directory*> above_;  // those above what is asked about
};

}  // namespace finder

#endif  // FINDER_FINDER_QUERY_SHARED_QUERY_H_
