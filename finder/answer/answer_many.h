// Runs several queries over a finished tree in one pass: each segment of the
// tree is read once, while it is in the processor's cache, for all of them.
// Internal to the facade; finder/answer/answer.h is for one query. One thread
// calls.
#ifndef FINDER_FINDER_ANSWER_ANSWER_MANY_H_
#define FINDER_FINDER_ANSWER_ANSWER_MANY_H_

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "finder/query/query.h"
#include "finder/threads/thread_pool.h"
#include "finder/tree/directory_tree.h"

namespace finder {

// One of several queries, and what to do with its answers. `query` is not
// owned. `format` and `write` are as those of Finder::Answer; a `write` that
// returns false ends this query only.
struct QueryOutput {
  const CompiledQuery* query = nullptr;
  std::function<void(const Match&, std::string& out)> format;
  std::function<bool(std::string_view)> write;
  uint64_t answers = 0;  // set by the run
};

// See Finder::AnswerAll. `directories`: about how many the tree has.
void AnswerQueries(const DirectoryTree& tree, std::span<QueryOutput> outputs,
                   ThreadPool& pool, unsigned workers, uint64_t directories);

}  // namespace finder

#endif  // FINDER_FINDER_ANSWER_ANSWER_MANY_H_
